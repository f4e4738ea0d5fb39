//! The README's picture is a real run: the same app, laid out with the same kinds of junk, optimised here, must give the same text
//! but for its numbers. `JETTISON_README_RUN` names a file with what such a run has just said: then that is compared, and nothing
//! is run again. Says so and skips where there is no engine or a base is missing.

#[path = "program/mod.rs"]
mod program;

use std::fs;
use std::path::Path;
use std::process::Command;

use program::{Place, run};

#[test]
fn shows_what_a_run_shows() {
    let said = match std::env::var_os("JETTISON_README_RUN") {
        Some(path) => fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        None => match run_here() {
            Some(said) => said,
            None => return,
        },
    };
    let readme = fs::read_to_string(project().join("README.md")).expect("README.md");
    let shown = readme.split("<!-- transcript: demo -->\n```text\n").nth(1).and_then(|rest| rest.split("```").next());
    assert_eq!(masked(shown.expect("a transcript")), masked(&said), "put this into README.md:\n{said}");
}

/// What the run says; none if it cannot be made here.
fn run_here() -> Option<String> {
    let bases = ["python:3.11", "python:3.11-slim", "debian:bookworm-slim", "gcr.io/distroless/base-debian12"];
    for base in bases {
        let known = Command::new("docker").args(["image", "inspect", base]).output();
        if std::env::var_os("JETTISON_TEST_WITHOUT_ENGINE").is_some()
            || !known.is_ok_and(|output| output.status.success())
        {
            eprintln!("skipped: {base} is not on an engine within reach");
            return None;
        }
    }
    let place = checkout();
    let mut command = place.jettison("optimize py-flask --engine docker");
    for name in ["PATH", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CONTEXT", "XDG_RUNTIME_DIR"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    let ran = run(&mut command);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    Some(ran.stdout)
}

/// Every number becomes N, every unit of bytes B, every run of blanks one; the lines that name the engine and the time, and what was
/// written, go.
fn masked(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.contains(" built · "));
    let lines = lines.filter(|line| {
        !line.contains("Nothing was changed") && !line.contains("Written: ") && !line.contains("Apply with:")
    });
    // on a busy machine a build may take longer, not shorter: ratios go
    let lines = lines.map(|line| line.split(['÷', '×']).next().unwrap_or_default());
    lines.map(|line| line.split_whitespace().map(masked_word).collect::<Vec<_>>().join(" ") + "\n").collect()
}

fn masked_word(word: &str) -> String {
    if matches!(word, "B" | "kB" | "MB") {
        return "B".to_owned();
    }
    let mut masked = String::new();
    for character in word.chars() {
        match character {
            '0'..='9' if masked.ends_with('N') => {}
            '0'..='9' => masked.push('N'),
            '.' | ',' if masked.ends_with('N') => {}
            '~' => {}
            other => masked.push(other),
        }
    }
    masked
}

/// examples/py-flask with what real work trees hold besides.
fn checkout() -> Place {
    let place = Place::new();
    copy(&project().join("examples/py-flask"), &place.at("py-flask"));
    place
        .with("py-flask/.git/HEAD", "ref: refs/heads/main\n")
        .with("py-flask/.git/objects/pack/pack-1.pack", vec![7; 2_000_000])
        .with("py-flask/.env", "SECRET_KEY=not-a-real-one\n")
        .with("py-flask/logs/app.log", vec![b'x'; 2_000_000])
        .with("py-flask/npm-debug.log", "x\n")
        .with("py-flask/app/__pycache__/stale.cpython-39.pyc", vec![0; 60_000])
        .with("py-flask/.pytest_cache/v/cache/lastfailed", "{}\n")
        .with("py-flask/.venv/pyvenv.cfg", "home = /usr/bin\n")
        .with("py-flask/.venv/lib/python3.9/site-packages/stale/_native.so", vec![1; 8_000_000])
}

fn project() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::write(&target, fs::read(&path).expect("a file")).expect("a file");
        }
    }
}
