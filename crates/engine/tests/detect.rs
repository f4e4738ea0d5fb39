//! Choosing an engine and living with odd ones, with stand-ins for the programs: shell scripts on a `PATH` of their own.
//! The environment cannot be changed within a process safely, so the test runs itself again with another one.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use jettison_engine::process::Command;
use jettison_engine::{EngineKind, Error, RunRequest, detect};

const INNER: &str = "JETTISON_TEST_INNER";

/// What the outer tests start: detects, tries to run a container and prints what came of it.
#[test]
fn inner() {
    let Some(wanted) = std::env::var_os(INNER) else { return };
    let wanted = EngineKind::ALL.into_iter().find(|kind| wanted == kind.name());
    match detect(wanted) {
        Ok(engine) => {
            println!("engine {:?}", engine.info());
            let run = engine.run(&RunRequest { image: "x".into(), run: "1".into(), ..RunRequest::default() });
            println!("run {run:?}");
            engine.warnings().iter().for_each(|text| println!("warning {text}"));
        }
        Err(Error::NoEngine { looked_for, reasons }) => println!("none of {looked_for}: {}", reasons.join(" | ")),
        Err(error) => println!("error {error}"),
    }
}

fn with_programs(wanted: &str, programs: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, script) in programs {
        program(folder.path(), name, script);
    }
    let myself = std::env::current_exe().unwrap();
    let command =
        Command::new(myself).args(["inner", "--exact", "--nocapture"]).env("PATH", folder.path()).env(INNER, wanted);
    command.output().unwrap().text()
}

/// A script may not be executed while another thread's child still holds it open for writing, so a shell writes it.
fn program(folder: &Path, name: &str, script: &str) {
    let path = folder.join(name);
    let source = format!("#!/bin/sh\n{script}\n");
    let command = Command::new("/bin/sh").args(["-c", "cat > \"$0\""]).arg(&path);
    command.output_from(&mut source.as_bytes()).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

const SILENT_DOCKER: &str = r#"echo '{"Client":{"Version":"28.0.0"},"Server":null}'
echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2
exit 1"#;

const PODMAN: &str = r#"case "$1" in
info) echo '{"host":{"os":"linux","arch":"amd64","cpus":1,"serviceIsRemote":false,"security":{"rootless":true}},"version":{"Version":"5.0.0"}}' ;;
create) case "$*" in
  *--pids-limit*) echo 'Error: crun: controller `pids` is not available under /sys/fs/cgroup' >&2; exit 126 ;;
  *) echo abc ;;
  esac ;;
start) echo abc ;;
*) exit 1 ;;
esac"#;

#[test]
fn says_why_each_engine_was_no_use() {
    let text = with_programs("", &[("docker", SILENT_DOCKER)]);
    assert!(
        text.contains("none of docker, podman, buildah: docker does not answer: Cannot connect to the Docker daemon"),
        "{text}"
    );
    assert!(text.contains("| podman: not installed | buildah: not installed"), "{text}");
}

#[test]
fn passes_over_a_silent_docker_and_warns() {
    let text = with_programs("", &[("docker", SILENT_DOCKER), ("podman", PODMAN)]);
    assert!(text.contains("name: \"podman\", version: \"5.0.0\", platform: \"linux/amd64\""), "{text}");
    assert!(text.contains("rootless: true"), "{text}");
    assert!(text.contains("warning docker was passed over: docker does not answer"), "{text}");
}

#[test]
fn asked_for_one_engine_it_takes_no_other() {
    let text = with_programs("docker", &[("docker", SILENT_DOCKER), ("podman", PODMAN)]);
    assert!(text.contains("error docker does not answer"), "{text}");
    let text = with_programs("buildah", &[("podman", PODMAN)]);
    assert!(text.contains("none of buildah: buildah: not installed"), "{text}");
}

#[test]
fn runs_without_a_limit_that_the_host_cannot_set_and_warns() {
    let text = with_programs("podman", &[("podman", PODMAN)]);
    assert!(text.contains("run Ok(\"abc\")"), "{text}");
    assert!(text.contains("warning podman cannot limit pids on this host"), "{text}");
    assert!(!text.contains("cannot limit memory"), "{text}");
}

#[test]
fn tells_a_forbidden_socket_from_a_silent_one() {
    let denied = "echo 'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: connect: permission denied' >&2; exit 1";
    let text = with_programs("docker", &[("docker", denied)]);
    assert!(text.contains("error no permission to use docker: permission denied while trying"), "{text}");
}

#[test]
fn podman_under_dockers_name_is_podman() {
    let shim = r#"echo '{"Client":{"Name":"Podman Engine","APIVersion":"5.0.0"}}'; echo 'Emulate Docker CLI using podman.' >&2"#;
    let text = with_programs("", &[("docker", shim), ("podman", PODMAN)]);
    assert!(text.contains("name: \"podman\""), "{text}");
}

#[test]
fn windows_containers_are_refused_by_name() {
    let windows =
        r#"echo '{"Client":{"Version":"28.0.0"},"Server":{"Os":"windows","Arch":"amd64","Version":"28.0.0"}}'"#;
    let text = with_programs("docker", &[("docker", windows)]);
    assert!(text.contains("it runs Windows containers"), "{text}");
}

#[test]
fn an_answer_that_is_no_json_is_no_engine() {
    let text = with_programs("", &[("docker", "echo hello"), ("podman", "echo '[1,'"), ("buildah", "exit 3")]);
    assert!(text.contains("none of docker, podman, buildah: docker does not answer"), "{text}");
    assert!(text.contains("buildah does not answer: exit code 3"), "{text}");
}
