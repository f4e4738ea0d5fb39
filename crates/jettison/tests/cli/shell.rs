//! What `jettison check` says of scripts: in every form of the report, hidden by hadolint's file, judged by a ShellCheck of the user's.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::program::{Place, Ran, run};

const SCRIPT: &str = "FROM debian:13\nRUN true && \\\n    cd /srv; make\n";
const FORMS: [&str; 14] = [
    "text",
    "concise",
    "gnu",
    "tty",
    "json",
    "jsonl",
    "sarif",
    "github",
    "gitlab",
    "sonarqube",
    "codacy",
    "checkstyle",
    "junit",
    "markdown",
];

fn check(place: &Place, arguments: &str) -> Ran {
    run(&mut place.jettison(&format!("check {arguments}")))
}

/// `line:column rule` of all findings about scripts.
fn said(place: &Place, arguments: &str) -> Vec<String> {
    let ran = check(place, &format!("{arguments} --format jsonl"));
    assert!(ran.stderr.is_empty(), "{}", ran.stderr);
    let lines = ran.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let about = lines.filter(|one| one["rule"].as_str().is_some_and(|rule| rule.starts_with("SC")));
    about.map(|one| format!("{}:{} {}", one["line"], one["column"], one["rule"].as_str().unwrap())).collect()
}

/// A program that answers like ShellCheck, and writes how it was called.
fn shellcheck(place: &Place, body: &str) {
    let path = place.path().join("shellcheck");
    std::fs::write(&path, format!("#!/bin/sh\nPATH=/usr/bin:/bin\n{body}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn every_form_has_the_code() {
    let place = Place::new().with("Dockerfile", SCRIPT);
    for form in FORMS {
        let ran = check(&place, &format!("Dockerfile --only SC2164 --format {form}"));
        assert_eq!(ran.code, Some(1), "{form}: {}", ran.stderr);
        assert!(ran.stdout.contains("SC2164"), "{form}: {}", ran.stdout);
    }
    assert_eq!(said(&place, "Dockerfile"), ["3:5 SC2164"]);
}

#[test]
fn configuration_hides_codes() {
    for (name, text) in [
        (".hadolint.yaml", "ignored: [SC2164]\n"),
        ("jettison.toml", "[check]\nignore = [\"SC2164\"]\n"),
        ("jettison.toml", "[check.severity]\nSC2164 = \"off\"\n"),
    ] {
        let place = Place::new().with("Dockerfile", SCRIPT).with(name, text);
        assert!(said(&place, "Dockerfile").is_empty(), "{name}: {text}");
    }
    let place = Place::new().with("Dockerfile", SCRIPT).with(".hadolint.yaml", "override:\n  error: [SC2164]\n");
    let ran = check(&place, "Dockerfile --only SC2164 --format gnu");
    assert!(ran.stdout.contains(": error: "), "{}", ran.stdout);
    assert!(said(&place, "Dockerfile --profile buildkit --no-config").is_empty());
}

#[test]
fn a_shellcheck_of_the_users_judges_all_files_at_once() {
    let place = Place::new().with("a.Dockerfile", SCRIPT).with("b.Dockerfile", "FROM alpine:3\nRUN é && echo $a\n");
    let answer = r#"{"comments":[{"file":"0","line":2,"endLine":2,"column":13,"endColumn":20,"level":"error","code":2999,"message":"new"},
        {"file":"1","line":2,"endLine":2,"column":11,"endColumn":13,"level":"style","code":2250,"message":"braces"}]}"#;
    shellcheck(
        &place,
        &format!(
            "echo run >> '{}/runs'\ncat * > '{0}/scripts'\ncat <<'END'\n{answer}\nEND\nexit 1",
            place.path().display()
        ),
    );
    let arguments = "--shellcheck ./shellcheck a.Dockerfile b.Dockerfile";
    assert_eq!(said(&place, arguments), ["3:5 SC2999", "2:15 SC2250"]);
    let read = |name: &str| std::fs::read_to_string(place.path().join(name)).unwrap();
    assert_eq!(read("runs"), "run\n", "one run for all files");
    assert_eq!(read("scripts"), "#!/bin/sh\ntrue &&     cd /srv; make#!/bin/sh\né && echo $a");
}

#[test]
fn a_shellcheck_that_does_not_run_is_an_error() {
    let place = Place::new().with("Dockerfile", SCRIPT).with("empty", "FROM scratch\n");
    for name in ["Dockerfile", "empty"] {
        let ran = check(&place, &format!("{name} --shellcheck ./nowhere"));
        assert_eq!(ran.code, Some(2), "{}", ran.stdout);
        assert!(
            ran.stderr.contains("nowhere: no such file") && ran.stderr.contains("leave --shellcheck out"),
            "{}",
            ran.stderr
        );
    }
    shellcheck(&place, "echo 'shellcheck: unknown format' >&2\nexit 4");
    let ran = check(&place, "Dockerfile --shellcheck ./shellcheck");
    assert_eq!(ran.code, Some(2), "{}", ran.stdout);
    assert!(ran.stderr.contains("unknown format"), "{}", ran.stderr);
}
