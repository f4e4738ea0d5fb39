//! How connections are made: time-outs, proxies, roots of trust. One agent for each way, made when it is first needed.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};

use super::Roots;

/// How long to wait, how often to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// For name, connection and handshake together.
    pub connect: Duration,
    /// For one document from start to end, and for the head of the answer with a blob.
    pub request: Duration,
    /// For the next bytes of a blob.
    pub stall: Duration,
    /// Requests in all, the first among them. Of a blob: those without progress between them.
    pub tries: u32,
    /// Before the second try; doubled before each further one.
    pub pause: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(8),
            request: Duration::from_secs(30),
            stall: Duration::from_secs(30),
            tries: 4,
            pause: Duration::from_millis(500),
        }
    }
}

/// Proxies, as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name them; read from the environment by the binary. This machine
/// is always asked directly.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Proxy {
    /// `http://host:port`, for registries that speak TLS.
    pub https: Option<String>,
    /// The same for those that do not.
    pub http: Option<String>,
    /// Hosts that are asked directly, with what is below them: `example.com`, `.example.com`, `10.*`, `*`.
    pub except: Vec<String>,
}

/// Shows which there are, never their passwords.
impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = |url: &Option<String>| url.as_deref().map(without_login);
        let (https, http) = (shown(&self.https), shown(&self.http));
        f.debug_struct("Proxy").field("https", &https).field("http", &http).field("except", &self.except).finish()
    }
}

/// A way to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Way {
    /// What begins with TLS is not redirected to plain HTTP.
    pub(super) secure: bool,
    /// A blob: it may take as long as it likes, but not stand still.
    pub(super) stream: bool,
}

/// Agents by way. Each keeps its connections.
#[derive(Default)]
pub(super) struct Agents {
    pub(super) roots: Roots,
    pub(super) timing: Timing,
    pub(super) proxy: Option<Proxy>,
    certificates: OnceLock<Result<RootCerts, String>>,
    made: Mutex<HashMap<Way, Agent>>,
}

impl Agents {
    /// The agent for a way; an error where roots or proxy cannot be used.
    pub(super) fn agent(&self, way: Way) -> Result<Agent, String> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(agent) = made.get(&way) {
            return Ok(agent.clone());
        }
        let agent = self.make(way)?;
        made.insert(way, agent.clone());
        Ok(agent)
    }

    fn make(&self, way: Way) -> Result<Agent, String> {
        let roots = self.certificates.get_or_init(|| self.roots.load()).clone()?;
        let tls = TlsConfig::builder().provider(TlsProvider::Rustls).root_certs(roots).build();
        let proxy = self.proxy.as_ref().and_then(|proxy| proxy.url(way.secure).map(|url| proxy.of(url)));
        let config = Agent::config_builder()
            .tls_config(tls)
            .proxy(proxy.transpose()?)
            .user_agent(concat!("jettison/", env!("CARGO_PKG_VERSION")))
            .http_status_as_error(false)
            .https_only(way.secure)
            // Redirects lead to other hosts' stores: `Authorization` is never sent along, which is ureq's default.
            .max_redirects(5)
            .timeout_connect(Some(self.timing.connect))
            .timeout_resolve(Some(self.timing.connect))
            .timeout_recv_response(Some(self.timing.request))
            .timeout_per_read(Some(self.timing.stall))
            .timeout_global(Some(self.timing.request).filter(|_| !way.stream));
        Ok(config.build().new_agent())
    }
}

impl Proxy {
    fn url(&self, secure: bool) -> Option<&str> {
        if secure { self.https.as_deref() } else { self.http.as_deref() }
    }

    fn of(&self, url: &str) -> Result<ureq::Proxy, String> {
        let shown = without_login(url);
        let broken = |_| format!("proxy `{shown}`: this is no proxy address (expected http://host:port)");
        let parsed = ureq::Proxy::new(url).map_err(broken)?;
        let mut builder = ureq::Proxy::builder(parsed.protocol()).host(parsed.host()).port(parsed.port());
        if let Some(user) = parsed.username() {
            builder = builder.username(user);
        }
        if let Some(password) = parsed.password() {
            builder = builder.password(password);
        }
        self.direct().iter().fold(builder, |builder, host| builder.no_proxy(host)).build().map_err(broken)
    }

    /// What is asked directly, as ureq writes it: a name there does not include what is below it.
    fn direct(&self) -> Vec<String> {
        let mut direct: Vec<String> = ["localhost", "127.*", "[::1]", "::1"].map(str::to_owned).to_vec();
        for host in self.except.iter().map(|host| host.trim()).filter(|host| !host.is_empty()) {
            let host = match host.rsplit_once(':') {
                Some((name, port)) if !name.contains(':') && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
                _ => host,
            };
            if !host.starts_with(['.', '*']) && !host.ends_with('*') {
                direct.push(format!(".{host}"));
            }
            direct.push(host.to_owned());
        }
        direct
    }
}

/// A proxy's address as it may be shown.
fn without_login(url: &str) -> String {
    match url.rsplit_once('@') {
        Some((before, host)) => match before.split_once("://") {
            Some((scheme, _)) => format!("{scheme}://{host}"),
            None => host.to_owned(),
        },
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_shown_without_their_passwords() {
        let proxy = Proxy { https: Some("http://me:pass@proxy:3128".to_owned()), ..Proxy::default() };
        let shown = format!("{proxy:?}");
        assert!(shown.contains("http://proxy:3128") && !shown.contains("pass"), "{shown}");
        let broken = Proxy { https: Some("what://me:pass@proxy".to_owned()), ..Proxy::default() };
        let error = broken.of("what://me:pass@proxy").unwrap_err();
        assert!(error.contains("what://proxy") && !error.contains("pass"), "{error}");
    }

    #[test]
    fn what_is_below_an_excepted_host_is_asked_directly_too() {
        let except = ["example.com:443", ".corp", "10.*", " "].map(str::to_owned).to_vec();
        let proxy = Proxy { https: Some("http://proxy:3128".to_owned()), except, ..Proxy::default() };
        let made = proxy.of("http://proxy:3128").unwrap();
        for (host, direct) in [
            ("example.com", true),
            ("registry.example.com", true),
            ("other.com", false),
            ("a.corp", true),
            ("10.1.2.3", true),
            ("localhost:5000", true),
            ("127.0.0.1:5000", true),
        ] {
            let uri = format!("https://{host}/v2/").parse().unwrap();
            assert_eq!(made.is_no_proxy(&uri), direct, "{host}");
        }
    }
}
