//! SARIF 2.1.0, with rules, fixes, fingerprints and what comments hide.
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::collections::BTreeMap;

use jettison_model::{LineIndex, Span};
use serde_json::{Value, json};

use super::{
    CheckReport, CheckedFile, Confidence, Finding, Location, RuleEntry, Safety, Severity, Suppressed, place, uri,
};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
const HOME: &str = "https://github.com/jettison-rs/jettison";

/// One run.
pub fn sarif(report: &CheckReport) -> String {
    let index: BTreeMap<&str, usize> = report.rules.keys().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let results: Vec<Value> = report.files.iter().flat_map(|file| results(file, &index)).collect();
    let unreadable: Vec<Value> = report.unreadable().map(|(file, reason)| notification(file, reason)).collect();
    let run = json!({
        "tool": {"driver": {
            "name": "jettison",
            "version": report.jettison_version,
            "semanticVersion": report.jettison_version,
            "informationUri": HOME,
            "rules": report.rules.values().map(rule).collect::<Vec<_>>(),
        }},
        "invocations": [{
            "executionSuccessful": unreadable.is_empty(),
            "toolExecutionNotifications": unreadable,
        }],
        "columnKind": "unicodeCodePoints",
        "results": results,
    });
    crate::json::pretty(&json!({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}))
}

fn rule(entry: &RuleEntry) -> Value {
    json!({
        "id": entry.id,
        "shortDescription": {"text": entry.summary},
        "fullDescription": {"text": entry.summary},
        "helpUri": entry.url,
        "help": {"text": format!("{}\n{}", entry.summary, entry.url), "markdown": format!("{} [{}]({})", entry.summary, entry.id, entry.url)},
        "defaultConfiguration": {"level": level(entry.severity), "enabled": entry.on_by_default},
        "properties": {"tags": [entry.category], "aliases": entry.aliases, "precision": "high"},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn notification(file: &CheckedFile, reason: &str) -> Value {
    json!({
        "level": "error",
        "message": {"text": reason},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri::of_path(&file.path)}}}],
    })
}

fn results(file: &CheckedFile, index: &BTreeMap<&str, usize>) -> Vec<Value> {
    let source = Source { file, lines: LineIndex::new(&file.source) };
    let open = file.findings.iter().map(|finding| source.result(finding, index));
    let hidden = file.suppressed.iter().map(|suppressed| {
        let mut result = source.result(&suppressed.finding, index);
        result["suppressions"] = json!([suppression(suppressed)]);
        result
    });
    open.chain(hidden).collect()
}

fn suppression(suppressed: &Suppressed) -> Value {
    match &suppressed.reason {
        Some(reason) => json!({"kind": "inSource", "justification": reason}),
        None => json!({"kind": "inSource"}),
    }
}

struct Source<'a> {
    file: &'a CheckedFile,
    lines: LineIndex,
}

impl Source<'_> {
    fn result(&self, finding: &Finding, index: &BTreeMap<&str, usize>) -> Value {
        let mut region = region(&finding.location);
        region["snippet"] = json!({"text": self.snippet(&finding.location)});
        let mut location = json!({"physicalLocation": {"artifactLocation": self.artifact(), "region": region}});
        if let Some(stage) = &finding.stage {
            location["logicalLocations"] = json!([{"name": stage, "kind": "module"}]);
        }
        let mut result = json!({
            "ruleId": finding.rule,
            "level": level(finding.severity),
            "message": {"text": finding.message},
            "locations": [location],
            "partialFingerprints": {"jettison/v1": finding.fingerprint},
            "rank": rank(finding.confidence),
            "properties": {"confidence": finding.confidence.as_str()},
        });
        if let Some(at) = index.get(super::rules::id_of(&finding.rule)) {
            result["ruleIndex"] = json!(at);
        }
        if let Some(estimate) = finding.estimate {
            result["properties"]["estimate"] = serde_json::to_value(estimate).unwrap_or(Value::Null);
        }
        if let Some(fix) = finding.fix.as_ref().filter(|fix| fix.safety != Safety::Manual && !fix.edits.is_empty()) {
            let replacements: Vec<Value> = fix.edits.iter().map(|edit| self.replacement(edit)).collect();
            let change = json!({"artifactLocation": self.artifact(), "replacements": replacements});
            result["fixes"] = json!([{"description": {"text": fix.description}, "artifactChanges": [change]}]);
            result["properties"]["fixSafety"] = json!(fix.safety.as_str());
        }
        result
    }

    fn artifact(&self) -> Value {
        json!({"uri": uri::of_path(&self.file.path)})
    }

    fn snippet(&self, place: &Location) -> String {
        let meant = self.file.source.get(place.start_byte as usize..place.end_byte as usize).unwrap_or_default();
        String::from_utf8_lossy(meant).into_owned()
    }

    fn replacement(&self, edit: &super::TextEdit) -> Value {
        let at = |byte: u32| place::location(&self.lines, &self.file.source, Span { start: byte, end: byte });
        let (start, end) = (at(edit.start_byte), at(edit.end_byte));
        let deleted = region(&Location { end_line: end.line, end_column: end.column, ..start });
        json!({"deletedRegion": deleted, "insertedContent": {"text": edit.replacement}})
    }
}

fn region(place: &Location) -> Value {
    json!({
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    })
}

/// How sure, from 0 to 100.
fn rank(confidence: Confidence) -> f64 {
    match confidence {
        Confidence::Certain => 100.0,
        Confidence::Likely => 80.0,
        Confidence::Guess => 40.0,
    }
}
