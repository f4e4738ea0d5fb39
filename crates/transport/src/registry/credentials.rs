//! Logins as docker's `config.json` and podman's `auth.json` keep them, and the credential helpers that they name. The
//! files' bytes are handed in, and helpers are started by whoever hands in how.
//! <https://docs.docker.com/reference/cli/docker/login/>, containers-auth.json(5)

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::credential_helper::{self as helper, Helper};

/// What Docker Hub is called where logins are kept.
const HUB: &str = "https://index.docker.io/v1/";

/// Logins by registry.
#[derive(Clone, Default)]
pub struct Credentials {
    /// The first that has a login counts.
    files: Vec<Keyring>,
    helper: Option<Arc<Helper>>,
}

/// How to show who one is.
#[derive(Clone, PartialEq, Eq)]
pub enum Login {
    /// Name and password.
    Password {
        /// Name.
        user: String,
        /// Password or access token.
        password: String,
    },
    /// An OAuth2 refresh token (`identitytoken`).
    RefreshToken(String),
}

/// The file is no docker configuration.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {reason}")]
pub struct CredentialsError {
    /// The file.
    pub name: String,
    /// What is wrong; never a secret.
    pub reason: String,
}

/// One file.
#[derive(Clone, Default)]
struct Keyring {
    /// For people.
    name: String,
    /// By [`key`].
    logins: BTreeMap<String, Login>,
    /// `credHelpers`, by [`key`].
    helpers: BTreeMap<String, String>,
    /// `credsStore`.
    store: Option<String>,
}

/// What was found for a registry.
#[derive(Clone, Default)]
pub struct Found {
    /// The login.
    pub login: Option<Login>,
    /// Where it is from, or where none was found; never a secret.
    pub tried: String,
}

impl Credentials {
    /// The logins in docker's `config.json`.
    pub fn from_docker_config(bytes: &[u8]) -> Result<Self, CredentialsError> {
        Self::default().with_file("docker's config.json", bytes)
    }

    /// Adds a file like docker's `config.json`; those before it come first. `name` is for people.
    pub fn with_file(mut self, name: &str, bytes: &[u8]) -> Result<Self, CredentialsError> {
        let wrong = |reason: String| CredentialsError { name: name.to_owned(), reason };
        let document: Value =
            serde_json::from_slice(bytes).map_err(|error| wrong(format!("no JSON, line {}", error.line())))?;
        let object = |field: &str| document.get(field).and_then(Value::as_object).into_iter().flatten();
        let helper = |name: &Value| name.as_str().filter(|name| !name.is_empty()).map(str::to_owned);
        self.files.push(Keyring {
            name: name.to_owned(),
            logins: object("auths").filter_map(|(host, auth)| Some((key(host), login(auth)?))).collect(),
            helpers: object("credHelpers").filter_map(|(host, name)| Some((key(host), helper(name)?))).collect(),
            store: document.get("credsStore").and_then(helper),
        });
        Ok(self)
    }

    /// Adds a login, before all others.
    #[must_use]
    pub fn with(mut self, host: &str, login: Login) -> Self {
        let logins = BTreeMap::from([(key(host), login)]);
        self.files.insert(0, Keyring { name: "what was given".to_owned(), logins, ..Keyring::default() });
        self
    }

    /// Says how credential helpers are run: given the program and what it reads on stdin, whether it succeeded and what it
    /// wrote to stdout; an error if it could not be started. Without, helpers are not asked.
    #[must_use]
    pub fn with_helper(mut self, run: Arc<Helper>) -> Self {
        self.helper = Some(run);
        self
    }

    /// The login for a repository of a registry, by the parts of a reference (`docker.io`, `library/python`).
    pub fn find(&self, host: &str, repository: &str) -> Found {
        let mut asked = Vec::new();
        for file in &self.files {
            if let Some(program) = file.program(host) {
                match self.ask(&program, host) {
                    Ok(Some(login)) => return found(login, &program),
                    Ok(None) => asked.push(program),
                    Err(reason) => asked.push(format!("{program} ({reason})")),
                }
            }
            if let Some(login) = file.login(host, repository) {
                return found(login.clone(), &file.name);
            }
            asked.push(file.name.clone());
        }
        let tried = match asked.is_empty() {
            true => "no login was found: there is no docker or podman configuration".to_owned(),
            false => format!("no login for {host} was found in {}", asked.join(", ")),
        };
        Found { login: None, tried }
    }

    fn ask(&self, program: &str, host: &str) -> Result<Option<Login>, String> {
        let Some(run) = &self.helper else { return Ok(None) };
        helper::ask(run.as_ref(), program, if host == "docker.io" { HUB } else { host })
    }
}

fn found(login: Login, source: &str) -> Found {
    Found { login: Some(login), tried: format!("the login from {source} was shown") }
}

impl Keyring {
    /// The helper for a registry, as a program.
    fn program(&self, host: &str) -> Option<String> {
        let name = self.helpers.get(host).or(self.store.as_ref())?;
        helper::program(name)
    }

    /// The login with the longest key that is the registry, or the beginning of the repository there.
    fn login(&self, host: &str, repository: &str) -> Option<&Login> {
        let mut wanted = format!("{host}/{repository}");
        loop {
            if let Some(login) = self.logins.get(&wanted) {
                return Some(login);
            }
            wanted.truncate(wanted.rfind('/')?);
        }
    }
}

