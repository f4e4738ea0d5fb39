//! Proof files: what was proven can be proven again, and what was tampered with cannot.

use std::fs;

use serde_json::Value;

use crate::{Lab, schema};

#[test]
fn a_proof_holds_until_somebody_tampers_with_it() {
    let Some(lab) = Lab::httpd() else { return };
    let ran = lab.run("optimize app --proof proof.json");
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(!lab.place.at("app/jettison.proof.json").exists(), "it was asked for elsewhere");
    let text = fs::read_to_string(lab.place.at("proof.json")).expect("the proof");
    let proof = schema::checked(&text, "proof.schema.json");

    // all claims hold but the one that was tampered with
    fs::write(lab.place.at("proof.json"), tampered(&proof, "/after/numbers/unpacked_bytes", 1.into())).expect("a file");
    let again = lab.run("verify app --proof proof.json --format json");
    assert_eq!(again.code, Some(1), "{}{}", again.stdout, again.stderr);
    let report = schema::checked(&again.stdout, "verify.schema.json");
    assert_eq!((&report["holds"], &report["warnings"]), (&false.into(), &serde_json::json!([])), "{report:#}");
    let claims = report["claims"].as_array().expect("a list");
    let broken: Vec<&Value> =
        claims.iter().filter(|claim| claim["passed"] != true).map(|claim| &claim["name"]).collect();
    assert_eq!(broken, ["image after, unpacked"], "{report:#}");
    assert!(claims.len() > 5, "{report:#}");

    let files = tampered(&proof, "/after/dockerfile_sha256", "00".repeat(32).into());
    fs::write(lab.place.at("proof.json"), files).expect("a file");
    let broken = lab.run("verify app --proof proof.json");
    assert_eq!(broken.code, Some(2), "{}", broken.stderr);
    assert!(broken.stderr.contains("does not match its digest"), "{}", broken.stderr);
}

fn tampered(proof: &Value, pointer: &str, value: Value) -> String {
    let mut proof = proof.clone();
    *proof.pointer_mut(pointer).expect("the field") = value;
    proof.to_string()
}
