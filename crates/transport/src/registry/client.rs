//! Requests to registries: where to send them, tokens, retries, bounds.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use ureq::http::{StatusCode, header};

use super::answer::Answer;
use super::auth::{Challenge, challenge_host, encode};
use super::connect::{Agents, Way};
use super::credentials::Found;
use super::error::RequestError;
use super::{Credentials, Login};

/// The longest that a registry's `Retry-After` is followed; who asks for more is taken at its word, and the request fails.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// Where nobody answers at all, each try takes the whole time-out.
const SILENT_TRIES: u32 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Head,
    /// A blob.
    Stream {
        /// The first byte that is wanted.
        from: u64,
    },
}

/// What is asked of a registry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ask<'a> {
    pub(super) host: &'a str,
    /// What of it: none is the registry itself.
    pub(super) repository: &'a str,
    pub(super) method: Method,
    pub(super) path: &'a str,
    pub(super) accept: &'a str,
}

#[derive(Default)]
pub(super) struct Client {
    pub(super) agents: Agents,
    pub(super) credentials: Credentials,
    /// Hosts that may be asked without TLS, beside this machine.
    pub(super) insecure: BTreeSet<String>,
    /// `Authorization` headers by host and repository.
    tokens: Mutex<HashMap<(String, String), String>>,
    /// By host and repository: helpers are asked once.
    logins: Mutex<HashMap<(String, String), Found>>,
    /// How registries are spoken to that may be without TLS.
    schemes: Mutex<HashMap<String, &'static str>>,
}

impl Client {
    /// Sends a request to a registry; answers a challenge once.
    pub(super) fn send(&self, ask: &Ask<'_>) -> Result<Answer, RequestError> {
        let url = format!("{}://{}{}", self.scheme(ask.host)?, server(ask.host), ask.path);
        let key = (ask.host.to_owned(), ask.repository.to_owned());
        let token = locked(&self.tokens).get(&key).cloned();
        let answer = self.request(ask.method, &url, ask.accept, token.as_deref())?;
        let Some(challenge) = answer.challenge.as_ref().filter(|_| answer.status == StatusCode::UNAUTHORIZED) else {
            return Ok(answer);
        };
        let Some(token) = self.authorize(ask, challenge)? else { return Ok(answer) };
        locked(&self.tokens).insert(key, token.clone());
        self.request(ask.method, &url, ask.accept, Some(&token))
    }

    /// The login for a repository, looked for once.
    pub(super) fn login(&self, host: &str, repository: &str) -> Found {
        let key = (host.to_owned(), repository.to_owned());
        if let Some(found) = locked(&self.logins).get(&key) {
            return found.clone();
        }
        let found = self.credentials.find(host, repository);
        locked(&self.logins).insert(key, found.clone());
        found
    }

    /// The `Authorization` header that answers a challenge; none if there is no login for it.
    fn authorize(&self, ask: &Ask<'_>, challenge: &Challenge) -> Result<Option<String>, RequestError> {
        let login = self.login(ask.host, ask.repository).login;
        let Challenge::Bearer { realm, service, scope } = challenge else {
            return Ok(login.as_ref().and_then(Login::basic));
        };
        self.may_ask(realm)?;
        let own = if ask.repository.is_empty() { String::new() } else { format!("repository:{}:pull", ask.repository) };
        let scope = scope.as_deref().unwrap_or(&own);
        if scope.is_empty() && login.is_none() {
            return Ok(None);
        }
        let mut query = vec![("scope", scope), ("service", service.as_deref().unwrap_or_default())];
        query.retain(|(_, value)| !value.is_empty());
        let answer = match &login {
            Some(Login::RefreshToken(token)) => {
                query.extend([
                    ("grant_type", "refresh_token"),
                    ("client_id", "jettison"),
                    ("refresh_token", token.as_str()),
                ]);
                let agent = self.agent(realm, false)?;
                self.retried(|| Answer::receive(agent.post(realm).send_form(query.iter().copied())?, false))?
            }
            login => {
                let query: Vec<String> =
                    query.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
                let separator = if realm.contains('?') { '&' } else { '?' };
                let url = format!("{realm}{separator}{}", query.join("&"));
                let basic = login.as_ref().and_then(Login::basic);
                self.request(Method::Get, &url, "application/json", basic.as_deref())?
            }
        };
        Ok(answer.token().map(|token| format!("Bearer {token}")))
    }

    /// Whether a login may be shown there: to a server that speaks TLS, or one that need not.
    fn may_ask(&self, realm: &str) -> Result<(), RequestError> {
        let may_be_plain = challenge_host(realm).is_some_and(|host| self.may_be_plain(host));
        if realm.starts_with("https://") || may_be_plain {
            return Ok(());
        }
        let shown: String = realm.chars().filter(|letter| !letter.is_control()).take(100).collect();
        Err(RequestError::Broken(format!("it wants tokens to be fetched from `{shown}`, which is not https")))
    }

    fn request(
        &self,
        method: Method,
        url: &str,
        accept: &str,
        authorization: Option<&str>,
    ) -> Result<Answer, RequestError> {
        let as_stream = matches!(method, Method::Stream { .. });
        let agent = self.agent(url, as_stream)?;
        self.retried(|| {
            let mut request = if method == Method::Head { agent.head(url) } else { agent.get(url) };
            if !accept.is_empty() {
                request = request.header(header::ACCEPT, accept);
            }
            if let Some(value) = authorization {
                request = request.header(header::AUTHORIZATION, value);
            }
            if let Method::Stream { from } = method {
                // bytes as they are stored: they are counted and hashed
                request = request.header(header::ACCEPT_ENCODING, "identity");
                if from > 0 {
                    request = request.header(header::RANGE, format!("bytes={from}-"));
                }
            }
            Answer::receive(request.call()?, as_stream)
        })
    }

