//! Prints the figures of an image that lies on this machine: sizes, layers, waste, dive's figures. What benches measure until
//! it is `jettison analyze`.

use std::fmt::Write as _;
use std::process::ExitCode;

use jettison_image::{Dive, Stack, shown_path};
use jettison_transport::{OpenOptions, Source, open};

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let verify = !arguments.iter().any(|argument| argument == "--no-verify-digests");
    arguments.retain(|argument| argument != "--no-verify-digests");
    let Some(text) = arguments.first() else {
        eprintln!("usage: figures IMAGE [REFERENCE] [--no-verify-digests]");
        return ExitCode::from(2);
    };
    match figures(text, arguments.get(1).map(String::as_str), verify) {
        Ok(report) => {
            print!("{report}");
            // What is left goes with the process.
            std::process::exit(0)
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn figures(text: &str, reference: Option<&str>, verify: bool) -> Result<String, Box<dyn std::error::Error>> {
    let image = open(&Source::parse(text)?, &OpenOptions { reference, verify, ..OpenOptions::default() })?;
    let indexes = image.indexes();
    let stack = Stack::new(&indexes)?;
    let dive = Dive::of(&indexes);
    let mut out = String::new();
    let (waste, causes) = (&stack.waste, &stack.waste.by_cause);
    writeln!(out, "total_file_bytes {}", waste.total_file_bytes)?;
    writeln!(out, "final_bytes {}", waste.final_bytes)?;
    writeln!(out, "unpacked_bytes {}", image.unpacked_bytes())?;
    writeln!(out, "compressed_bytes {}", image.compressed_bytes())?;
    writeln!(
        out,
        "wasted_bytes {} overwritten {} metadata_only {} duplicate {} deleted {}",
        waste.wasted_bytes, causes.overwritten, causes.metadata_only, causes.duplicate, causes.deleted
    )?;
    let tree = &stack.tree;
    writeln!(
        out,
        "tree names {} regular {} symlinks {} special {} directories {}",
        tree.names, tree.regular_inodes, tree.symlinks, tree.special, tree.directories
    )?;
    for (layer, counts) in image.layers.iter().zip(&stack.layers) {
        let diff_id = layer.index.diff_id.as_ref().map(|digest| digest.short().to_owned()).unwrap_or_default();
        writeln!(
            out,
            "layer {diff_id} entries {} whiteouts {} opaque {} file_bytes {} stored_bytes {} added {} modified {} removed {} \
             rewritten {}",
            counts.entries,
            counts.whiteouts,
            counts.opaque,
            counts.file_bytes,
            counts.stored_bytes,
            counts.added,
            counts.modified,
            counts.removed,
            counts.rewritten
        )?;
    }
    for path in waste.paths.iter().take(20) {
        writeln!(out, "waste {} {} {}", path.bytes, path.count, shown_path(&path.path))?;
    }
    if let Some(dive) = dive {
        writeln!(out, "dive {:.9} {}", dive.efficiency, dive.wasted_bytes)?;
    }
    Ok(out)
}
