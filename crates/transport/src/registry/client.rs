//! Requests to registries: where to send them, tokens, retries, bounds.

use std::collections::HashMap;
use std::io::Read;
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use ureq::http::{Response, StatusCode, header};
use ureq::tls::{TlsConfig, TlsProvider};
use ureq::{Agent, Body, RequestBuilder};

use super::auth::{Challenge, challenge, encode};
use super::{Credentials, Login, Roots};

/// Of a manifest; registries refuse to store more than 4 MiB.
const MAX_BODY: u64 = 8 << 20;
/// The longest that a registry's `Retry-After` is followed.
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// How long to wait, how often to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// For name, connection and handshake together.
    pub connect: Duration,
    /// For one request from start to end.
    pub request: Duration,
    /// Requests in all, the first among them.
    pub tries: u32,
    /// Before the second try; doubled before each further one.
    pub pause: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        let (connect, request) = (Duration::from_secs(8), Duration::from_secs(30));
        Self { connect, request, tries: 4, pause: Duration::from_millis(500) }
    }
}

/// A proxy, as `HTTPS_PROXY` and `NO_PROXY` name it; read from the environment by the binary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// `http://host:port`
    pub url: String,
    /// Hosts that are asked directly.
    pub except: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Head,
}

/// Why there is no answer, in words.
#[derive(Debug)]
pub(super) struct RequestError(pub(super) String);

/// What came back, whatever its status.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) digest: Option<String>,
    pub(super) media_type: String,
    pub(super) body: Vec<u8>,
    challenge: Option<Challenge>,
    retry_after: Option<Duration>,
}

impl Answer {
    /// The registry's own words for an error.
    pub(super) fn message(&self) -> Option<String> {
        let document: Value = serde_json::from_slice(&self.body).ok()?;
        let error = document.get("errors")?.get(0)?;
        let text = error.get("message").or_else(|| error.get("code"))?.as_str()?;
        Some(text.chars().filter(|letter| !letter.is_control()).take(200).collect())
    }
}

pub(super) struct Client {
    roots: Roots,
    pub(super) credentials: Credentials,
    pub(super) timing: Timing,
    pub(super) proxy: Option<Proxy>,
    agent: OnceLock<Result<Agent, String>>,
    /// `Authorization` headers by host and scope.
    tokens: Mutex<HashMap<(String, String), String>>,
    /// Base addresses of registries on this machine, which may speak either.
    local: Mutex<HashMap<String, &'static str>>,
}

impl Client {
    pub(super) fn new(roots: &Roots) -> Self {
        Self {
            roots: roots.clone(),
            credentials: Credentials::default(),
            timing: Timing::default(),
            proxy: None,
            agent: OnceLock::new(),
            tokens: Mutex::default(),
            local: Mutex::default(),
        }
    }

    /// Sends a request to a registry; answers a challenge once.
    pub(super) fn send(
        &self,
        host: &str,
        scope: &str,
        method: Method,
        path: &str,
        accept: &str,
    ) -> Result<Answer, RequestError> {
        let url = format!("{}://{}{path}", self.scheme(host)?, server(host));
        let key = (host.to_owned(), scope.to_owned());
        let token = self.tokens.lock().ok().and_then(|tokens| tokens.get(&key).cloned());
        let answer = self.request(method, &url, accept, token.as_deref())?;
        let Some(challenge) = answer.challenge.as_ref().filter(|_| answer.status == StatusCode::UNAUTHORIZED) else {
            return Ok(answer);
        };
        let Some(token) = self.authorize(host, scope, challenge)? else { return Ok(answer) };
        if let Ok(mut tokens) = self.tokens.lock() {
            tokens.insert(key, token.clone());
        }
        self.request(method, &url, accept, Some(&token))
    }

    /// The `Authorization` header that answers a challenge; none if there is no login for it.
    fn authorize(&self, host: &str, scope: &str, challenge: &Challenge) -> Result<Option<String>, RequestError> {
        let login = self.credentials.login(host);
        let Challenge::Bearer { realm, service, scope: asked } = challenge else {
            return Ok(login.and_then(Login::basic));
        };
        let may_be_plain = is_local(host) && realm.starts_with("http://");
        if !realm.starts_with("https://") && !may_be_plain {
            return Err(RequestError(format!("it wants tokens to be fetched from `{realm}`, which is not https")));
        }
        let scope = asked.as_deref().unwrap_or(scope);
        if scope.is_empty() && login.is_none() {
            return Ok(None);
        }
        let mut query = vec![("scope", scope), ("service", service.as_deref().unwrap_or_default())];
        query.retain(|(_, value)| !value.is_empty());
        let answer = match login {
            Some(Login::RefreshToken(token)) => {
                query.extend([("grant_type", "refresh_token"), ("client_id", "jettison"), ("refresh_token", token)]);
                self.retried(|agent| receive(agent.post(realm).send_form(query.iter().copied())))?
            }
            login => {
                let query: Vec<String> =
                    query.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
                let separator = if realm.contains('?') { '&' } else { '?' };
                let url = format!("{realm}{separator}{}", query.join("&"));
                self.request(Method::Get, &url, "application/json", login.and_then(Login::basic).as_deref())?
            }
        };
        Ok(token(&answer).map(|token| format!("Bearer {token}")))
    }

    fn request(
        &self,
        method: Method,
        url: &str,
        accept: &str,
        authorization: Option<&str>,
    ) -> Result<Answer, RequestError> {
        self.retried(|agent| {
            let request = match method {
                Method::Get => agent.get(url),
                Method::Head => agent.head(url),
            };
            receive(headers(request, accept, authorization).call())
        })
    }

