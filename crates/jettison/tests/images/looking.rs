//! `jettison why`, `jettison history`, `jettison inspect`.

use crate::program::run;
use crate::{DOCKERFILE, assert_text, json, place};

#[test]
fn why_a_file_of_a_package_is_there() {
    let place = place().with("Dockerfile", DOCKERFILE);
    assert_text!(run(place.jettison("why shop.tar /usr/lib/libfoo.so.1 --quiet").env("COLUMNS", "90")));
}

#[test]
fn why_a_package_and_what_was_removed() {
    let document = json(&place(), "why shop.tar libfoo --format json", "why.schema.json");
    assert_eq!(document["answers"][0]["kind"], "package");
    assert_eq!(document["answers"][0]["chain"][0]["kind"], "instruction");
    let document = json(&place(), "why shop.tar /usr/share/doc/a/copyright --format json", "why.schema.json");
    assert_eq!(document["answers"][0]["kind"], "removed");
    assert_eq!(document["answers"][0]["layers"][1]["action"], "removed");
}

#[test]
fn what_is_not_there_is_said_with_what_is() {
    let ran = run(&mut place().jettison("why shop.tar libfo --quiet"));
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.stderr, "error: no file and no package `libfo` in shop.tar\n  there is: libfoo\n");
    let ran = run(&mut place().jettison("why shop.tar shop --quiet"));
    assert!(ran.stderr.contains("there is: /app/shop"), "{}", ran.stderr);
    let ran = run(&mut place().jettison("why shop.tar nothing-like-it --format json"));
    assert_eq!(ran.code, Some(1));
    assert_eq!(crate::schema::checked(&ran.stdout, "why.schema.json")["answers"].as_array().map(Vec::len), Some(0));
}

#[test]
fn the_history_is_whole_and_newest_first() {
    let place = place().with("Dockerfile", DOCKERFILE);
    assert_text!(run(&mut place.jettison("history shop.tar --quiet")));
    let document = json(&place, "history shop.tar --format json", "history.schema.json");
    let steps = document["history"].as_array().unwrap();
    assert_eq!((steps.len(), steps[0]["empty_layer"].as_bool(), steps[0]["layer"].as_u64()), (6, Some(true), None));
    assert_eq!((steps[1]["layer"].as_u64(), steps[1]["dockerfile_line"].as_u64()), (Some(4), Some(5)));
    assert_eq!(steps[5]["file_bytes"], 50_026);
}

#[test]
fn the_inspection_has_dockers_names() {
    let document = json(&place(), "inspect shop.tar --format json", "inspect.schema.json");
    assert_eq!(document["Config"]["WorkingDir"], "/app");
    assert_eq!(document["Os"], "linux");
    assert_eq!(document["RootFS"]["Layers"].as_array().map(Vec::len), Some(5));
    assert!(document["Id"].as_str().is_some_and(|id| id.starts_with("sha256:")));
    assert_eq!(document["layers"][0]["compressed_bytes"].as_u64().map(|bytes| bytes > 50_000), Some(true));
    assert_text!(run(place().jettison("inspect shop.tar --quiet").env("COLUMNS", "90")));
}
