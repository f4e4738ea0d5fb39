//! docker: whether it can be used, and its builds, through buildx or, where that is absent, plain `docker build`.

mod classic;

use std::time::Duration;

use serde_json::Value;

use crate::build::{self, Format};
use crate::client::{Client, Flavour, QUICK};
use crate::process::Command;
use crate::{BuildOutcome, BuildRequest, EngineInfo, Error, errors};

/// An engine that has not answered after this long is taken for unreachable.
const ANSWER: Duration = Duration::from_secs(20);

/// How this docker builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builder {
    /// `docker buildx build`, with `--progress=rawjson` from 0.13 on.
    Buildx { rawjson: bool },
    /// `docker build` with BuildKit inside (docker 18.09 to 22 without buildx).
    BuildKit,
    /// `docker build` with the classic builder.
    Classic,
}

/// The docker that the environment and the current context point to.
pub(crate) fn connect() -> Result<Client, Error> {
    let command = Command::new("docker").args(["version", "--format", "{{json .}}"]).time_limit(ANSWER);
    let output = match command.output() {
        Err(Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::NoEngine { looked_for: "docker".into(), reasons: vec!["docker: not installed".into()] });
        }
        other => other?,
    };
    let version: Value = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    let unreachable = |reason: &str| Error::Unreachable { engine: "docker".into(), reason: reason.into() };
    if output.text().contains("Podman Engine") || output.error_text().contains("Emulate Docker CLI using podman") {
        return Err(unreachable("it is podman under docker's name"));
    }
    let server = version.get("Server").filter(|server| server.is_object());
    let Some(server) = server.filter(|_| output.end.success()) else {
        return Err(match errors::classify("docker", &command, output.end, &output.stderr, None) {
            Error::Command { reason, .. } => unreachable(&reason),
            error => error,
        });
    };
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_string();
    if text(server, "Os") == "windows" {
        return Err(unreachable("it runs Windows containers; switch it to Linux containers"));
    }
    let client_version = version.get("Client").map(|client| text(client, "Version")).unwrap_or_default();
    let builder = builder(&client_version)?;
    let details = details();
    let info = EngineInfo {
        name: "docker".into(),
        version: text(server, "Version"),
        platform: format!("{}/{}", text(server, "Os"), text(server, "Arch")),
        buildkit: builder != Builder::Classic,
        runs: true,
        remote: is_remote(&endpoint()),
        rootless: details.rootless,
    };
    Ok(Client::new(info, Flavour::Docker(builder), details.processors))
}

fn builder(client_version: &str) -> Result<Builder, Error> {
    let output = Command::new("docker").args(["buildx", "version"]).time_limit(ANSWER).output()?;
    if output.end.success() {
        let rawjson = buildx_version(&output.text()).is_none_or(|version| version >= (0, 13));
        return Ok(Builder::Buildx { rawjson });
    }
    let major = client_version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    Ok(if major.is_some_and(|major| (18..23).contains(&major)) { Builder::BuildKit } else { Builder::Classic })
}

