//! `jettison rules`: all of them.

use jettison_lint::rules;
use jettison_report::check::{RulesReport, rules_markdown, rules_text};
use jettison_report::{json, text};

use crate::check::entry;
use crate::cli::{Format, RulesArgs};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::output;
use crate::terminal::stdout_style;

/// Prints the list.
pub fn run(args: &RulesArgs, environment: &Environment) -> Result<u8, Failure> {
    output::one_on_stdout(&args.format)?;
    let report = RulesReport {
        jettison_version: env!("CARGO_PKG_VERSION").to_owned(),
        rules: rules().map(entry).collect(),
        ..RulesReport::default()
    };
    let style = stdout_style(environment);
    output::write_each(&args.format, &|format, on_stdout| match format {
        Format::Json => json::pretty(&report),
        Format::Markdown | Format::Html => rules_markdown(&report),
        Format::Text => rules_text(&report, &text::Style { color: style.color && on_stdout, ..style }),
    })?;
    Ok(0)
}
