//! Compose and Bake files as input: which build is meant, what it says, and what is told where it cannot be had.

use std::fs;

use crate::program::{Place, run};
use crate::{assert_transcript, schema};

const DOCKERFILE: &str = "FROM python:3.11 AS prod\nARG VERSION\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD python app.py\n\nFROM prod AS dev\n";

/// Two services that share a folder.
const COMPOSE: &str = "services:
  web:
    build:
      context: ./app
      target: prod
      args:
        VERSION: ${VERSION:-1}
      network: host
  api:
    build: ./app
  db:
    image: postgres:16
";

fn app() -> Place {
    Place::new()
        .with("app/Dockerfile", DOCKERFILE)
        .with("app/app.py", "print('hello')\n")
        .with("app/requirements.txt", "flask==3.0.0\n")
        .with("compose.yaml", COMPOSE)
}

/// The JSON of a plan.
fn plan(place: &Place, arguments: &str) -> serde_json::Value {
    let ran = run(&mut place.jettison(&format!("optimize {arguments} --no-verify --format json")));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    schema::checked(&ran.stdout, "optimize.schema.json")
}

#[test]
fn several_services_and_no_choice() {
    assert_transcript!(app(), "optimize -f compose.yaml");
}

#[test]
fn a_service_that_is_not_there() {
    assert_transcript!(app(), "optimize -f compose.yaml --target wbe");
}

