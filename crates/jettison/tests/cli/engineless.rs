//! No engine, or one that does not answer: said, with the way on, and exit code 2. It is never a verdict.

use crate::assert_transcript;
use crate::program::{Place, run};

fn app() -> Place {
    Place::new().with("Dockerfile", "FROM debian:bookworm\nCMD [\"true\"]\n")
}

#[test]
fn no_engine_is_installed() {
    assert_transcript!(app(), "optimize");
}

#[test]
fn the_engine_asked_for_is_not_installed() {
    assert_transcript!(app(), "optimize --engine podman");
}

#[test]
fn an_engine_nobody_knows() {
    assert_transcript!(app(), "optimize --engine lxc");
}

#[test]
fn an_engine_that_does_not_answer() {
    let stand_in = "echo 'Cannot connect to the Docker daemon at unix:///none.sock. Is the docker daemon running?' >&2";
    let ran = with_docker(stand_in);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("error: docker does not answer: Cannot connect"), "{}", ran.stderr);
    assert!(ran.stderr.contains("next:         start it and try `docker version`"), "{}", ran.stderr);
}

#[test]
fn an_engine_that_does_not_let_us() {
    let stand_in = "echo 'permission denied while trying to connect to the Docker daemon socket' >&2";
    let ran = with_docker(stand_in);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("give your user access to docker's socket"), "{}", ran.stderr);
}

#[test]
fn what_was_there_is_told_where_none_of_them_works() {
    let place = app().with("bin/docker", "#!/bin/sh\necho 'permission denied while trying to connect' >&2\nexit 1\n");
    let ran = run(executable(&place, "docker").jettison("optimize").env("PATH", place.at("bin")));
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("error: no engine found (looked for docker, podman, buildah)"), "{}", ran.stderr);
    assert!(ran.stderr.contains("permission denied while trying to connect"), "{}", ran.stderr);
}

/// A `docker` that says this and fails.
fn with_docker(stand_in: &str) -> crate::program::Ran {
    let place = app().with("bin/docker", format!("#!/bin/sh\n{stand_in}\nexit 1\n"));
    run(executable(&place, "docker").jettison("optimize --engine docker").env("PATH", place.at("bin")))
}

fn executable<'p>(place: &'p Place, name: &str) -> &'p Place {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(place.at("bin").join(name), PermissionsExt::from_mode(0o755)).expect("permissions");
    place
}