/// `github.com/docker/buildx v0.29.1 …` → (0, 29)
fn buildx_version(text: &str) -> Option<(u32, u32)> {
    let word = text.split_whitespace().nth(1)?.trim_start_matches('v');
    let mut numbers = word.split(|c: char| !c.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[derive(Default)]
struct Details {
    rootless: bool,
    processors: Option<f64>,
}

fn details() -> Details {
    let command = Command::new("docker").args(["info", "--format", "{{json .}}"]).time_limit(ANSWER);
    let Some(info) = command.output().ok().and_then(|output| serde_json::from_slice::<Value>(&output.stdout).ok())
    else {
        return Details::default();
    };
    let options = info.get("SecurityOptions").and_then(Value::as_array).into_iter().flatten();
    Details {
        rootless: options.filter_map(Value::as_str).any(|option| option.split(',').any(|part| part == "name=rootless")),
        processors: info.get("NCPU").and_then(Value::as_f64).filter(|count| *count > 0.0),
    }
}

/// Where the engine listens, from `DOCKER_HOST` or the current context; the client knows the order.
fn endpoint() -> String {
    let command = Command::new("docker")
        .args(["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"])
        .time_limit(ANSWER);
    command.output().map(|output| output.text().trim().to_string()).unwrap_or_default()
}

/// Whether ports published there are on another machine.
fn is_remote(endpoint: &str) -> bool {
    let Some((scheme, rest)) = endpoint.split_once("://") else { return false };
    match scheme {
        "ssh" => true,
        "tcp" | "http" | "https" => {
            let authority = rest.split('/').next().unwrap_or_default();
            let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
            !(host == "localhost" || host == "[::1]" || host.starts_with("127."))
        }
        _ => false,
    }
}

/// Builds, see [`build::drive`].
pub(crate) fn build(
    builder: Builder,
    request: &BuildRequest,
    on_line: &mut dyn FnMut(&str),
) -> Result<BuildOutcome, Error> {
    let format = match builder {
        Builder::Buildx { rawjson: true } => Format::RawJson,
        Builder::Buildx { rawjson: false } | Builder::BuildKit => Format::Plain,
        Builder::Classic => Format::Steps,
    };
    let (request, _context) = match builder {
        Builder::Classic => classic::adapted(request)?,
        _ => (request.clone(), None),
    };
    build::drive("docker", &build_command(builder, &request), format, &request, on_line)
}

fn build_command(builder: Builder, request: &BuildRequest) -> Command {
    let docker = Command::new("docker");
    let mut command = match builder {
        Builder::Buildx { rawjson } => {
            let progress = if rawjson { "--progress=rawjson" } else { "--progress=plain" };
            // No attestations: they make an index of the image and change its digest from build to build.
            docker.args(["buildx", "build", progress, "--provenance=false", "--sbom=false", "--load"])
        }
        Builder::BuildKit => docker.args(["build", "--progress=plain"]).env("DOCKER_BUILDKIT", "1"),
        // Unless told so it keeps the container of a step that failed.
        Builder::Classic => docker.args(["build", "--force-rm"]).env("DOCKER_BUILDKIT", "0"),
    };
    if let (Builder::Buildx { .. }, Some(name)) = (builder, &request.builder) {
        command = command.args(["--builder", name]);
    }
    command = build::common_args(command, request);
    if let Some(namespace) = &request.cold {
        command = command.arg("--no-cache");
        if builder != Builder::Classic {
            command = command.arg("--build-arg").arg(format!("BUILDKIT_CACHE_MOUNT_NS={namespace}"));
        }
    }
    build::finish(command.arg(&request.context), request)
}

/// What `buildx du` sums up.
pub(crate) fn cache_bytes(builder: Builder) -> Option<u64> {
    let Builder::Buildx { .. } = builder else { return None };
    let output = Command::new("docker").args(["buildx", "du"]).time_limit(QUICK).output().ok()?;
    let text = output.text();
    let total = text.lines().rev().find_map(|line| line.strip_prefix("Total:"))?;
    build::size(total.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> BuildRequest {
        BuildRequest {
            context: "/src/app".into(),
            dockerfile: "/tmp/x/Dockerfile".into(),
            tag: "jettison-run:1-a".into(),
            run: "1-2-3-4".into(),
            build_args: vec![
                ("VERSION".into(), Some("1".into())),
                ("NPM_TOKEN".into(), Some("abcdef".into())),
                ("FROM_ENV".into(), None),
            ],
            ..BuildRequest::default()
        }
    }

    #[test]
    fn builds_with_buildx_and_masks_secrets() {
        let args = build_command(Builder::Buildx { rawjson: true }, &request()).shown_args().join(" ");
        assert_eq!(
            args,
            "buildx build --progress=rawjson --provenance=false --sbom=false --load -f /tmp/x/Dockerfile -t jettison-run:1-a \
             --label jettison.run=1-2-3-4 --build-arg VERSION=1 --build-arg NPM_TOKEN=*** --build-arg FROM_ENV /src/app"
        );
    }

    #[test]
    fn a_cold_build_gets_cache_mounts_of_its_own() {
        let request = BuildRequest {
            cold: Some("ns".into()),
            target: Some("web".into()),
            secrets: vec!["id=npm,src=.npmrc".into()],
            ssh: vec!["default".into()],
            build_contexts: vec!["lib=../lib".into()],
            platform: Some("linux/arm64".into()),
            builder: Some("mine".into()),
            labels: vec![("a".into(), "b".into())],
            build_args: Vec::new(),
            ..request()
        };
        let args = build_command(Builder::Buildx { rawjson: false }, &request).shown_args().join(" ");
        assert_eq!(
            args,
            "buildx build --progress=plain --provenance=false --sbom=false --load --builder mine -f /tmp/x/Dockerfile \
             -t jettison-run:1-a --label jettison.run=1-2-3-4 --label a=b --target web --platform linux/arm64 --build-context lib=../lib \
             --secret id=npm,src=.npmrc --ssh default --no-cache --build-arg BUILDKIT_CACHE_MOUNT_NS=ns /src/app"
        );
    }

    #[test]
    fn plain_docker_build_chooses_its_builder_by_the_environment() {
        let request = request();
        let args = build_command(Builder::Classic, &request).shown_args().join(" ");
        assert!(args.starts_with("build --force-rm -f /tmp/x/Dockerfile -t"), "{args}");
        let args = build_command(Builder::BuildKit, &request).shown_args().join(" ");
        assert!(args.starts_with("build --progress=plain -f"), "{args}");
    }

    #[test]
    fn knows_remote_endpoints() {
        for remote in ["ssh://me@host", "tcp://docker:2375", "tcp://10.0.0.5:2376"] {
            assert!(is_remote(remote), "{remote}");
        }
        for local in [
            "unix:///var/run/docker.sock",
            "npipe:////./pipe/docker_engine",
            "tcp://127.0.0.1:2375",
            "tcp://localhost:2375",
            "",
        ] {
            assert!(!is_remote(local), "{local}");
        }
    }

    #[test]
    fn reads_buildx_versions() {
        assert_eq!(buildx_version("github.com/docker/buildx v0.12.1 abc"), Some((0, 12)));
        assert_eq!(buildx_version("github.com/docker/buildx 0.29.1+ds1 0.29.1+ds1-4"), Some((0, 29)));
        assert_eq!(buildx_version("nonsense"), None);
    }
}
