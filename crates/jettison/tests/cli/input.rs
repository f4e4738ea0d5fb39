//! Bad input: each is told by name, with the next command to type, and exit code 2.

use std::os::unix::fs::PermissionsExt;

use crate::assert_transcript;
use crate::program::{Place, run};

const FINE: &str = "FROM debian:bookworm\nCOPY app /app\nCMD [\"/app\"]\n";

#[test]
fn no_dockerfile() {
    assert_transcript!(Place::new(), "optimize");
}

#[test]
fn no_dockerfile_but_candidates() {
    let place = Place::new().with("web.Dockerfile", FINE).with("Dockerfile.dev", FINE).with("notes.txt", "");
    assert_transcript!(place, "optimize");
}

#[test]
fn dockerfile_and_containerfile() {
    let place = Place::new().with("app/Dockerfile", FINE).with("app/Containerfile", FINE);
    assert_transcript!(place, "optimize app");
}

#[test]
fn the_context_is_a_file() {
    assert_transcript!(Place::new().with("app/Dockerfile", FINE), "optimize app/Dockerfile");
}

#[test]
fn the_context_is_missing() {
    assert_transcript!(Place::new(), "optimize nowhere");
}

#[test]
fn the_context_is_on_the_net() {
    assert_transcript!(Place::new(), "optimize https://git.example/app.git#main");
}

#[test]
fn the_dockerfile_is_a_folder() {
    assert_transcript!(Place::new().with("app/Dockerfile/x", ""), "optimize app");
}

#[test]
fn the_dockerfile_comes_on_stdin() {
    assert_transcript!(Place::new(), "optimize -f -");
}

#[test]
fn the_dockerfile_is_not_there() {
    assert_transcript!(Place::new(), "optimize -f Dockerfile.prod");
}

#[test]
fn the_dockerfile_may_not_be_read() {
    let place = Place::new().with("Dockerfile", FINE);
    std::fs::set_permissions(place.at("Dockerfile"), PermissionsExt::from_mode(0o000)).expect("permissions");
    if std::fs::read(place.at("Dockerfile")).is_ok() {
        eprintln!("skipped: this user may read every file");
        return;
    }
    assert_transcript!(place, "optimize");
}

#[test]
fn the_dockerfile_is_not_utf8() {
    let place = Place::new().with("Dockerfile", b"FROM debian\n# caf\xe9\nRUN true\n");
    assert_transcript!(place, "optimize");
}

#[test]
fn the_dockerfile_is_empty() {
    assert_transcript!(Place::new().with("Dockerfile", "\n  \n"), "optimize");
}

#[test]
fn the_builder_would_refuse_the_dockerfile() {
    let place = Place::new().with("app/Dockerfile", "FROM debian\n\nCOPYY . .\n");
    assert_transcript!(place, "optimize app");
}

#[test]
fn the_builder_would_refuse_the_ignore_file() {
    let place = Place::new().with("app/Dockerfile", FINE).with("app/.dockerignore", "*.log\n[a-\n");
    assert_transcript!(place, "optimize app");
}

#[test]
fn windows_images_are_refused() {
    let place = Place::new().with("Dockerfile", "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN dir\n");
    assert_transcript!(place, "optimize");
}

#[test]
fn files_with_the_escape_sign_of_windows_are_refused() {
    let place = Place::new().with("Dockerfile", "# escape=`\nFROM base\nRUN dir `\n  c:\\\n");
    assert_transcript!(place, "optimize");
}

#[test]
fn runs_with_a_device_are_refused() {
    let file = "# syntax=docker/dockerfile:1-labs\nFROM debian\nRUN --device=nvidia.com/gpu=all nvidia-smi\n";
    assert_transcript!(Place::new().with("Dockerfile", file), "optimize");
}

#[test]
fn nothing_to_undo() {
    assert_transcript!(Place::new().with("Dockerfile", FINE), "optimize --undo");
}

#[test]
fn a_plan_cannot_be_written() {
    assert_transcript!(Place::new(), "optimize --write --no-verify");
}

#[test]
fn no_proof_file() {
    assert_transcript!(Place::new().with("Dockerfile", FINE), "verify");
}

#[test]
fn a_proof_file_that_is_none() {
    assert_transcript!(Place::new().with("jettison.proof.json", "{\"schema_version\": "), "verify");
}

#[test]
fn a_proof_file_of_another_version() {
    let place = Place::new().with("jettison.proof.json", "{\"schema_version\": \"99.0.0\"}");
    assert_transcript!(place, "verify");
}

#[test]
fn a_folder_that_cannot_be_read_is_a_warning() {
    let place = Place::new().with("Dockerfile", FINE).with("app", "").with("private/key", "");
    std::fs::set_permissions(place.at("private"), PermissionsExt::from_mode(0o000)).expect("permissions");
    if std::fs::read_dir(place.at("private")).is_ok() {
        eprintln!("skipped: this user may read every folder");
        return;
    }
    let ran = run(&mut place.jettison("optimize --no-verify"));
    std::fs::set_permissions(place.at("private"), PermissionsExt::from_mode(0o755)).expect("permissions");
    assert!(ran.stdout.contains("private in the context cannot be read"), "{}", ran.stdout);
}

#[test]
fn a_context_of_ten_gigabytes_is_only_looked_at_from_outside() {
    let place =
        Place::new().with("Dockerfile", "FROM debian:bookworm\nCOPY . /app\nCMD [\"/app/run\"]\n").with("run", "");
    // without blocks on the disk: whoever reads it all reads ten gigabytes
    let large = std::fs::File::create(place.at("model.bin")).expect("a file");
    if large.set_len(10_000_000_000).is_err() {
        eprintln!("skipped: no file of ten gigabytes can be made here");
        return;
    }
    let ran = run(&mut place.jettison("optimize --no-verify"));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("context 10,000.0 MB in 3 files") || ran.stderr.contains("context 10.0 GB"),
        "{}",
        ran.stderr
    );
}