/// Shows hosts, never secrets.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let hosts = self.files.iter().flat_map(|file| file.logins.keys().chain(file.helpers.keys()));
        f.debug_set().entries(hosts).finish()
    }
}

/// Says which kind it is, never what it holds.
impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Password { .. } => "Password",
            Self::RefreshToken(_) => "RefreshToken",
        })
    }
}

fn login(auth: &Value) -> Option<Login> {
    let text = |key: &str| auth.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    if let Some(token) = text("identitytoken") {
        return Some(Login::RefreshToken(token.to_owned()));
    }
    if let Some((user, password)) = text("username").zip(text("password")) {
        return Some(Login::Password { user: user.to_owned(), password: password.to_owned() });
    }
    let decoded = String::from_utf8(STANDARD.decode(text("auth")?.trim()).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some(Login::Password { user: user.to_owned(), password: password.trim_end_matches('\0').to_owned() })
}

/// The key of a file as ours: without scheme and the version that old docker configurations end in; podman's namespaces
/// (`quay.io/team`) stay. `https://index.docker.io/v1/` and its kin are Docker Hub.
fn key(written: &str) -> String {
    let bare = written.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
    let (host, path) = bare.split_once('/').unwrap_or((bare, ""));
    let host = match host {
        "index.docker.io" | "registry-1.docker.io" | "registry.hub.docker.com" => "docker.io",
        host => host,
    };
    match path {
        "" | "v1" | "v2" => host.to_owned(),
        path => format!("{host}/{path}"),
    }
}

impl Login {
    /// The value of an `Authorization` header; none for a token, which has to be exchanged first.
    pub(super) fn basic(&self) -> Option<String> {
        match self {
            Self::Password { user, password } => {
                Some(format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
            }
            Self::RefreshToken(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(found: &Found) -> &str {
        match &found.login {
            Some(Login::Password { user, .. }) => user,
            Some(Login::RefreshToken(_)) => "(token)",
            None => "",
        }
    }

    fn files(files: &[(&str, &str)]) -> Credentials {
        files.iter().fold(Credentials::default(), |all, (name, text)| all.with_file(name, text.as_bytes()).unwrap())
    }

    #[test]
    fn the_longest_key_counts_and_the_first_file() {
        let login = |user: &str| format!(r#"{{"username":"{user}","password":"p"}}"#);
        let podman = format!(
            r#"{{"auths":{{"quay.io":{},"quay.io/team":{},"quay.io/team/app":{}}}}}"#,
            login("all"),
            login("team"),
            login("app")
        );
        let docker = format!(r#"{{"auths":{{"https://ghcr.io/v2/":{},"quay.io":{}}}}}"#, login("gh"), login("late"));
        let all = files(&[("auth.json", &podman), ("config.json", &docker)]);
        assert_eq!(user(&all.find("quay.io", "team/app")), "app");
        assert_eq!(user(&all.find("quay.io", "team/application")), "team");
        assert_eq!(user(&all.find("quay.io", "other/app")), "all");
        assert_eq!(user(&all.find("ghcr.io", "a")), "gh");
        assert_eq!(all.find("ghcr.io", "a").tried, "the login from config.json was shown");
        assert_eq!(all.find("gcr.io", "a").tried, "no login for gcr.io was found in auth.json, config.json");
    }

    #[test]
    fn helpers_are_asked_before_the_file_that_names_them() {
        let config = r#"{"auths":{"a.example":{"username":"file","password":"p"},"b.example":{}},
            "credsStore":"desktop","credHelpers":{"https://index.docker.io/v1/":"hub","c.example":"../evil"}}"#;
        let run: Arc<Helper> = Arc::new(|program, server| match (program, server) {
            ("docker-credential-hub", HUB) => Ok((true, br#"{"Username":"<token>","Secret":"refresh"}"#.to_vec())),
            ("docker-credential-desktop", "b.example") => Ok((true, br#"{"Username":"u","Secret":"s"}"#.to_vec())),
            ("docker-credential-desktop", "d.example") => Err("it is not installed".to_owned()),
            ("docker-credential-desktop", _) => Ok((false, b"credentials not found in native keychain".to_vec())),
            other => panic!("{other:?}"),
        });
        let all = files(&[("config.json", config)]).with_helper(run);
        assert_eq!(user(&all.find("docker.io", "library/python")), "(token)");
        assert_eq!(user(&all.find("b.example", "x")), "u");
        assert_eq!(user(&all.find("a.example", "x")), "file");
        assert_eq!(user(&all.find("c.example", "x")), "");
        let tried = all.find("d.example", "x").tried;
        assert_eq!(
            tried,
            "no login for d.example was found in docker-credential-desktop (it is not installed), config.json"
        );
    }

    #[test]
    fn nothing_shows_a_secret() {
        let login = Login::Password { user: "me".to_owned(), password: "hush".to_owned() };
        let all = Credentials::default().with("a.example", login.clone());
        for shown in [format!("{all:?}"), format!("{login:?}"), all.find("a.example", "x").tried] {
            assert!(!shown.contains("hush"), "{shown}");
        }
    }
}