#[test]
fn the_service_says_what_is_built() {
    let place = app();
    let ran = run(&mut place.jettison("optimize -f compose.yaml --target web --no-verify"));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let told = "target    web of compose.yaml: context app, app/Dockerfile, stage prod, 1 argument";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
    assert!(ran.stdout.contains("compose.yaml:8:7: `network` is not passed on to the builds here"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Prove it with:  jettison optimize -f compose.yaml --target web\n"), "{}", ran.stdout);
    let document = plan(&place, "-f compose.yaml --service web");
    assert_eq!((&document["context"], &document["dockerfile"]), (&"app".into(), &"Dockerfile".into()));
}

#[test]
fn a_file_that_overrides_counts_last() {
    let place = app().with("app/prod.Dockerfile", "FROM debian:bookworm\nCMD [\"true\"]\n").with(
        "over.yaml",
        "services:\n  web: {build: {dockerfile: prod.Dockerfile, target: !reset null}}\n  api: !reset null\n",
    );
    let document = plan(&place, "-f compose.yaml -f over.yaml");
    assert_eq!(document["dockerfile"], "prod.Dockerfile");
}

#[test]
fn bake_files_in_both_syntaxes() {
    let hcl =
        "variable \"STAGE\" { default = \"dev\" }\ntarget \"default\" {\n  context = \"./app\"\n  target = STAGE\n}\n";
    let json = "{\"target\": {\"image\": {\"context\": \"app\", \"target\": \"${upper(\\\"x\\\") == \\\"X\\\" ? \\\"prod\\\" : \\\"\\\"}\"}}}";
    let place = app().with("docker-bake.hcl", hcl).with("docker-bake.json", json);
    for (arguments, told) in [
        ("-f docker-bake.hcl", "default of docker-bake.hcl: context app, app/Dockerfile, stage dev"),
        ("-f docker-bake.json", "image of docker-bake.json: context app, app/Dockerfile, stage prod"),
    ] {
        let ran = run(&mut place.jettison(&format!("optimize {arguments} --no-verify")));
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
    }
    let ran = run(place.jettison("optimize -f docker-bake.hcl --no-verify").env("STAGE", "prod"));
    assert!(ran.stderr.contains("stage prod"), "{}", ran.stderr);
}

#[test]
fn a_group_of_several_targets() {
    let file = "group \"default\" {\n  targets = [\"web\", \"api\"]\n}\ntarget \"web\" {}\ntarget \"api\" {}\n";
    assert_transcript!(Place::new().with("docker-bake.hcl", file), "optimize -f docker-bake.hcl --target default");
}

#[test]
fn a_variable_without_the_value_it_needs() {
    let file = "services:\n  web:\n    build: ./${APP:?say which app}\n";
    assert_transcript!(Place::new().with("deploy/compose.yaml", file), "optimize -f deploy/compose.yaml");
    let place = app().with("deploy/compose.yaml", file).with("deploy/.env", "APP=../app\n");
    assert_eq!(plan(&place, "-f deploy/compose.yaml")["context"], "app");
}

#[test]
fn a_file_that_is_not_yaml() {
    let place = Place::new().with("compose.yaml", "services:\n  web:\n    build: [\n");
    assert_transcript!(place, "optimize -f compose.yaml");
}

#[test]
fn a_circle_of_inheritance() {
    let file = "target \"a\" {\n  inherits = [\"b\"]\n}\ntarget \"b\" {\n  inherits = [\"a\"]\n}\n";
    assert_transcript!(Place::new().with("docker-bake.hcl", file), "optimize -f docker-bake.hcl --target a");
}

#[test]
fn nothing_is_built_there() {
    let place = Place::new().with("compose.yaml", "services:\n  db:\n    image: postgres:16\n");
    assert_transcript!(place, "optimize -f compose.yaml");
}

#[test]
fn what_only_bake_can_tell() {
    let file = "target \"web\" {\n  context = \"app\"\n  args = {\n    DATE = timestamp()\n  }\n}\n";
    let place = app().with("docker-bake.hcl", file);
    assert_transcript!(place, "optimize -f docker-bake.hcl");
    plan(&place, "-f docker-bake.hcl --build-arg DATE=today");
}

#[test]
fn a_context_on_the_net() {
    let file = "services:\n  web:\n    build: https://git.example/app.git#main\n";
    let place = app().with("compose.yaml", file);
    assert_transcript!(place, "optimize -f compose.yaml");
    assert_eq!(plan(&place, "app -f compose.yaml --target web")["context"], "app");
}

#[test]
fn an_image_that_would_have_to_be_built_first() {
    let file = "services:\n  base: {build: ./base}\n  web:\n    build:\n      context: ./app\n      additional_contexts: {base: \"service:base\"}\n";
    let place = app().with("compose.yaml", file);
    assert_transcript!(place, "optimize -f compose.yaml --target web");
    plan(&place, "-f compose.yaml --target web --build-context base=docker-image://debian");
}

const INLINE: &str = "services:
  web:
    build:
      context: ./app
      dockerfile_inline: |
        FROM python:3.11
        COPY . /app
        CMD python /app/app.py
";

#[test]
fn a_dockerfile_in_the_file_is_not_rewritten_there() {
    let place = app().with("compose.yaml", INLINE);
    assert_transcript!(place, "optimize -f compose.yaml --write");
}

#[test]
fn a_dockerfile_in_the_file_is_proposed_as_one_of_its_own() {
    let place = app().with("compose.yaml", INLINE).with("app/debug.log", "x\n");
    let ran = run(&mut place.jettison("optimize -f compose.yaml --no-verify --out proposal"));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("web of compose.yaml: context app, a Dockerfile of its own"), "{}", ran.stderr);
    let written = fs::read_to_string(place.at("proposal/Dockerfile")).expect("a Dockerfile");
    assert!(written.contains("CMD [\"python\", \"/app/app.py\"]"), "{written}");
    assert!(place.at("proposal/.dockerignore").exists());
    assert_eq!(fs::read_to_string(place.at("compose.yaml")).expect("a file"), INLINE);
}

#[test]
fn no_dockerfile_but_a_compose_file() {
    let place = Place::new().with("stack/compose.yaml", COMPOSE).with("stack/compose.override.yaml", "services: {}\n");
    assert_transcript!(place, "optimize stack");
}

#[test]
fn a_compose_file_given_as_the_context() {
    assert_transcript!(app(), "optimize compose.yaml");
}

#[test]
fn two_files_of_which_one_is_a_dockerfile() {
    assert_transcript!(app(), "optimize -f compose.yaml -f app/Dockerfile");
    assert_transcript!(app(), "optimize -f app/Dockerfile -f app/Dockerfile");
}
