//! Every form on record, and what may not get through any of them.

use jettison_report::check::{
    CheckReport, checkstyle, codacy, concise, github, gitlab, gnu, json_lines, junit, markdown, sarif, sonarqube, tty,
};
use jettison_report::json::pretty;
use serde_json::Value;

use crate::samples::{clean, hostile, ordinary};

type Form = fn(&CheckReport) -> String;

fn forms() -> Vec<(&'static str, Form)> {
    vec![
        ("checkstyle", checkstyle),
        ("codacy", codacy),
        ("concise", concise),
        ("github", github),
        ("gitlab", gitlab),
        ("gnu", gnu),
        ("json", |report| pretty(report)),
        ("jsonl", json_lines),
        ("junit", junit),
        ("markdown", markdown),
        ("sarif", sarif),
        ("sonarqube", sonarqube),
        ("tty", tty),
    ]
}

#[test]
fn every_form_says_what_is_on_record() {
    for (name, form) in forms() {
        insta::with_settings!({omit_expression => true}, { insta::assert_snapshot!(format!("form_{name}"), form(&ordinary())) });
    }
}

#[test]
fn hostile_names_and_texts_stay_names_and_texts() {
    for (name, form) in forms() {
        let text = form(&hostile());
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\0', '\u{7}']), "{name}: {text:?}");
        insta::with_settings!({omit_expression => true}, { insta::assert_snapshot!(format!("hostile_{name}"), text) });
    }
}

#[test]
fn every_form_can_say_that_nothing_was_found() {
    for (name, form) in forms() {
        let text = form(&clean());
        match name {
            "json" | "sarif" | "gitlab" | "sonarqube" => {
                assert!(serde_json::from_str::<Value>(&text).is_ok(), "{name}")
            }
            "checkstyle" | "junit" => assert!(text.contains("Dockerfile"), "{name}"),
            "markdown" => assert!(text.contains("0 findings in 1 file"), "{name}"),
            _ => assert_eq!(text, "", "{name}"),
        }
    }
}

#[test]
fn lines_are_single_lines_whatever_they_say() {
    let lines = |text: &str| text.lines().count();
    let report = hostile();
    for (name, form) in
        forms().into_iter().filter(|(name, _)| ["gnu", "concise", "tty", "github", "jsonl", "codacy"].contains(name))
    {
        assert_eq!(lines(&form(&report)), 2, "{name}: one a finding, one a file that could not be read");
    }
}

#[test]
fn github_gets_one_command_a_line_and_no_other() {
    for line in github(&hostile()).lines() {
        let (head, message) = line.strip_prefix("::").and_then(|rest| rest.split_once("::")).expect("a command");
        let (command, properties) = head.split_once(' ').expect("properties");
        assert!(["error", "warning", "notice"].contains(&command));
        for property in properties.split(',') {
            let (name, value) = property.split_once('=').expect("name and value");
            assert!(["file", "line", "endLine", "col", "endColumn", "title"].contains(&name), "{name}");
            assert!(!value.contains(':'), "{value}");
        }
        assert!(!message.is_empty());
    }
}

#[test]
fn gitlab_gets_what_its_schema_requires_with_fingerprints_of_their_own() {
    let issues: Vec<Value> = serde_json::from_str(&gitlab(&ordinary())).unwrap();
    let mut prints: Vec<&str> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), issues.len());
    for issue in &issues {
        assert!(issue["description"].is_string() && issue["check_name"].is_string());
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap()));
        assert!(!issue["location"]["path"].as_str().unwrap().starts_with("./"));
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
    }
}

#[test]
fn sonarqube_gets_rules_for_all_issues_and_ranges_that_hold_something() {
    let document: Value = serde_json::from_str(&sonarqube(&ordinary())).unwrap();
    let rules: Vec<&str> =
        document["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    for rule in document["rules"].as_array().unwrap() {
        for field in ["name", "description", "engineId", "cleanCodeAttribute", "type", "severity"] {
            assert!(rule[field].is_string(), "{field}");
        }
        let impact = &rule["impacts"][0];
        assert!(["SECURITY", "RELIABILITY", "MAINTAINABILITY"].contains(&impact["softwareQuality"].as_str().unwrap()));
    }
    for issue in document["issues"].as_array().unwrap() {
        assert!(rules.contains(&issue["ruleId"].as_str().unwrap()));
        let range = &issue["primaryLocation"]["textRange"];
        let place = |line: &str, column: &str| (range[line].as_u64().unwrap(), range[column].as_u64().unwrap());
        assert!(place("startLine", "startColumn") < place("endLine", "endColumn"));
    }
}

#[test]
fn json_has_the_fields_that_scripts_rely_on() {
    let document: Value = serde_json::from_str(&pretty(&ordinary())).unwrap();
    let keys: Vec<&String> = document.as_object().unwrap().keys().collect();
    assert_eq!(keys[..2], ["schema_version", "command"]);
    let finding = &document["files"][0]["findings"][0];
    for field in [
        "rule",
        "aliases",
        "category",
        "severity",
        "confidence",
        "message",
        "line",
        "column",
        "end_line",
        "end_column",
        "stage",
        "fix",
    ] {
        assert!(!finding[field].is_null(), "{field} in {finding}");
    }
    for field in ["safety", "description", "edits"] {
        assert!(!finding["fix"][field].is_null(), "{field}");
    }
    for field in ["files", "findings", "errors", "warnings", "infos", "fixable", "unreadable"] {
        assert!(document["summary"][field].is_u64(), "{field}");
    }
    assert_eq!(document["files"][1]["error"], "no permission to read it");
}
