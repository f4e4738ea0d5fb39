//! Annotations of GitHub Actions: workflow commands on stdout.
//! <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>

use super::{CheckReport, Finding, Severity};
use crate::text::harmless;

/// One command a finding. Columns are told only within one line: GitHub takes them for nothing else.
pub fn github(report: &CheckReport) -> String {
    let unreadable = report
        .unreadable()
        .map(|(file, reason)| format!("::error file={},title=jettison::{}\n", property(&file.path), data(reason)));
    let findings = report.findings().map(|(file, finding)| {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let title = property(&finding.rule);
        let path = property(&file.path);
        format!("::{command} file={path},{},title={title}::{}\n", lines(finding), data(&finding.message))
    });
    unreadable.chain(findings).collect()
}

fn lines(finding: &Finding) -> String {
    let place = finding.location;
    let lines = format!("line={},endLine={}", place.line, place.end_line);
    match place.line == place.end_line {
        true => format!("{lines},col={},endColumn={}", place.column, place.end_column),
        false => lines,
    }
}

/// Logs are shown on terminals too, so what speaks to one is escaped as everywhere.
fn data(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| harmless(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_start_commands_of_their_own() {
        assert_eq!(property("a,b:c%\n::error::x"), "a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3Ax");
    }
}
