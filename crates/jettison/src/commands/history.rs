//! `jettison history`: the steps of a build, newest first.

use jettison_image::Stack;
use jettison_report::image::HistoryReport;
use jettison_report::{json, text};

use crate::cli::{Format, HistoryArgs};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::images::{Opener, broken, document, matched};
use crate::output;
use crate::terminal::{Progress, stdout_style};

/// Runs the command; its exit code.
pub fn run(args: &HistoryArgs, quiet: bool, verbose: bool, environment: &Environment) -> Result<u8, Failure> {
    output::one_on_stdout(&args.format)?;
    let progress = Progress::new(environment, quiet, verbose);
    let opener = Opener { args: &args.open, environment, progress: &progress, ends_at_once: true };
    let opened = opener.open(&args.image)?;
    let matched = matched(&opened.image, args.dockerfile.as_deref())?;
    let layers = opened.image.indexes();
    let stack = Stack::new(&layers).map_err(|error| broken(&opened.typed, &error))?;
    let report = HistoryReport {
        jettison_version: env!("CARGO_PKG_VERSION").to_owned(),
        image: opened.head(),
        sizes: document::sizes(&opened, &stack),
        history: document::history(&opened, &stack.layers, &matched),
        ..HistoryReport::default()
    };
    progress.clear();
    let style = stdout_style(environment);
    let plain = text::Style { color: false, ..style };
    output::write_each(&args.format, &|format, on_stdout| match format {
        Format::Json => json::pretty(&report),
        _ if on_stdout => text::image::history(&report, environment.terminals.0, &style),
        _ => text::image::history(&report, false, &plain),
    })?;
    Ok(0)
}
