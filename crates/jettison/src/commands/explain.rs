//! `jettison explain RULE`: its page. A code of another tool may stand for several rules; then each is told.

use jettison_lint::{RuleInfo, rule};
use jettison_report::check::{RuleEntry, RulesReport};
use jettison_report::{json, text};

use crate::check::entry;
use crate::cli::{ExplainArgs, Format};
use crate::config::selectors;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::output;
use crate::terminal::stdout_style;

/// Prints the page.
pub fn run(args: &ExplainArgs, environment: &Environment) -> Result<u8, Failure> {
    output::one_on_stdout(&args.format)?;
    let found = selectors(&args.rule).map_err(|what| Failure::new(what).next("jettison rules"))?;
    let mut infos: Vec<&RuleInfo> = found.iter().filter_map(|selector| rule(selector.id)).collect();
    infos.dedup_by_key(|info| info.id);
    if infos.is_empty() {
        return Err(Failure::new(format!("`{}` is no rule of jettison", args.rule)).next("jettison rules"));
    }
    let report = RulesReport {
        command: "explain".to_owned(),
        jettison_version: env!("CARGO_PKG_VERSION").to_owned(),
        rules: infos.into_iter().map(with_page).collect(),
        ..RulesReport::default()
    };
    let style = stdout_style(environment);
    output::write_each(&args.format, &|format, on_stdout| match format {
        Format::Json => json::pretty(&report),
        Format::Markdown | Format::Html => pages(&report, &RuleEntry::markdown),
        Format::Text => {
            let style = text::Style { color: style.color && on_stdout, ..style };
            pages(&report, &|rule| rule.text(&style))
        }
    })?;
    Ok(0)
}

fn with_page(info: &RuleInfo) -> RuleEntry {
    RuleEntry { page: Some(info.docs.to_owned()), ..entry(info) }
}

fn pages(report: &RulesReport, page: &dyn Fn(&RuleEntry) -> String) -> String {
    report.rules.iter().map(page).collect::<Vec<_>>().join("\n")
}
