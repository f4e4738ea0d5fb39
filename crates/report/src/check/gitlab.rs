//! GitLab's code quality report. <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use serde_json::{Value, json};

use super::{CheckReport, Finding, Severity};

/// A list of issues; a file that could not be checked is one of them, so that the pipeline shows it.
pub fn gitlab(report: &CheckReport) -> String {
    let unreadable = report.unreadable().map(|(file, reason)| {
        json!({
            "type": "issue",
            "description": reason,
            "check_name": "unreadable",
            "fingerprint": super::fingerprint("unreadable", &file.path, &[], &super::Location::default(), 0),
            "severity": "blocker",
            "categories": ["Bug Risk"],
            "location": {"path": relative(&file.path), "lines": {"begin": 1, "end": 1}},
        })
    });
    let findings = report.findings().map(|(file, finding)| {
        json!({
            "type": "issue",
            "description": finding.message,
            "check_name": finding.rule,
            "fingerprint": finding.fingerprint,
            "severity": severity(finding),
            "categories": [category(finding)],
            "location": {
                "path": relative(&file.path),
                "lines": {"begin": finding.location.line, "end": finding.location.end_line},
            },
        })
    });
    let issues: Vec<Value> = unreadable.chain(findings).collect();
    crate::json::pretty(&issues)
}

/// GitLab refuses paths that start with a dot and a slash.
fn relative(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

fn severity(finding: &Finding) -> &'static str {
    match finding.severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Info => "info",
    }
}

/// Code Climate's words.
fn category(finding: &Finding) -> &'static str {
    match finding.category.as_str() {
        "correctness" => "Bug Risk",
        "security" => "Security",
        "size" | "cache" | "performance" => "Performance",
        "reproducibility" => "Compatibility",
        "metadata" => "Clarity",
        _ => "Style",
    }
}
