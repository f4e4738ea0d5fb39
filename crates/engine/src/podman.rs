//! podman: whether it can be used, and its builds, which are buildah's.

use std::time::Duration;

use serde_json::Value;

use crate::build::{self, Format};
use crate::client::{Client, Flavour};
use crate::process::{Command, cleanup_mode};
use crate::{BuildOutcome, BuildRequest, EngineInfo, Error, errors};

/// An engine that has not answered after this long is taken for unreachable. A first rootless start sets up its storage.
const ANSWER: Duration = Duration::from_secs(60);

/// The podman that the environment points to.
pub(crate) fn connect() -> Result<Client, Error> {
    let info = document("podman", &["info", "--format", "json"])?;
    let text = |path: &str| info.pointer(path).and_then(Value::as_str).unwrap_or_default().to_string();
    let flag = |path: &str| info.pointer(path).and_then(Value::as_bool).unwrap_or(false);
    let engine = EngineInfo {
        name: "podman".into(),
        version: text("/version/Version"),
        platform: format!("{}/{}", text("/host/os"), text("/host/arch")),
        buildkit: false,
        runs: true,
        remote: flag("/host/serviceIsRemote"),
        rootless: flag("/host/security/rootless"),
    };
    let processors = info.pointer("/host/cpus").and_then(Value::as_f64).filter(|count| *count > 0.0);
    Ok(Client::new(engine, Flavour::Podman, processors))
}

/// What `PROGRAM info` answers, or why the program cannot be used.
pub(crate) fn document(program: &str, args: &[&str]) -> Result<Value, Error> {
    let command = Command::new(program).args(args).time_limit(ANSWER);
    let output = match command.output() {
        Err(Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::NoEngine {
                looked_for: program.into(),
                reasons: vec![format!("{program}: not installed")],
            });
        }
        other => other?,
    };
    if output.end.success()
        && let Ok(document) = serde_json::from_slice(&output.stdout)
    {
        return Ok(document);
    }
    Err(match errors::classify(program, &command, output.end, &output.stderr, None) {
        Error::Command { reason, .. } => Error::Unreachable { engine: program.into(), reason },
        error => error,
    })
}

/// Builds with podman or buildah, see [`build::drive`].
pub(crate) fn build(
    program: &str,
    request: &BuildRequest,
    on_line: &mut dyn FnMut(&str),
) -> Result<BuildOutcome, Error> {
    // Cache mounts lie in the temporary directory: a cold build gets one of its own and leaves the user's alone.
    let scratch = match &request.cold {
        Some(_) => Some(
            scratch().map_err(|source| Error::Io { what: "temporary directory for a cold build".into(), source })?,
        ),
        None => None,
    };
    let mut command = build_command(program, request);
    if let Some(scratch) = &scratch {
        command = command.env("TMPDIR", scratch.path());
    }
    let outcome = build::drive(program, &command, Format::Steps, request, on_line);
    if let Some(scratch) = scratch {
        discard(program, scratch);
    }
    outcome
}

/// A rootless build leaves files of other (mapped) users, which only the user namespace may delete.
fn discard(program: &str, scratch: tempfile::TempDir) {
    let path = scratch.path().to_path_buf();
    if scratch.close().is_err() && path.exists() {
        let _despite_interrupt = cleanup_mode();
        // What stays lies where the system clears up by itself.
        let _ = Command::new(program).args(["unshare", "rm", "-rf"]).arg(path).time_limit(ANSWER).output();
    }
}

/// Where podman itself would put temporary files: unlike `/tmp` rarely in memory.
fn scratch() -> std::io::Result<tempfile::TempDir> {
    let prefix = "jettison-cold-";
    let builder = || {
        let mut builder = tempfile::Builder::new();
        builder.prefix(prefix);
        builder
    };
    builder().tempdir_in("/var/tmp").or_else(|_| builder().tempdir())
}

fn build_command(program: &str, request: &BuildRequest) -> Command {
    // The OCI format has no HEALTHCHECK, SHELL and ONBUILD. Older buildahs keep the container of a step that failed.
    let mut command = Command::new(program).args(["build", "--format", "docker", "--layers", "--force-rm"]);
    if let Some(ignore_file) = build::ignore_file(request) {
        command = command.arg("--ignorefile").arg(ignore_file);
    }
    command = build::common_args(command, request);
    if request.cold.is_some() {
        command = command.arg("--no-cache");
    }
    build::finish(command.arg(&request.context), request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_in_dockers_format_with_the_ignore_file_given() {
        let request = BuildRequest {
            context: "/src".into(),
            dockerfile: "/tmp/x/Dockerfile".into(),
            ignore_file: Some("/tmp/x/Dockerfile.dockerignore".into()),
            tag: "jettison-run:a".into(),
            run: "1-2".into(),
            cold: Some("ns".into()),
            ..BuildRequest::default()
        };
        assert_eq!(
            build_command("podman", &request).shown_args().join(" "),
            "build --format docker --layers --force-rm --ignorefile /tmp/x/Dockerfile.dockerignore -f /tmp/x/Dockerfile -t jettison-run:a \
             --label jettison.run=1-2 --no-cache /src"
        );
    }
}
