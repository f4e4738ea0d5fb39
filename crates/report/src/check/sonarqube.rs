//! SonarQube's generic issues, in the form since 10.3: rules and what they found.
//! <https://docs.sonarsource.com/sonarqube-server/latest/analyzing-source-code/importing-external-issues/generic-issue-import-format/>

use serde_json::{Map, Value, json};

use super::rules::id_of;
use super::{CheckReport, CheckedFile, Finding, Severity};

/// Rules and issues. Files that could not be checked have no form there and are left out.
pub fn sonarqube(report: &CheckReport) -> String {
    let rules: Vec<Value> = report.rules.values().map(|entry| {
        json!({
            "id": entry.id,
            "name": entry.summary,
            "description": format!("{} See {}", entry.summary, entry.url),
            "engineId": "jettison",
            "cleanCodeAttribute": attribute(&entry.category),
            "type": if entry.category == "security" { "VULNERABILITY" } else if entry.category == "correctness" { "BUG" } else { "CODE_SMELL" },
            "severity": old_severity(entry.severity),
            "impacts": [{"softwareQuality": quality(&entry.category), "severity": impact(entry.severity)}],
        })
    }).collect();
    let issues: Vec<Value> = report.findings().map(|(file, finding)| issue(file, finding)).collect();
    crate::json::pretty(&json!({"rules": rules, "issues": issues}))
}

fn issue(file: &CheckedFile, finding: &Finding) -> Value {
    json!({
        "ruleId": id_of(&finding.rule),
        "effortMinutes": if finding.is_fixable() { 1 } else { 5 },
        "primaryLocation": {"message": finding.message, "filePath": file.path, "textRange": range(finding)},
    })
}

/// Columns count from 0 there, and a range that holds nothing is refused: then the lines alone are named.
fn range(finding: &Finding) -> Value {
    let place = finding.location;
    let mut range = Map::new();
    range.insert("startLine".to_owned(), json!(place.line));
    range.insert("endLine".to_owned(), json!(place.end_line));
    if (place.line, place.column) < (place.end_line, place.end_column) {
        range.insert("startColumn".to_owned(), json!(place.column.saturating_sub(1)));
        range.insert("endColumn".to_owned(), json!(place.end_column.saturating_sub(1)));
    }
    Value::Object(range)
}

fn attribute(category: &str) -> &'static str {
    match category {
        "correctness" => "LOGICAL",
        "security" => "TRUSTWORTHY",
        "size" | "cache" | "performance" => "EFFICIENT",
        "reproducibility" => "COMPLETE",
        "metadata" => "IDENTIFIABLE",
        _ => "CONVENTIONAL",
    }
}

fn quality(category: &str) -> &'static str {
    match category {
        "correctness" | "reproducibility" => "RELIABILITY",
        "security" => "SECURITY",
        _ => "MAINTAINABILITY",
    }
}

fn impact(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "HIGH",
        Severity::Warning => "MEDIUM",
        Severity::Info => "LOW",
    }
}

fn old_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "CRITICAL",
        Severity::Warning => "MAJOR",
        Severity::Info => "MINOR",
    }
}
