//! The registry client against small servers in this process: tokens, retries, digests that lie, TLS and its roots.

mod server;

use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use jettison_testkit::sha256;
use jettison_transport::{Credentials, Login, Proxy, Registry, RegistryError, Roots};
use server::{Reply, Server, Stream, client, header, impatient};

const BODY: &str = r#"{"schemaVersion":2,"manifests":[]}"#;

fn digest_header(text: &str) -> String {
    format!("Docker-Content-Digest: {}\r\n", sha256(text.as_bytes()))
}

fn ok(headers: &str) -> Reply {
    Reply::ok(headers, BODY)
}

#[test]
fn asks_with_head_and_accepts_indexes_and_manifests() {
    let server = Server::start(|_, _| ok(&digest_header(BODY)));
    assert_eq!(client().resolve(&server.reference()).unwrap().as_str(), sha256(BODY.as_bytes()));
    let last = server.seen().pop().unwrap();
    assert!(last.starts_with("head /v2/acme/app/manifests/1 "), "{last}");
    for media_type in
        ["oci.image.index.v1", "distribution.manifest.list.v2", "oci.image.manifest.v1", "distribution.manifest.v2"]
    {
        assert!(last.contains(media_type), "{last}");
    }
}

#[test]
fn computes_the_digest_where_the_registry_names_none() {
    let server = Server::start(|request, _| if request.starts_with("HEAD") { Reply::empty(405) } else { ok("") });
    assert_eq!(client().resolve(&server.reference()).unwrap().as_str(), sha256(BODY.as_bytes()));
}

#[test]
fn notices_a_digest_that_is_not_that_of_the_content() {
    let server = Server::start(|_, _| ok(&digest_header("something else")));
    let error = client().manifest(&server.reference()).unwrap_err();
    assert!(matches!(error, RegistryError::BadAnswer { .. }), "{error}");
    let mut pinned = server.reference();
    pinned.digest = Some(sha256(BODY.as_bytes()).parse().unwrap());
    assert!(matches!(client().resolve(&pinned), Err(RegistryError::BadAnswer { .. })));
}

