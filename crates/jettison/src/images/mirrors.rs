//! Mirrors of registries and registries without TLS, as options and podman's `registries.conf` name them.
//! containers-registries.conf(5); of it `prefix`, `location`, `insecure` and `mirror` of a `[[registry]]` are read.

use jettison_transport::Mirrors;

use crate::environment::RegistryEnvironment;
use crate::failure::Failure;
use crate::input::reason;
use crate::output::shown;

/// What a mirror mirrors where nothing else is said.
const HUB: &str = "docker.io";

/// Which registries are asked, and how.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Settings {
    pub(super) mirrors: Mirrors,
    /// Hosts that may be asked without TLS.
    pub(super) insecure: Vec<String>,
}

/// Reads options (`--registry-mirror`, `--insecure-registry`) and the first file that is there.
pub(super) fn read(
    environment: &RegistryEnvironment,
    mirrors: &[String],
    insecure: &[String],
) -> Result<Settings, Failure> {
    let mut settings = Settings::default();
    for mirror in mirrors {
        let (of, location) = mirror.split_once('=').unwrap_or((HUB, mirror));
        settings.mirrors.add(of, location);
        if location.starts_with("http://") {
            settings.insecure.push(host(location));
        }
    }
    settings.insecure.extend(insecure.iter().map(|name| host(name)));
    for path in &environment.mirrors {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Failure::new(format!("{}: {}", shown(path), reason(&error)))),
        };
        settings.add(&text).map_err(|why| Failure::new(format!("{}: {why}", shown(path))))?;
        break;
    }
    Ok(settings)
}

impl Settings {
    /// Adds what a `registries.conf` says.
    fn add(&mut self, text: &str) -> Result<(), String> {
        let document: toml::Table = text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
        let registries = document.get("registry").and_then(toml::Value::as_array);
        for registry in registries.into_iter().flatten() {
            let text = |field: &str| registry.get(field).and_then(toml::Value::as_str);
            let Some(prefix) = text("prefix").or_else(|| text("location")) else { continue };
            for mirror in registry.get("mirror").and_then(toml::Value::as_array).into_iter().flatten() {
                self.place(prefix, mirror);
            }
            self.place(prefix, registry);
        }
        Ok(())
    }

    /// A registry or a mirror of it. Prefixes with `*.` are for hosts whose names nobody knows beforehand: left out.
    fn place(&mut self, prefix: &str, table: &toml::Value) {
        let Some(location) = table.get("location").and_then(toml::Value::as_str) else { return };
        if location != prefix && !prefix.starts_with('*') {
            self.mirrors.add(prefix, location);
        }
        if table.get("insecure").and_then(toml::Value::as_bool) == Some(true) {
            self.insecure.push(host(location));
        }
    }
}

/// The host of an address with or without scheme and path.
fn host(address: &str) -> String {
    let bare = address.trim_start_matches("https://").trim_start_matches("http://");
    bare.split('/').next().unwrap_or(bare).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_mirrors_and_registries_without_tls() {
        let text = r#"
            unqualified-search-registries = ["docker.io"]
            [[registry]]
            location = "docker.io"
            [[registry.mirror]]
            location = "mirror.example/hub"
            [[registry.mirror]]
            location = "plain.example:5000"
            insecure = true
            [[registry]]
            prefix = "quay.io/team"
            location = "own.example/quay/team"
            [[registry]]
            location = "lab.example:5000"
            insecure = true
        "#;
        let mut settings = Settings::default();
        settings.add(text).unwrap();
        let of = |text: &str| {
            let found = settings.mirrors.of(&text.parse().unwrap());
            found.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(of("python:3"), ["mirror.example/hub/library/python:3", "plain.example:5000/library/python:3"]);
        assert_eq!(of("quay.io/team/app"), ["own.example/quay/team/app"]);
        assert_eq!(of("lab.example:5000/app"), Vec::<String>::new());
        assert_eq!(settings.insecure, ["plain.example:5000", "lab.example:5000"]);
    }

    #[test]
    fn a_file_that_is_no_toml_is_an_error() {
        assert!(Settings::default().add("[[registry").is_err());
    }
}
