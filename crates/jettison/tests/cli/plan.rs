//! `--no-verify`: a plan from the files alone, said to be one; and where `--out` puts it.

use std::fs;

use crate::program::{Place, run};
use crate::{assert_transcript, schema};

const DOCKERFILE: &str =
    "FROM python:3.11\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD python app.py\n";

fn app() -> Place {
    Place::new()
        .with("app/Dockerfile", DOCKERFILE)
        .with("app/app.py", "print('hello')\n")
        .with("app/requirements.txt", "flask==3.0.0\n")
        .with("app/debug.log", "x".repeat(5000))
        .with("app/.git/HEAD", "ref: refs/heads/main\n")
}

#[test]
fn a_plan_says_that_it_is_one() {
    assert_transcript!(app(), "optimize app --no-verify");
}

#[test]
fn a_plan_as_json_follows_the_schema() {
    let ran = run(&mut app().jettison("optimize app --no-verify --format json"));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let document = schema::checked(&ran.stdout, "optimize.schema.json");
    assert_eq!((&document["command"], &document["outcome"]), (&"optimize".into(), &"plan_only".into()));
    assert!(document.get("engine").is_none() && document["proof"]["verified"] == false);
    let applied = |id: &str| {
        let all = document["transforms"].as_array().expect("a list");
        all.iter().any(|one| one["id"] == id && one["status"] == "applied")
    };
    assert!(applied("context-ignore") && applied("copy-split"), "{document:#}");
}

#[test]
fn stdout_is_pure_json_and_a_file_may_have_the_text() {
    let place = app();
    let ran = run(&mut place.jettison("optimize app --no-verify --format json --format text:plan.txt"));
    assert!(ran.stdout.starts_with('{') && ran.stdout.ends_with("}\n"));
    let text = fs::read_to_string(place.at("plan.txt")).expect("the text");
    assert!(text.contains("a plan, not verified"), "{text}");
}

#[test]
fn only_the_diff() {
    let ran = run(&mut app().jettison("optimize app --no-verify --diff -q"));
    assert!(ran.stdout.starts_with("--- Dockerfile\n+++ Dockerfile"), "{}", ran.stdout);
    assert_eq!(ran.stderr, "");
}

#[test]
fn out_gets_the_changed_files_and_the_context_stays() {
    let place = app();
    let ran = run(&mut place.jettison("optimize app --no-verify --out proposal"));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(names(&place.at("proposal")), [".dockerignore", "Dockerfile"]);
    assert_eq!(fs::read_to_string(place.at("app/Dockerfile")).expect("a file"), DOCKERFILE);
    assert_eq!(names(&place.at("app")), [".git", "Dockerfile", "app.py", "debug.log", "requirements.txt"]);
}

#[test]
fn dockerfiles_that_share_a_context_get_ignore_files_of_their_own() {
    let place = app().with("app/report.Dockerfile", "FROM python:3.11\nCOPY . .\nCMD cat debug.log\n");
    let ran = run(&mut place.jettison("optimize app -f app/Dockerfile --no-verify --out proposal"));
    assert!(ran.stdout.contains("report.Dockerfile shares the context"), "{}", ran.stdout);
    assert_eq!(names(&place.at("proposal")), ["Dockerfile", "Dockerfile.dockerignore"]);
}

#[test]
fn a_dockerfile_outside_its_context_is_found_and_put_below_out() {
    let place = app().with("docker/web.Dockerfile", DOCKERFILE);
    let ran = run(&mut place.jettison("optimize app -f docker/web.Dockerfile --no-verify --out proposal -q"));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(names(&place.at("proposal")).contains(&"web.Dockerfile".to_owned()), "{:?}", names(&place.at("proposal")));
}

#[test]
fn a_plan_that_needs_a_build_is_not_called_finished() {
    let place = Place::new().with("Dockerfile", "FROM debian:bookworm\nCMD [\"true\"]\n");
    let ran = run(&mut place.jettison("optimize --no-verify"));
    assert!(!ran.stdout.contains("nothing left to gain"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Prove it with:  jettison optimize"), "{}", ran.stdout);
}

fn names(folder: &std::path::Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
