//! SARIF against what its specification requires, in our own words: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/>.

use jettison_report::check::sarif;
use serde_json::Value;

use crate::samples::{clean, hostile, ordinary};

fn documents() -> Vec<Value> {
    [ordinary(), hostile(), clean()].iter().map(|report| serde_json::from_str(&sarif(report)).unwrap()).collect()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[][..], Vec::as_slice)
}

/// A message has text. 3.11
fn assert_message(value: &Value) {
    assert!(value["text"].as_str().is_some_and(|text| !text.is_empty()), "{value}");
}

/// Lines and columns count from 1, and a region does not end before it begins. 3.30
fn assert_region(region: &Value) {
    let number = |name: &str| region[name].as_u64().unwrap_or_else(|| panic!("{name} in {region}"));
    assert!(number("startLine") >= 1 && number("startColumn") >= 1, "{region}");
    assert!((number("startLine"), number("startColumn")) <= (number("endLine"), number("endColumn")), "{region}");
}

/// A URI reference: no blanks, no control characters, nothing that would be a scheme. 3.4.3
fn assert_uri(location: &Value) {
    let uri = location["uri"].as_str().unwrap_or_else(|| panic!("uri in {location}"));
    let allowed = |sign: char| sign.is_ascii_alphanumeric() || "/-._~%@+,=".contains(sign);
    let rest = uri.strip_prefix("file:///").unwrap_or(uri);
    assert!(!uri.is_empty() && rest.chars().all(allowed), "{uri}");
}

#[test]
fn has_what_every_log_needs() {
    for document in documents() {
        assert_eq!(document["version"], "2.1.0");
        assert!(
            document["$schema"].as_str().is_some_and(|schema| schema.contains("sarif") && schema.contains("2.1.0"))
        );
        for run in list(&document, "runs") {
            let driver = &run["tool"]["driver"];
            assert_eq!(driver["name"], "jettison");
            assert!(["utf16CodeUnits", "unicodeCodePoints"].contains(&run["columnKind"].as_str().unwrap()));
            assert!(run["results"].is_array(), "a run that ended has results, if none");
            for invocation in list(run, "invocations") {
                assert!(invocation["executionSuccessful"].is_boolean());
                for told in list(invocation, "toolExecutionNotifications") {
                    assert_message(&told["message"]);
                }
            }
        }
    }
}

#[test]
fn rules_are_described_once_and_results_point_at_theirs() {
    for document in documents() {
        for run in list(&document, "runs") {
            let rules = list(&run["tool"]["driver"], "rules");
            let mut ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
            for rule in rules {
                assert_message(&rule["shortDescription"]);
                assert!(rule["helpUri"].as_str().is_some_and(|uri| uri.starts_with("https://")));
                let level = rule["defaultConfiguration"]["level"].as_str().unwrap();
                assert!(["none", "note", "warning", "error"].contains(&level));
            }
            for result in list(run, "results") {
                let at = result["ruleIndex"].as_u64().unwrap() as usize;
                let id = result["ruleId"].as_str().unwrap();
                // a result may name a part of its rule. 3.52.4
                assert!(id == ids[at] || id.starts_with(&format!("{}/", ids[at])), "{id}");
            }
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), rules.len());
        }
    }
}

#[test]
fn results_have_message_level_place_and_fingerprint() {
    for document in documents() {
        for result in list(&document, "runs").iter().flat_map(|run| list(run, "results")) {
            assert_message(&result["message"]);
            assert!(["none", "note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
            assert!(result["rank"].as_f64().is_some_and(|rank| (0.0..=100.0).contains(&rank)));
            let prints = result["partialFingerprints"].as_object().unwrap();
            assert!(!prints.is_empty() && prints.values().all(Value::is_string));
            for location in list(result, "locations") {
                assert_uri(&location["physicalLocation"]["artifactLocation"]);
                assert_region(&location["physicalLocation"]["region"]);
            }
            for suppression in list(result, "suppressions") {
                assert!(["inSource", "external"].contains(&suppression["kind"].as_str().unwrap()));
            }
        }
    }
}

#[test]
fn fixes_say_what_goes_and_what_comes() {
    let mut seen = 0;
    for document in documents() {
        for fix in
            list(&document, "runs").iter().flat_map(|run| list(run, "results")).flat_map(|result| list(result, "fixes"))
        {
            assert_message(&fix["description"]);
            for change in list(fix, "artifactChanges") {
                assert_uri(&change["artifactLocation"]);
                assert!(!list(change, "replacements").is_empty());
                for replacement in list(change, "replacements") {
                    assert_region(&replacement["deletedRegion"]);
                    assert!(replacement["insertedContent"]["text"].is_string());
                    seen += 1;
                }
            }
        }
    }
    assert_eq!(seen, 3);
}

#[test]
fn what_a_comment_hides_is_there_and_marked() {
    let document = &documents()[0];
    let results = list(&document["runs"][0], "results");
    let hidden: Vec<&Value> = results.iter().filter(|result| result["suppressions"].is_array()).collect();
    assert_eq!(hidden.len(), 1);
    assert_eq!(hidden[0]["ruleId"], "shell-form-command/cmd");
    assert_eq!(hidden[0]["suppressions"][0]["justification"], "the wrapper needs a shell");
}
