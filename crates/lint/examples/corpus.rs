//! Checks and fixes a list of Dockerfiles: `corpus LIST [--profile P] [--fix DIR]`. Prints one line a finding (file, line of the
//! instruction, rule, message), and with `--fix` writes the fixed files and says which of them are not stable or have new errors.

use std::path::PathBuf;

use jettison_dockerfile::{Dockerfile, parse};
use jettison_facts::Nowhere;
use jettison_lint::{Profile, Settings, check, fix};
use jettison_model::{FixSafety, LineIndex, Span};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let list = arguments.next().expect("a file with names of Dockerfiles");
    let (mut settings, mut out, mut quiet) = (Settings::default(), None, false);
    settings.today = Some("2026-11-21".to_owned());
    let mut safety = FixSafety::Safe;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--profile" => {
                settings.profile = arguments.next().and_then(|name| Profile::parse(&name)).expect("a profile")
            }
            "--fix" => out = arguments.next().map(PathBuf::from),
            "--unsafe" => safety = FixSafety::Unsafe,
            "--quiet" => quiet = true,
            other => panic!("what is {other}?"),
        }
    }
    let names = std::fs::read_to_string(list).expect("the list");
    for (number, name) in names.lines().enumerate() {
        let Ok(source) = std::fs::read(name) else { continue };
        match &out {
            Some(folder) => fix_one(number, name, &source, &settings, safety, folder),
            None => check_one(name, &source, &settings, quiet),
        }
    }
}

fn check_one(name: &str, source: &[u8], settings: &Settings, quiet: bool) {
    let dockerfile = parse(source);
    let outcome = check(&dockerfile, &Nowhere, settings);
    if quiet {
        return;
    }
    let lines = LineIndex::new(source);
    for finding in outcome.findings {
        let line = line_of(&dockerfile, &lines, finding.span);
        println!("{name}\t{line}\t{}\t{:?}\t{}", finding.rule, finding.severity, finding.message.replace('\n', " "));
    }
}

/// The first line of the instruction that a place lies in.
fn line_of(dockerfile: &Dockerfile, lines: &LineIndex, span: Span) -> u32 {
    let owner = dockerfile.instructions().iter().find(|one| one.span.start <= span.start && span.start <= one.span.end);
    owner.map_or_else(|| lines.line(span.start), |one| one.line)
}

fn fix_one(number: usize, name: &str, source: &[u8], settings: &Settings, safety: FixSafety, folder: &std::path::Path) {
    let fixed = fix(source, &Nowhere, settings, safety);
    for one in &fixed.discarded {
        println!("DISCARDED {name}:{} {} {}", one.line, one.rule, one.reason);
    }
    if fixed.bytes == source {
        return;
    }
    let again = fix(&fixed.bytes, &Nowhere, settings, safety);
    if again.bytes != fixed.bytes {
        println!("UNSTABLE {name} {:?}", again.applied.first());
    }
    if !parse(source).is_rejected() && parse(fixed.bytes.clone()).is_rejected() {
        println!("BROKEN {name}");
    }
    let path = folder.join(format!("{number}.Dockerfile"));
    std::fs::write(&path, &fixed.bytes).expect("a folder to write to");
    println!("FIXED {name} {} {}", path.display(), fixed.applied.len());
}