/// A registry that wants a token, and gives one at `/token`.
fn token_server(seen: &'static str) -> Server {
    Server::start(move |request, _| {
        let lower = request.to_ascii_lowercase();
        let host = header(request, "host").unwrap_or_default();
        if lower.contains(" /token") {
            return if lower.contains(seen) { Reply::ok("", r#"{"token":"T0K"}"#) } else { Reply::empty(401) };
        }
        if lower.contains("authorization: bearer t0k") {
            return ok(&digest_header(BODY));
        }
        let challenge = format!("WWW-Authenticate: Bearer realm=\"http://{host}/token\",service=\"s\"\r\n");
        Reply::new(401, &challenge, r#"{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}"#)
    })
}

#[test]
fn fetches_a_token_once_and_keeps_it() {
    let server = token_server("get /token?scope=repository%3aacme%2fapp%3apull&service=s");
    let client = client();
    client.resolve(&server.reference()).unwrap();
    client.resolve(&server.reference()).unwrap();
    assert_eq!(server.seen().iter().filter(|request| request.starts_with("get /token")).count(), 1);
}

#[test]
fn shows_the_login_of_the_docker_config_to_the_token_server_only() {
    // base64 of `me:secret`, which headers in lower case show as below
    let server = token_server("authorization: basic bwu6c2vjcmv0");
    let config = format!(r#"{{"auths":{{"http://{}":{{"auth":"bWU6c2VjcmV0"}}}}}}"#, server.address);
    let credentials = Credentials::from_docker_config(config.as_bytes()).unwrap();
    client().with_credentials(credentials).resolve(&server.reference()).unwrap();
    for request in server.seen() {
        assert_eq!(request.contains("basic"), request.starts_with("get /token"), "{request}");
    }
    let error = client().resolve(&server.reference()).unwrap_err();
    assert!(matches!(&error, RegistryError::Denied { tried, .. } if tried.starts_with("no login")), "{error}");
}

#[test]
fn answers_a_basic_challenge() {
    let server = Server::start(|request, _| {
        if request.contains("Basic bWU6c2VjcmV0") || request.contains("basic bWU6c2VjcmV0") {
            return ok(&digest_header(BODY));
        }
        Reply::new(401, "WWW-Authenticate: Basic realm=\"r\"\r\n", "")
    });
    let login = Login::Password { user: "me".to_owned(), password: "secret".to_owned() };
    let credentials = Credentials::default().with(&server.address, login);
    client().with_credentials(credentials).resolve(&server.reference()).unwrap();
}

#[test]
fn does_not_fetch_tokens_from_a_plain_address_elsewhere() {
    let server =
        Server::start(|_, _| Reply::new(401, "WWW-Authenticate: Bearer realm=\"ftp://example.invalid/token\"\r\n", ""));
    let error = client().resolve(&server.reference()).unwrap_err();
    assert!(matches!(&error, RegistryError::Unreachable { reason, .. } if reason.contains("not https")), "{error}");
}

#[test]
fn tries_again_after_what_may_pass_and_gives_up_in_the_end() {
    let server = Server::start(|_, count| match count {
        1 => Reply::empty(503),
        2 => Reply::new(429, "Retry-After: 0\r\n", ""),
        _ => ok(&digest_header(BODY)),
    });
    client().resolve(&server.reference()).unwrap();
    let server = Server::start(|_, _| Reply::empty(500));
    let error = client().ping(&server.address).unwrap_err();
    assert!(matches!(&error, RegistryError::Unreachable { .. }), "{error}");
    assert!(server.seen().len() >= 3);
}

#[test]
fn says_what_is_not_there() {
    let body = r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"#;
    let server =
        Server::start(move |request, _| if request.contains("manifests") { Reply::new(404, "", body) } else { ok("") });
    client().ping(&server.address).unwrap();
    let error = client().manifest(&server.reference()).unwrap_err().to_string();
    assert_eq!(error, format!("{}/acme/app:1: no such image or tag (`manifest unknown`)", server.address));
}

#[test]
fn says_that_nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let error = client().ping(&address).unwrap_err().to_string();
    assert_eq!(error, format!("{address}: no registry is listening there"));
}

#[test]
fn stops_reading_an_answer_that_never_ends() {
    let server = Server::start(|request, _| match request.contains("manifests") {
        true => Reply::ok("", "x".repeat(9 << 20)),
        false => ok(""),
    });
    assert!(matches!(client().manifest(&server.reference()), Err(RegistryError::BadAnswer { .. })));
}

fn tls_server() -> Server {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let certificate = CertificateDer::from_pem_slice(include_bytes!("certificates/server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("certificates/server.key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let wrap = move |stream| {
        let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
        Box::new(rustls::StreamOwned::new(connection, stream)) as Box<dyn Stream>
    };
    Server::start_with(wrap, |_, _| ok(&digest_header(BODY)))
}

#[test]
fn trusts_the_roots_it_is_given_and_no_others() {
    let server = tls_server();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certificates/ca.pem");
    let trusting = Registry::new(&Roots { file: Some(file.into()) }).with_timing(impatient());
    assert_eq!(trusting.resolve(&server.reference()).unwrap().as_str(), sha256(BODY.as_bytes()));
    let error = client().resolve(&server.reference()).unwrap_err();
    assert!(matches!(&error, RegistryError::Unreachable { reason, .. } if reason.contains("certificate")), "{error}");
}

#[test]
fn a_roots_file_that_cannot_be_used_is_an_error() {
    let empty = tempfile::NamedTempFile::new().unwrap();
    for (file, words) in
        [(empty.path().to_owned(), "no certificate"), ("/nothing/here.pem".into(), "/nothing/here.pem")]
    {
        let error = Registry::new(&Roots { file: Some(file) }).ping("localhost:1").unwrap_err().to_string();
        assert!(error.contains("SSL_CERT_FILE") && error.contains(words), "{error}");
    }
}

#[test]
fn exchanges_a_refresh_token_and_shows_it_to_nobody_else() {
    let server = token_server("grant_type=refresh_token");
    let login = Login::RefreshToken("R3FRESH".to_owned());
    let registry = client().with_credentials(Credentials::default().with(&server.address, login));
    registry.resolve(&server.reference()).unwrap();
    let seen = server.seen();
    let exchange = seen.iter().find(|request| request.starts_with("post /token")).unwrap();
    assert!(exchange.contains("refresh_token=r3fresh") && exchange.contains("service=s"), "{exchange}");
    assert_eq!(seen.iter().filter(|request| request.contains("r3fresh")).count(), 1);
}

#[test]
fn a_refused_login_is_named_and_not_shown() {
    let server = token_server("nobody has this");
    let config = format!(r#"{{"auths":{{"{}":{{"auth":"bWU6c2VjcmV0"}}}}}}"#, server.address);
    let credentials = Credentials::default().with_file("/home/me/.docker/config.json", config.as_bytes()).unwrap();
    let error = client().with_credentials(credentials).manifest(&server.reference()).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("/acme/app:1") && text.contains("the login from /home/me/.docker/config.json"), "{text}");
    assert!(text.contains("authentication required") && !text.contains("secret"), "{text}");
}

#[test]
fn reads_docker_configs_and_shows_no_secrets() {
    let config =
        br#"{"auths":{"https://index.docker.io/v1/":{"auth":"bWU6c2VjcmV0"},"ghcr.io":{"identitytoken":"refresh"},
        "helper.example":{},"quay.io":{"username":"u","password":"p"}},"credsStore":"desktop"}"#;
    let credentials = Credentials::from_docker_config(config).unwrap();
    let login = |host: &str| credentials.find(host, "a/b").login;
    assert_eq!(login("docker.io"), Some(Login::Password { user: "me".to_owned(), password: "secret".to_owned() }));
    assert_eq!(login("ghcr.io"), Some(Login::RefreshToken("refresh".to_owned())));
    assert!(login("helper.example").is_none() && login("quay.io").is_some());
    assert_eq!(format!("{credentials:?}"), r#"{"docker.io", "ghcr.io", "quay.io"}"#);
    let error = Credentials::from_docker_config(b"{\"auths\": secret").unwrap_err().to_string();
    assert!(!error.contains("secret"), "{error}");
}

/// A proxy that opens a tunnel to `server`, whatever host it is asked for; its address, and what it was asked.
fn tunnel(server: &Server) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://me:hush@{}", listener.local_addr().unwrap());
    let (server, asked) = (server.address.clone(), Arc::<Mutex<Vec<String>>>::default());
    let log = Arc::clone(&asked);
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let Some(request) = server::read_request(&mut BufReader::new(client.try_clone().unwrap())) else {
                continue;
            };
            log.lock().unwrap().push(request);
            let mut registry = TcpStream::connect(&server).unwrap();
            client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
            let (mut from, mut to) = (client.try_clone().unwrap(), registry.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut from, &mut to));
            thread::spawn(move || {
                let _ = std::io::copy(&mut registry, &mut client);
                let _ = client.shutdown(std::net::Shutdown::Both);
            });
        }
    });
    (address, asked)
}

#[test]
fn a_registry_without_tls_is_asked_through_the_proxy_where_that_is_allowed() {
    let server = Server::start(|_, _| ok(&digest_header(BODY)));
    let (address, asked) = tunnel(&server);
    let reference = "registry.invalid:5000/acme/app:1".parse().unwrap();
    let proxy = Proxy { http: Some(address), ..Proxy::default() };
    let allowed = client().with_insecure(["registry.invalid:5000".to_owned()]);
    allowed.with_proxy(proxy.clone()).resolve(&reference).unwrap();
    let asked = asked.lock().unwrap();
    assert!(asked.iter().all(|request| request.starts_with("CONNECT registry.invalid:5000 ")), "{asked:?}");
    assert!(asked.iter().all(|request| request.to_lowercase().contains("proxy-authorization: basic")), "{asked:?}");
    // this machine is asked directly, and nobody else without TLS
    let direct = server.seen().len();
    client().with_proxy(proxy.clone()).resolve(&server.reference()).unwrap();
    assert!(server.seen().len() > direct);
    let error = client().with_proxy(proxy).resolve(&reference).unwrap_err().to_string();
    assert!(error.contains("registry.invalid:5000") && !error.contains("hush"), "{error}");
}
