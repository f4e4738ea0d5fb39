//! Where the user keeps what registries ask for: logins of docker and podman, mirrors, proxies. Only places and values of the
//! environment; the files are read when a registry is asked.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use jettison_transport::Proxy;

/// What of the environment matters to registries.
#[derive(Clone, Default)]
pub struct RegistryEnvironment {
    /// DOCKER_AUTH_CONFIG: a docker configuration by itself, as CI systems hand it in.
    pub inline: Option<String>,
    /// Files with logins, the first that has one counts: REGISTRY_AUTH_FILE, docker's `config.json`, podman's `auth.json`.
    pub logins: Vec<PathBuf>,
    /// Files with mirrors, the first that is there counts: podman's `registries.conf`.
    pub mirrors: Vec<PathBuf>,
    /// HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY.
    pub proxy: Option<Proxy>,
}

/// Shows places, never logins.
impl std::fmt::Debug for RegistryEnvironment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { logins, mirrors, proxy, .. } = self;
        let mut shown = f.debug_struct("RegistryEnvironment");
        shown.field("logins", logins).field("mirrors", mirrors).field("proxy", proxy).finish_non_exhaustive()
    }
}

impl RegistryEnvironment {
    /// Reads it; `home` is the user's.
    pub(super) fn read(home: &Path) -> Self {
        Self::from(home, &|name| env::var_os(name).filter(|value| !value.is_empty()))
    }

    fn from(home: &Path, variable: &dyn Fn(&str) -> Option<OsString>) -> Self {
        let path = |name: &str| variable(name).map(PathBuf::from);
        let text = |name: &str| variable(name).and_then(|value| value.into_string().ok());
        let either = |name: &str| text(&name.to_lowercase()).or_else(|| text(name));
        let config = path("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config"));
        let docker = path("DOCKER_CONFIG").unwrap_or_else(|| home.join(".docker"));
        let runtime = path("XDG_RUNTIME_DIR").map(|folder| folder.join("containers/auth.json"));
        let podman = config.join("containers/auth.json");
        let logins = [path("REGISTRY_AUTH_FILE"), Some(docker.join("config.json")), runtime, Some(podman)];
        let mirrors = match path("CONTAINERS_REGISTRIES_CONF") {
            Some(file) => vec![file],
            None => vec![config.join("containers/registries.conf"), "/etc/containers/registries.conf".into()],
        };
        let all = either("ALL_PROXY");
        let (https, http) = (either("HTTPS_PROXY").or(all.clone()), either("HTTP_PROXY").or(all));
        let except = either("NO_PROXY").unwrap_or_default();
        let except = except.split(',').map(|host| host.trim().to_owned()).filter(|host| !host.is_empty()).collect();
        Self {
            inline: text("DOCKER_AUTH_CONFIG"),
            logins: logins.into_iter().flatten().collect(),
            mirrors,
            proxy: (https.is_some() || http.is_some()).then_some(Proxy { https, http, except }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> RegistryEnvironment {
        let find = |name: &str| Some(variables.iter().find(|(known, _)| *known == name)?.1.into());
        RegistryEnvironment::from(Path::new("/home/me"), &find)
    }

    #[test]
    fn logins_lie_where_docker_and_podman_keep_them() {
        let shown = |environment: RegistryEnvironment| format!("{:?}", environment.logins);
        assert_eq!(shown(of(&[])), r#"["/home/me/.docker/config.json", "/home/me/.config/containers/auth.json"]"#);
        let all = of(&[("REGISTRY_AUTH_FILE", "/a"), ("DOCKER_CONFIG", "/d"), ("XDG_RUNTIME_DIR", "/r")]);
        let wanted = r#"["/a", "/d/config.json", "/r/containers/auth.json", "/home/me/.config/containers/auth.json"]"#;
        assert_eq!(shown(all), wanted);
    }

    #[test]
    fn proxies_are_read_in_both_spellings_and_logins_are_not_shown() {
        let all = of(&[("https_proxy", "http://p:1"), ("NO_PROXY", "a.example, b"), ("DOCKER_AUTH_CONFIG", "hush")]);
        let proxy = all.proxy.clone().unwrap();
        assert_eq!((proxy.https.as_deref(), proxy.http), (Some("http://p:1"), None));
        assert_eq!(proxy.except, ["a.example", "b"]);
        assert!(of(&[("NO_PROXY", "a")]).proxy.is_none());
        assert!(!format!("{all:?}").contains("hush"));
    }
}
