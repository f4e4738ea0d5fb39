//! Logins as docker's `config.json` keeps them. The file's bytes are handed in; credential helpers are not asked here.
//! <https://docs.docker.com/reference/cli/docker/login/>

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// Logins by registry host.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    logins: BTreeMap<String, Login>,
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
#[error("docker's config.json: {reason}")]
pub struct CredentialsError {
    /// What is wrong; never a secret.
    pub reason: String,
}

impl Credentials {
    /// The logins in docker's `config.json`; entries that only a credential helper can fill are left out.
    pub fn from_docker_config(bytes: &[u8]) -> Result<Self, CredentialsError> {
        let document: Value = serde_json::from_slice(bytes)
            .map_err(|error| CredentialsError { reason: format!("no JSON, line {}", error.line()) })?;
        let mut credentials = Self::default();
        let Some(auths) = document.get("auths").and_then(Value::as_object) else { return Ok(credentials) };
        for (host, auth) in auths {
            if let Some(login) = login(auth) {
                credentials.logins.insert(bare_host(host).to_owned(), login);
            }
        }
        Ok(credentials)
    }

    /// Adds or replaces a login.
    #[must_use]
    pub fn with(mut self, host: &str, login: Login) -> Self {
        self.logins.insert(bare_host(host).to_owned(), login);
        self
    }

    /// The login for a registry, by the host of a reference (`docker.io`).
    pub fn login(&self, host: &str) -> Option<&Login> {
        self.logins.get(bare_host(host))
    }
}

/// Shows hosts, never secrets.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.logins.keys()).finish()
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

/// `https://index.docker.io/v1/` and its kin are Docker Hub; else scheme and path fall away.
fn bare_host(key: &str) -> &str {
    let host = key.trim_start_matches("https://").trim_start_matches("http://");
    match host.split('/').next().unwrap_or(host) {
        "index.docker.io" | "registry-1.docker.io" | "registry.hub.docker.com" => "docker.io",
        host => host,
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
