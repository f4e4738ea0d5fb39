//! One finding a line: for editors, for scripts, and for eyes that know hadolint's.

use serde::Serialize;
use serde_json::{Value, json};

use super::{CheckReport, CheckedFile, Finding};
use crate::SCHEMA_VERSION;
use crate::text::harmless;

/// `Dockerfile:4:1: warning: message [rule]`, as compilers do. <https://www.gnu.org/prep/standards/html_node/Errors.html>
pub fn gnu(report: &CheckReport) -> String {
    each(report, &|file, finding| {
        let place = format!("{}:{}:{}", file.path, finding.location.line, finding.location.column);
        let word = match finding.severity {
            super::Severity::Info => "note",
            other => other.as_str(),
        };
        format!("{place}: {word}: {} [{}]", finding.message, finding.rule)
    })
}

/// `Dockerfile:4:1 warning rule: message (~19.2 MB, fix: safe)`.
pub fn concise(report: &CheckReport) -> String {
    each(report, &|file, finding| {
        let place = format!("{}:{}:{}", file.path, finding.location.line, finding.location.column);
        let mut more = super::text::costs(finding);
        more.extend(finding.fix.as_ref().map(|fix| format!("fix: {}", fix.safety.as_str())));
        let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) };
        format!("{place} {} {}: {}{more}", finding.severity.as_str(), finding.rule, finding.message)
    })
}

/// `Dockerfile:4 DL3009 info: message`: hadolint's own form, with its codes where it has one for the rule.
pub fn tty(report: &CheckReport) -> String {
    each(report, &|file, finding| {
        let severity = finding.severity.as_str();
        format!("{}:{} {} {severity}: {}", file.path, finding.location.line, code(finding), finding.message)
    })
}

/// The code that hadolint's users know the rule by.
fn code(finding: &Finding) -> &str {
    finding.aliases.iter().find(|alias| is_code(alias)).map_or(finding.rule.as_str(), String::as_str)
}

/// `DL3009`, `SC2086`.
pub(super) fn is_code(alias: &str) -> bool {
    let digits = alias.strip_prefix("DL").or_else(|| alias.strip_prefix("SC"));
    digits.is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn each(report: &CheckReport, line: &dyn Fn(&CheckedFile, &Finding) -> String) -> String {
    let findings = report.findings().map(|(file, finding)| harmless(&line(file, finding)) + "\n");
    let unreadable =
        report.unreadable().map(|(file, reason)| harmless(&format!("{}: error: {reason}", file.path)) + "\n");
    unreadable.chain(findings).collect()
}

/// A JSON document a line: every finding with its path, every file that could not be checked with the reason.
pub fn json_lines(report: &CheckReport) -> String {
    #[derive(Serialize)]
    struct Line<'a> {
        schema_version: &'a str,
        command: &'a str,
        path: &'a str,
        #[serde(flatten)]
        finding: &'a Finding,
    }
    let findings = report.findings().map(|(file, finding)| {
        let line = Line { schema_version: SCHEMA_VERSION, command: "check", path: &file.path, finding };
        serde_json::to_value(line).unwrap_or(Value::Null)
    });
    let unreadable = report.unreadable().map(|(file, reason)| {
        json!({"schema_version": SCHEMA_VERSION, "command": "check", "path": file.path, "error": reason})
    });
    unreadable.chain(findings).map(|line| crate::json::line(&line)).collect()
}
