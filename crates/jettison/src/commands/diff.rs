//! `jettison diff`: two images, or an image and what a Dockerfile makes.

use jettison_report::image::DiffReport;
use jettison_report::text::image::DiffView;
use jettison_report::{html, json, markdown, text};

use crate::cli::{DiffArgs, Format};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::images::{Opened, Opener, building, difference};
use crate::output;
use crate::terminal::{Progress, stdout_style};

/// Runs the command; its exit code.
pub fn run(args: &DiffArgs, quiet: bool, verbose: bool, environment: &Environment) -> Result<u8, Failure> {
    output::one_on_stdout(&args.format)?;
    let progress = Progress::new(environment, quiet, verbose);
    let opener = Opener { args: &args.open, environment, progress: &progress, ends_at_once: true };
    let b = building::place(&args.b, args.context.as_deref());
    // what cannot be asked is said before anything is built
    let a = opener.open(&args.a)?;
    let b = match b {
        Some((context, file)) => {
            let recipe = building::Recipe {
                target: args.target.clone(),
                build_args: args.build_arg.clone(),
                time_limit: args.build_time_limit,
                ..building::recipe(context, file.as_deref())?
            };
            let opener = Opener { ends_at_once: false, ..opener };
            Opened { typed: args.b.clone(), ..building::build(&opener, &recipe, args.engine)? }
        }
        None => opener.open(&args.b)?,
    };
    progress.begin("diff", "comparing");
    let fail_on: Vec<_> = args.fail_on.iter().map(|what| (what.what, what.word.clone())).collect();
    let report = difference(&a, &b, &fail_on)?;
    progress.clear();
    show(args, &report, environment)?;
    Ok(u8::from(report.asked.iter().any(|asked| asked.found)))
}

fn show(args: &DiffArgs, report: &DiffReport, environment: &Environment) -> Result<(), Failure> {
    let style = stdout_style(environment);
    let plain = text::Style { color: false, ..style };
    let view = DiffView { top: args.top.max(1), files: args.files, packages: args.packages };
    output::write_each(&args.format, &|format, on_stdout| match format {
        Format::Text => text::image::diff(report, view, if on_stdout { &style } else { &plain }),
        Format::Json => json::pretty(report),
        Format::Markdown => markdown::diff(report, view.top),
        Format::Html => html::diff(report),
    })
}
