//! A comment for a pull request or a job summary: one table, the most worth first, the rest folded away.

use super::rules::id_of;
use super::text::{costs, counted};
use super::{CheckReport, CheckedFile, Finding, RuleEntry, worth};
use crate::markdown::{code, folded, plain, table};

/// Rows that are shown at once.
const SHOWN: usize = 30;
/// Rows at most: comments of code hosts have a largest size.
const MOST: usize = 300;

/// The report.
pub fn markdown(report: &CheckReport) -> String {
    let summary = &report.summary;
    let mut text = format!(
        "### jettison check: {} in {}\n\n",
        counted(summary.findings, "finding"),
        counted(summary.files, "file")
    );
    text.push_str(&format!(
        "{} · {} · {} · {} with a safe fix\n",
        counted(summary.errors, "error"),
        counted(summary.warnings, "warning"),
        counted(summary.infos, "note"),
        summary.fixable
    ));
    for (file, reason) in report.unreadable() {
        text.push_str(&format!("\n{} could not be checked: {}\n", code(&file.path), plain(reason)));
    }
    let rows: Vec<Vec<String>> =
        worth::sorted(report.findings()).into_iter().map(|(file, finding)| row(file, finding)).collect();
    if rows.is_empty() {
        return text;
    }
    let show = |rows: &[Vec<String>]| {
        table(&["where", "severity", "rule", "what", "cost", "fix"], &[false, false, false, false, true, false], rows)
    };
    let (first, rest) = rows.split_at(rows.len().min(SHOWN));
    text.push_str(&format!("\n{}", show(first)));
    if !rest.is_empty() {
        let listed = rest.get(..rest.len().min(MOST)).unwrap_or_default();
        text.push_str(&format!("\n{}", folded(&format!("{} more", rest.len()), &show(listed))));
    }
    text
}

fn row(file: &CheckedFile, finding: &Finding) -> Vec<String> {
    let rule = format!("[{}]({})", plain(&finding.rule), RuleEntry::url_of(id_of(&finding.rule)));
    vec![
        code(&format!("{}:{}", file.path, finding.location.line)),
        finding.severity.as_str().to_owned(),
        rule,
        plain(&finding.message),
        costs(finding).join(", "),
        finding.fix.as_ref().map_or("", |fix| fix.safety.as_str()).to_owned(),
    ]
}
