//! The engines' words → [`Error`]. They have no error codes on the command line, only texts; the ones below have been
//! stable for years, and what matches none is passed on as it is.

use crate::Error;
use crate::process::{Command, End};

/// The error of a command of `engine` that ended like this; `reference` is the image it was about, if any.
pub(crate) fn classify(engine: &str, command: &Command, end: End, stderr: &[u8], reference: Option<&str>) -> Error {
    let failure = command.failure(end, stderr);
    let Error::Command { reason, .. } = &failure else { return failure };
    let text = command.masked(&String::from_utf8_lossy(stderr));
    let reason = short_name(&text).unwrap_or_else(|| tidy(reason));
    if let Some(error) = unusable(engine, &text) {
        return error;
    }
    let Some(reference) = reference.map(str::to_string) else { return failure };
    if rate_limited(&text) {
        return Error::RateLimited { reference };
    }
    if not_available(&text) {
        return Error::NotFound { reference, reason };
    }
    failure
}

/// The engine itself cannot be used: it does not answer or does not let us.
pub(crate) fn unusable(engine: &str, text: &str) -> Option<Error> {
    let lower = text.to_lowercase();
    let line = |needle: &str| {
        let found = text.lines().find(|line| line.to_lowercase().contains(needle)).unwrap_or(text);
        tidy(found)
    };
    const DENIED: &[&str] = &["permission denied while trying to connect", "connect: permission denied"];
    if let Some(needle) = DENIED.iter().find(|needle| lower.contains(**needle)) {
        return Some(Error::Permission { engine: engine.into(), reason: line(needle) });
    }
    const SILENT: &[&str] = &[
        "cannot connect to the docker daemon",
        "failed to connect to the docker api",
        "error during connect",
        "is the docker daemon running",
        "cannot connect to podman",
        "unable to connect to podman",
        "connect: connection refused",
        "command [ssh",
    ];
    let needle = SILENT.iter().find(|needle| lower.contains(**needle))?;
    // A registry that refuses connections is not the engine.
    let registry =
        *needle == "connect: connection refused" && !lower.contains("docker.sock") && !lower.contains("podman");
    (!registry).then(|| Error::Unreachable { engine: engine.into(), reason: line(needle) })
}

/// Docker Hub's limit of anonymous pulls, and other registries' of the same name.
pub(crate) fn rate_limited(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["toomanyrequests", "too many requests", "pull rate limit"].iter().any(|needle| lower.contains(needle))
}

/// The image does not exist, may not be pulled, or its registry cannot be reached.
pub(crate) fn not_available(text: &str) -> bool {
    const NEEDLES: &[&str] = &[
        "no such image",
        "image not known",
        "manifest unknown",
        "manifest for ",
        "pull access denied",
        "requested access to the resource is denied",
        "repository does not exist",
        "failed to resolve reference",
        "failed to resolve source metadata",
        "did not resolve to an alias",
        "short-name resolution enforced",
        "pinging container registry",
        "initializing source docker://",
        "unauthorized",
        "not found",
        "no such host",
        "connection refused",
        "i/o timeout",
    ];
    let lower = text.to_lowercase();
    NEEDLES.iter().any(|needle| lower.contains(needle))
}

/// podman and buildah want to be told the registry that docker takes for granted: why, and what to write, instead of their words.
pub(crate) fn short_name(text: &str) -> Option<String> {
    const ALIAS: &str = "did not resolve to an alias";
    const PROMPT: &str = "short-name resolution enforced but cannot prompt";
    let line = text.lines().find(|line| line.contains(ALIAS) || line.contains(PROMPT))?;
    let quoted = line.split_once("short-name \"").and_then(|(_, rest)| Some(rest.split_once('"')?.0));
    let (short, full) = match quoted {
        Some(name) if name.contains('/') => (format!("`{name}`"), format!("docker.io/{name}")),
        Some(name) => (format!("`{name}`"), format!("docker.io/library/{name}")),
        None => ("it".to_owned(), "docker.io/…".to_owned()),
    };
    let add = "unqualified-search-registries = [\"docker.io\"]";
    Some(match line.contains(ALIAS) {
        true => format!(
            "no registry is set for short names, and {short} is one; write {full}, or put {add} into /etc/containers/registries.conf"
        ),
        false => format!(
            "several registries are set for short names, and {short} is one; write {full}, or keep one in /etc/containers/registries.conf"
        ),
    })
}

/// No space left where the engine keeps its data.
pub(crate) fn disk_full(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.contains("no space left on device") || lower.contains("disk quota exceeded")
}

/// A message without the prefixes that say nothing.
pub(crate) fn tidy(message: &str) -> String {
    const PREFIXES: &[&str] = &[
        "ERROR: ",
        "Error: ",
        "error: ",
        "Error response from daemon: ",
        "failed to build: ",
        "failed to solve: ",
        "failed to do request: ",
        "docker: ",
        "creating build container: ",
    ];
    let mut rest = message.trim();
    while let Some(shorter) = PREFIXES.iter().find_map(|prefix| rest.strip_prefix(prefix)) {
        rest = shorter.trim_start();
    }
    rest.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(stderr: &str, reference: Option<&str>) -> Error {
        classify("docker", &Command::new("docker").arg("pull").arg("x"), End::Exited(1), stderr.as_bytes(), reference)
    }

    #[test]
    fn tells_a_silent_daemon_from_a_forbidden_socket() {
        let silent =
            "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n";
        assert!(matches!(of(silent, None), Error::Unreachable { engine, .. } if engine == "docker"));
        let denied = "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: \
                      Get \"http://%2Fvar%2Frun%2Fdocker.sock/v1.51/info\": dial unix /var/run/docker.sock: connect: permission denied\n";
        assert!(matches!(of(denied, Some("x")), Error::Permission { .. }));
    }

    #[test]
    fn tells_the_pull_limit_from_a_missing_image() {
        let limit =
            "Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit.";
        assert!(matches!(of(limit, Some("python")), Error::RateLimited { reference } if reference == "python"));
        let missing =
            "Error response from daemon: manifest for python:9.9 not found: manifest unknown: manifest unknown\n";
        match of(missing, Some("python:9.9")) {
            Error::NotFound { reference, reason } => {
                assert_eq!(reference, "python:9.9");
                assert!(reason.starts_with("manifest for"), "{reason}");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_registry_that_refuses_is_not_a_silent_engine() {
        let text = "Error response from daemon: Get \"https://localhost:5001/v2/\": dial tcp 127.0.0.1:5001: connect: connection refused";
        assert!(matches!(of(text, Some("localhost:5001/x")), Error::NotFound { .. }));
    }

    #[test]
    fn says_what_to_write_where_a_short_name_means_nothing() {
        let text = "Error: short-name \"acme/web:1\" did not resolve to an alias and no unqualified-search registries are \
                    defined in \"/etc/containers/registries.conf\"";
        match of(text, Some("acme/web:1")) {
            Error::NotFound { reason, .. } => assert!(reason.contains("write docker.io/acme/web:1"), "{reason}"),
            other => panic!("{other:?}"),
        }
        let several = "Error: error getting default registries to try: short-name resolution enforced but cannot prompt without a TTY";
        assert!(short_name(several).is_some_and(|reason| reason.starts_with("several registries")));
        assert_eq!(short_name("Error: manifest unknown"), None);
    }

    #[test]
    fn passes_on_what_it_does_not_know() {
        match of("something odd\n", Some("x")) {
            Error::Command { command, reason } => {
                assert_eq!(command, "docker pull x");
                assert_eq!(reason, "something odd");
            }
            other => panic!("{other:?}"),
        }
    }
}
