//! Results for Codacy: a JSON object a line. <https://docs.codacy.com/related-tools/tool-developer-guide/>

use serde_json::json;

use super::CheckReport;

/// One line a finding; one with an `error` for a file that could not be checked.
pub fn codacy(report: &CheckReport) -> String {
    let findings = report.findings().map(|(file, finding)| {
        json!({
            "filename": file.path,
            "patternId": finding.rule,
            "message": finding.message,
            "line": finding.location.line,
        })
    });
    let unreadable = report.unreadable().map(|(file, reason)| json!({"filename": file.path, "message": reason}));
    unreadable.chain(findings).map(|line| crate::json::line(&line)).collect()
}
