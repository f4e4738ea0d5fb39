//! `jettison diff` with an image of the engine and with what a Dockerfile makes of it: built, compared, removed.

use crate::{Lab, schema};

#[test]
fn what_a_dockerfile_makes_is_compared_and_removed() {
    let Some(lab) = Lab::httpd() else { return };
    let ran = lab.run("diff docker:busybox:latest app --format json --fail-on config");
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let document = schema::checked(&ran.stdout, "diff.schema.json");
    assert_eq!(document["b"]["image"]["reference"], "app");
    let added = document["files"].as_array().expect("a list").iter().any(|file| file["path"] == "/www/index.html");
    assert!(added, "{}", document["files"]);
    // the label of the run is no difference
    let fields = document["config"].as_array().expect("a list").iter().map(|change| change["field"].to_string());
    assert!(fields.into_iter().all(|field| !field.contains("jettison")), "{}", document["config"]);
}

#[test]
fn a_dockerfile_that_does_not_build_cannot_be_compared() {
    let Some(lab) = Lab::with(&["busybox:latest"]) else { return };
    let lab = lab.file("app/Dockerfile", "FROM busybox:latest\nRUN exit 7\n");
    let ran = lab.run("diff docker:busybox:latest app");
    assert_eq!(ran.code, Some(2), "{}", ran.stdout);
    assert!(ran.stderr.contains("error: the Dockerfile does not build"), "{}", ran.stderr);
    assert!(ran.stderr.contains("app/Dockerfile:2"), "{}", ran.stderr);
}
