//! `jettison why`: why a file or package is in an image.

use jettison_report::{json, text};

use crate::cli::{Format, WhyArgs};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::images::{Looked, Opener, matched};
use crate::output;
use crate::terminal::{Progress, stdout_style};

/// It was asked, and is not there.
const ABSENT: u8 = 1;

/// Runs the command; its exit code.
pub fn run(args: &WhyArgs, quiet: bool, verbose: bool, environment: &Environment) -> Result<u8, Failure> {
    output::one_on_stdout(&args.format)?;
    let progress = Progress::new(environment, quiet, verbose);
    let opener = Opener { args: &args.open, environment, progress: &progress, ends_at_once: true };
    let opened = opener.open(&args.image)?;
    let matched = matched(&opened.image, args.dockerfile.as_deref())?;
    progress.begin("image", "looking into it");
    let layers = opened.image.indexes();
    let looked = Looked::new(&opened, &layers, &matched)?;
    let report = looked.why(&args.asked);
    progress.clear();
    let style = stdout_style(environment);
    let plain = text::Style { color: false, ..style };
    output::write_each(&args.format, &|format, on_stdout| match format {
        Format::Json => json::pretty(&report),
        _ => text::image::why(&report, if on_stdout { &style } else { &plain }),
    })?;
    if !report.answers.is_empty() {
        return Ok(0);
    }
    let alike = looked.like(&args.asked);
    let place = Some(format!("there is: {}", alike.join(", "))).filter(|_| !alike.is_empty());
    Err(Failure {
        code: ABSENT,
        place,
        ..Failure::new(format!("no file and no package `{}` in {}", args.asked, args.image))
    })
}
