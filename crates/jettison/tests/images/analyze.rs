//! `jettison analyze`: the picture, the documents, the sources, the forms.

use std::process::Stdio;

use jettison_testkit::{ImageBuilder, LayerBuilder};

use crate::program::{Place, run};
use crate::{DOCKERFILE, assert_text, json, place, shop};

#[test]
fn the_picture_with_the_lines_of_a_dockerfile_that_fits() {
    let place = place().with("Dockerfile", DOCKERFILE);
    let ran = run(place.jettison("analyze shop.tar --quiet").env("COLUMNS", "100"));
    assert_text!(ran);
}

#[test]
fn a_dockerfile_that_does_not_fit_names_no_lines() {
    let place = place().with("Dockerfile", "FROM node:22\nRUN npm ci\nCOPY src /src\nRUN npm run build\n");
    let document = json(&place, "analyze shop.tar --format json", "analyze.schema.json");
    assert!(document["dockerfile"].is_null(), "{}", document["dockerfile"]);
    assert!(document["layers"].as_array().unwrap().iter().all(|layer| layer["dockerfile_line"].is_null()));
}

#[test]
fn the_document_has_what_scripts_rely_on() {
    let place = place().with("Dockerfile", DOCKERFILE);
    let document = json(&place, "analyze shop.tar --format json", "analyze.schema.json");
    assert_eq!(document["command"], "analyze");
    assert_eq!(document["efficiency"]["wasted_bytes"], 50_000);
    assert_eq!(document["efficiency"]["wasted_by_cause"]["deleted"], 50_000);
    assert_eq!(document["layers"][4]["files_removed"], 2);
    assert_eq!(document["layers"][3]["dockerfile_line"], 4);
    assert_eq!(document["packages"][0]["name"], "libfoo");
    assert_eq!(document["packages"][0]["bytes"], 90_000);
    assert_eq!(document["image"]["platform"], "linux/amd64");
    let sum: u64 = document["waste"].as_array().unwrap().iter().map(|row| row["bytes"].as_u64().unwrap()).sum();
    assert_eq!(sum, 50_000);
    let secret =
        document["avoidable"].as_array().unwrap().iter().find(|row| row["kind"] == "secret").expect("a secret");
    assert_eq!((secret["path"].as_str(), secret["dockerfile_line"].as_u64()), (Some("/app/.env"), Some(4)));
}

#[test]
fn an_archive_on_stdin_is_the_same_image() {
    let place = place();
    let file = std::fs::File::open(place.at("shop.tar")).unwrap();
    let piped = run(place.jettison("analyze - --format json").stdin(Stdio::from(file)));
    let named = run(&mut place.jettison("analyze shop.tar --format json"));
    let neutral = |text: &str| text.replace("\"-\"", "\"shop.tar\"").replace("\"stdin\"", "\"docker-archive\"");
    assert_eq!(neutral(&piped.stdout), neutral(&named.stdout), "{}", piped.stderr);
}

#[test]
fn old_archives_have_no_compressed_sizes_and_say_so() {
    let place = Place::new().with("old.tar", shop().legacy_archive());
    let document = json(&place, "analyze old.tar --format json", "analyze.schema.json");
    assert!(document["sizes"]["compressed_bytes"].is_null() && document["layers"][0]["compressed_bytes"].is_null());
    let text = run(&mut place.jettison("analyze old.tar")).stdout;
    assert!(text.contains("layers are stored uncompressed here"), "{text}");
    assert!(!text.contains("compressed  "), "{text}");
}

#[test]
fn each_form_goes_where_it_is_sent() {
    let place = place();
    let ran = run(&mut place.jettison(
        "analyze shop.tar --format json --format html:page.html --format markdown:report.md --format text:report.txt",
    ));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.starts_with("{\n  \"schema_version\""), "{}", ran.stdout);
    let read = |name: &str| std::fs::read_to_string(place.at(name)).expect(name);
    assert!(read("page.html").contains("Content-Security-Policy"));
    assert!(read("report.md").starts_with("### <code>shop.tar</code>"));
    assert!(read("report.txt").starts_with("   shop.tar   linux/amd64"));
}

#[test]
fn two_documents_on_stdout_are_refused_before_anything_is_read() {
    let ran = run(&mut Place::new().jettison("analyze nothing.tar --format json --format text"));
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.starts_with("error: only one format can go to stdout"), "{}", ran.stderr);
}

#[test]
fn names_in_an_image_cannot_speak() {
    let layer = LayerBuilder::new().file("srv/\u{1b}[2J\u{202e}\u{9b}evil", [1; 100]).file("gone", [2; 900]);
    let image = ImageBuilder::new()
        .layer(&layer, "RUN echo \u{1b}]0;title\u{7}")
        .layer(&LayerBuilder::new().whiteout("srv").whiteout("gone"), "RUN rm");
    let place = Place::new().with("image.tar", image.docker_archive());
    for form in ["text", "json", "markdown", "html"] {
        let ran = run(&mut place.jettison(&format!("analyze image.tar --format {form}")));
        assert!(!ran.stdout.contains(['\u{1b}', '\u{202e}', '\u{9b}', '\u{7}']), "{form}: {}", ran.stdout);
        assert!(ran.stdout.contains("evil"), "{form}: {}", ran.stdout);
    }
}

#[test]
fn a_page_of_many_files_stays_small() {
    let names = (0..30_000usize).map(|n| format!("d{}/e{}/a-file-with-some-name-{n}", n % 113, n % 7));
    let layer = names.enumerate().fold(LayerBuilder::new(), |layer, (n, name)| layer.file(name, vec![7; n % 300]));
    let image = ImageBuilder::new().layer(&layer, "COPY . .");
    let place = Place::new().with("image.tar", image.docker_archive());
    let ran = run(&mut place.jettison("analyze image.tar --format html"));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.len() < 1_500_000, "{} bytes", ran.stdout.len());
    assert!(ran.stdout.contains("too small to be seen are folded"));
}