    fn agent(&self, url: &str, stream: bool) -> Result<ureq::Agent, RequestError> {
        let way = Way { secure: url.starts_with("https://"), stream };
        self.agents.agent(way).map_err(RequestError::Broken)
    }

    /// Tries again after what may pass: no answer, too many requests, an error of the server.
    fn retried(&self, send: impl Fn() -> Result<Answer, ureq::Error>) -> Result<Answer, RequestError> {
        let timing = &self.agents.timing;
        let mut pause = timing.pause;
        let mut tries = 1;
        loop {
            let outcome = send();
            let (wait, failure) = match &outcome {
                Ok(answer) if passes(answer.status) => {
                    let wait = answer.retry_after.unwrap_or(pause);
                    let mut said = answer.said();
                    if wait > MAX_PAUSE {
                        said = format!("{said} and asks to wait for {} s", wait.as_secs());
                    }
                    (wait, RequestError::Status { status: answer.status.as_u16(), tries, said })
                }
                Err(error) if may_pass(error) => {
                    (pause, RequestError::Broken(format!("{}, {tries} times; try again later", words(error))))
                }
                _ => return outcome.map_err(|error| failure(&error)),
            };
            if tries >= timing.tries || wait > MAX_PAUSE || (tries >= SILENT_TRIES && outcome.is_err_and(is_silent)) {
                return Err(failure);
            }
            thread::sleep(wait);
            pause = pause.saturating_mul(2);
            tries += 1;
        }
    }

    /// TLS, except with a registry that may be without and only speaks plain HTTP.
    fn scheme(&self, host: &str) -> Result<&'static str, RequestError> {
        if !self.may_be_plain(host) {
            return Ok("https");
        }
        if let Some(scheme) = locked(&self.schemes).get(host).copied() {
            return Ok(scheme);
        }
        let plain = self.request(Method::Get, &format!("http://{host}/v2/"), "", None);
        // A TLS server answers plain HTTP with 400, or with bytes that are no HTTP.
        let scheme = match plain {
            Ok(answer) if answer.status != StatusCode::BAD_REQUEST => "http",
            Err(RequestError::Status { .. }) => "http",
            Err(RequestError::Broken(reason)) if reason == REFUSED || reason == NO_HOST => {
                return Err(RequestError::Broken(reason));
            }
            _ => "https",
        };
        locked(&self.schemes).insert(host.to_owned(), scheme);
        Ok(scheme)
    }

    fn may_be_plain(&self, host: &str) -> bool {
        is_local(host) || self.insecure.contains(host)
    }
}

/// Nothing is done while these are held that could leave them half changed.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn passes(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
}

fn may_pass(error: &ureq::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, TimedOut, UnexpectedEof, WouldBlock};
    match error {
        ureq::Error::Timeout(_) => true,
        ureq::Error::Io(error) => {
            matches!(
                error.kind(),
                BrokenPipe | ConnectionAborted | ConnectionReset | TimedOut | UnexpectedEof | WouldBlock
            )
        }
        _ => false,
    }
}

fn is_silent(error: ureq::Error) -> bool {
    matches!(error, ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve))
}

fn failure(error: &ureq::Error) -> RequestError {
    match error {
        ureq::Error::BodyExceedsLimit(limit) => RequestError::TooLong(*limit),
        other => RequestError::Broken(words(other)),
    }
}

const REFUSED: &str = "no registry is listening there";
const NO_HOST: &str = "no such host is known here";

/// What a failed request is called, with what may help.
pub(super) fn words(error: &ureq::Error) -> String {
    const TRUST: &str = "if the registry is your own, name its certificate authority in SSL_CERT_FILE";
    const PLAIN: &str = "if it speaks plain HTTP and you trust the way there: --insecure-registry HOST";
    match error {
        ureq::Error::HostNotFound => NO_HOST.to_owned(),
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => REFUSED.to_owned(),
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => "it hung up".to_owned(),
        ureq::Error::Timeout(_) => "no answer in time".to_owned(),
        ureq::Error::RequireHttpsOnly(_) => "it redirects to an address without TLS, which is not followed".to_owned(),
        ureq::Error::TooManyRedirects => "it redirects again and again".to_owned(),
        other => {
            let text = match other {
                ureq::Error::Io(error) => error.to_string(),
                other => other.to_string(),
            };
            if text.contains("failed to lookup address") {
                // resolvers have no kind of error of their own in the standard library
                NO_HOST.to_owned()
            } else if text.contains("certificate") {
                format!("{text}; {TRUST}")
            } else if text.contains("InvalidContentType") {
                format!("it does not speak TLS; {PLAIN}")
            } else {
                text
            }
        }
    }
}

/// Docker Hub's API is elsewhere.
fn server(host: &str) -> &str {
    if host == "docker.io" { "registry-1.docker.io" } else { host }
}

/// Whether a host is this machine, by its name.
pub(super) fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let is_loopback = name.parse().is_ok_and(|address: std::net::Ipv4Addr| address.is_loopback());
    is_loopback || matches!(name, "localhost" | "[::1]")
}
