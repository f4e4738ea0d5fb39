//! Streams: what goes where, colours, width, and readers that go away.

use std::process::Stdio;

use crate::program::{Place, run};

fn app() -> Place {
    let source = "FROM python:3.11\nCOPY . .\nRUN apt-get update && apt-get install -y curl\nCMD python app.py\n";
    Place::new().with("Dockerfile", source).with("app.py", "").with("error.log", "x")
}

const PLAN: &str = "optimize --no-verify";

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = app();
    for arguments in [PLAN, "man", "completions bash", "--help"] {
        let mut child =
            place.jettison(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("ended");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments}: {said}");
        assert!(!said.contains("error") && !said.contains("panicked"), "{arguments}: {said}");
    }
}

#[test]
fn no_colour_where_nobody_looks_and_none_where_it_is_not_wanted() {
    let place = app();
    assert!(!run(&mut place.jettison(PLAN)).stdout.contains('\x1b'));
    assert!(!run(place.jettison(PLAN).env("NO_COLOR", "1").env("TERM", "xterm")).stdout.contains('\x1b'));
    let never = format!("{PLAN} --color never");
    assert!(!run(place.jettison(&never).env("CLICOLOR_FORCE", "1")).stdout.contains('\x1b'));
}

#[test]
fn colour_where_it_is_asked_for() {
    let place = app();
    let always = run(&mut place.jettison(&format!("{PLAN} --color always")));
    assert!(always.stdout.contains("\x1b[") && always.stderr.contains("\x1b["), "{}", always.stdout);
    assert!(run(place.jettison(PLAN).env("CLICOLOR_FORCE", "1")).stdout.contains("\x1b["));
    let error = run(&mut place.jettison("optimize nowhere --color always"));
    assert!(error.stderr.starts_with("\x1b[31merror:\x1b[0m"), "{}", error.stderr);
}

#[test]
fn colour_adds_nothing_but_colour() {
    let place = app();
    let plain = run(&mut place.jettison(PLAN)).stdout;
    let coloured = run(&mut place.jettison(&format!("{PLAN} --color always"))).stdout;
    let mut stripped = String::new();
    let mut inside = false;
    for sign in coloured.chars() {
        match (inside, sign) {
            (false, '\x1b') => inside = true,
            (false, sign) => stripped.push(sign),
            (true, 'm') => inside = false,
            (true, _) => {}
        }
    }
    assert_eq!(stripped, plain);
}

#[test]
fn nothing_is_wider_than_the_terminal() {
    let place = app().with("a-folder-with-a-name/that-is-long/and-longer/Dockerfile", "FROM python:3.11\nCOPY . .\n");
    for columns in [80, 100] {
        for arguments in [PLAN, "optimize a-folder-with-a-name/that-is-long/and-longer --no-verify"] {
            let ran = run(place.jettison(arguments).env("COLUMNS", columns.to_string()));
            let report = ran.stdout.split("   --- ").next().unwrap_or_default();
            // a command to copy is not broken
            for line in report.lines().filter(|line| !line.contains("with:  jettison")) {
                assert!(line.chars().count() <= columns, "{} > {columns}: {line}", line.chars().count());
            }
        }
    }
}

#[test]
fn ascii_where_the_locale_has_no_more() {
    let place = app();
    let ran = run(place.jettison(PLAN).env("LANG", "de_DE.ISO-8859-1"));
    assert!(ran.stdout.is_ascii(), "{}", ran.stdout);
}

#[test]
fn quiet_says_only_the_result() {
    let ran = run(&mut app().jettison(&format!("{PLAN} --quiet")));
    assert!(ran.stderr.is_empty() && !ran.stdout.is_empty(), "{}", ran.stderr);
}
