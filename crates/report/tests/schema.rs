//! The committed schemas are those of the types, and documents follow them in what scripts rely on.

use std::path::Path;

use jettison_report::{OptimizeReport, ProofFile, Side, VerifyReport, json, schema};

#[test]
fn committed_schemas_are_fresh() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    for (name, content) in schema::schemas() {
        let committed = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(committed == content, "schemas/{name} is stale; run: cargo xtask gen");
    }
}

#[test]
fn every_document_starts_with_version_and_command() {
    let documents = [
        (json::pretty(&OptimizeReport::default()), "optimize"),
        (json::pretty(&ProofFile::default()), "optimize"),
        (json::pretty(&VerifyReport::default()), "verify"),
    ];
    for (text, command) in documents {
        let start = format!("{{\n  \"schema_version\": \"1.0.0\",\n  \"command\": \"{command}\",\n");
        assert!(text.starts_with(&start), "{text}");
        assert!(text.ends_with("}\n"));
    }
}

#[test]
fn scripts_find_the_promised_names() {
    let report = OptimizeReport {
        baseline: Some(Side { unpacked_bytes: Some(7), ..Side::default() }),
        ..OptimizeReport::default()
    };
    let document: serde_json::Value = serde_json::from_str(&json::pretty(&report)).unwrap();
    assert_eq!(document["baseline"]["unpacked_bytes"], 7);
    assert_eq!(document["baseline"]["secrets_found"], serde_json::json!([]));
    assert_eq!(document["proof"]["level"], 0);
    assert_eq!(document["outcome"], "nothing_to_gain");
    assert_eq!(document["builds"], 0);
}