    /// Tries again after what may pass: no answer, too many requests, an error of the server.
    fn retried(&self, send: impl Fn(&Agent) -> Result<Answer, ureq::Error>) -> Result<Answer, RequestError> {
        let agent =
            self.agent.get_or_init(|| self.connect()).as_ref().map_err(|reason| RequestError(reason.clone()))?;
        let mut pause = self.timing.pause;
        let mut tries = 1;
        loop {
            let outcome = send(agent);
            let wait = match &outcome {
                Ok(answer) if passes(answer.status) => answer.retry_after.unwrap_or(pause),
                Err(error) if may_pass(error) => pause,
                _ => return outcome.map_err(|error| RequestError(words(&error))),
            };
            if tries >= self.timing.tries {
                let last =
                    outcome.map_or_else(|error| words(&error), |answer| format!("HTTP {}", answer.status.as_u16()));
                return Err(RequestError(format!("{last}, {tries} times; try again later")));
            }
            thread::sleep(wait.min(MAX_PAUSE));
            pause = pause.saturating_mul(2);
            tries += 1;
        }
    }

    fn connect(&self) -> Result<Agent, String> {
        let tls = TlsConfig::builder().provider(TlsProvider::Rustls).root_certs(self.roots.load()?).build();
        let proxy = self.proxy.as_ref().map(proxy).transpose()?;
        let config = Agent::config_builder()
            .tls_config(tls)
            .proxy(proxy)
            .user_agent(concat!("jettison/", env!("CARGO_PKG_VERSION")))
            .http_status_as_error(false)
            .max_redirects(5)
            .timeout_connect(Some(self.timing.connect))
            .timeout_resolve(Some(self.timing.connect))
            .timeout_global(Some(self.timing.request));
        Ok(config.build().new_agent())
    }

    /// TLS, except with a registry on this machine that only speaks plain HTTP.
    fn scheme(&self, host: &str) -> Result<&'static str, RequestError> {
        if !is_local(host) {
            return Ok("https");
        }
        if let Some(scheme) = self.local.lock().ok().and_then(|local| local.get(host).copied()) {
            return Ok(scheme);
        }
        let plain = self.retried(|agent| receive(agent.get(format!("http://{host}/v2/")).call()));
        // A TLS server answers plain HTTP with 400, or with bytes that are no HTTP.
        let scheme = match plain {
            Ok(answer) if answer.status != StatusCode::BAD_REQUEST => "http",
            Err(error) if error.0.contains(REFUSED) => return Err(error),
            _ => "https",
        };
        if let Ok(mut local) = self.local.lock() {
            local.insert(host.to_owned(), scheme);
        }
        Ok(scheme)
    }
}

const REFUSED: &str = "no registry is listening there";

fn proxy(proxy: &Proxy) -> Result<ureq::Proxy, String> {
    let broken = |_| format!("proxy `{}`: this is no proxy address (expected http://host:port)", proxy.url);
    let parsed = ureq::Proxy::new(&proxy.url).map_err(broken)?;
    let mut builder = ureq::Proxy::builder(parsed.protocol()).host(parsed.host()).port(parsed.port());
    if let Some(user) = parsed.username() {
        builder = builder.username(user);
    }
    if let Some(password) = parsed.password() {
        builder = builder.password(password);
    }
    proxy.except.iter().fold(builder, |builder, host| builder.no_proxy(host)).build().map_err(broken)
}

/// What began with TLS is not redirected to plain HTTP.
fn headers<T>(mut request: RequestBuilder<T>, accept: &str, authorization: Option<&str>) -> RequestBuilder<T> {
    let is_secure = request.uri_ref().and_then(|uri| uri.scheme_str()) == Some("https");
    request = request.config().https_only(is_secure).build();
    if !accept.is_empty() {
        request = request.header(header::ACCEPT, accept);
    }
    match authorization {
        Some(value) => request.header(header::AUTHORIZATION, value),
        None => request,
    }
}

fn receive(response: Result<Response<Body>, ureq::Error>) -> Result<Answer, ureq::Error> {
    let mut response = response?;
    let text = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let challenges =
        response.headers().get_all(header::WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    let challenges: Vec<&str> = challenges.collect();
    let mut answer = Answer {
        status: response.status(),
        digest: text("docker-content-digest"),
        media_type: text("content-type").unwrap_or_default(),
        body: Vec::new(),
        challenge: challenge(&challenges.join(", ")),
        retry_after: text("retry-after").and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs),
    };
    let body = response.body_mut().as_reader().take(MAX_BODY + 1).read_to_end(&mut answer.body);
    body.map_err(ureq::Error::Io)?;
    if answer.body.len() as u64 > MAX_BODY {
        return Err(ureq::Error::BodyExceedsLimit(MAX_BODY));
    }
    Ok(answer)
}

fn token(answer: &Answer) -> Option<String> {
    if !answer.status.is_success() {
        return None;
    }
    let document: Value = serde_json::from_slice(&answer.body).ok()?;
    let token = ["token", "access_token"].iter().find_map(|key| document.get(*key)?.as_str())?;
    Some(token.to_owned())
}

fn passes(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
}

fn may_pass(error: &ureq::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, TimedOut, UnexpectedEof};
    match error {
        ureq::Error::Timeout(_) => true,
        ureq::Error::Io(error) => {
            matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | TimedOut | UnexpectedEof)
        }
        _ => false,
    }
}

fn words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::HostNotFound => "no such host".to_owned(),
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => REFUSED.to_owned(),
        ureq::Error::Timeout(_) => "no answer in time".to_owned(),
        ureq::Error::BodyExceedsLimit(limit) => format!("an answer of more than {limit} bytes"),
        other => other.to_string(),
    }
}

/// Docker Hub's API is elsewhere.
fn server(host: &str) -> &str {
    if host == "docker.io" { "registry-1.docker.io" } else { host }
}

fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}
