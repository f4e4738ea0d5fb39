//! Any bytes as the answers of a registry, one a connection: challenges, tokens, indexes, manifests, configs, blobs; an image
//! or an error. The server is in this process and sends them as they are.
#![no_main]

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use jettison_image::Limits;
use jettison_transport::{Credentials, Login, OpenOptions, Registry, Roots, Timing};
use libfuzzer_sys::fuzz_target;

/// Between answers.
const NEXT: &[u8] = b"\n--answer--\n";

static ANSWERS: Mutex<VecDeque<Vec<u8>>> = Mutex::new(VecDeque::new());

/// The server's address.
static ADDRESS: LazyLock<String> = LazyLock::new(|| {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let answer = ANSWERS.lock().ok().and_then(|mut answers| answers.pop_front());
            let _ = stream.write_all(&answer.unwrap_or_default());
        }
    });
    address
});

fuzz_target!(|bytes: &[u8]| {
    let mut answers: VecDeque<Vec<u8>> = VecDeque::from([b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec()]);
    let mut rest = bytes;
    while let Some(at) = rest.windows(NEXT.len()).position(|window| window == NEXT) {
        answers.push_back(rest[..at].to_vec());
        rest = &rest[at + NEXT.len()..];
    }
    answers.push_back(rest.to_vec());
    if let Ok(mut queue) = ANSWERS.lock() {
        *queue = answers;
    }
    let (long, short) = (Duration::from_secs(2), Duration::from_millis(100));
    let timing = Timing { connect: long, request: long, stall: short, tries: 1, pause: Duration::ZERO };
    let login = Login::Password { user: "me".to_owned(), password: "s3cret".to_owned() };
    let credentials = Credentials::default().with(&ADDRESS, login);
    let registry = Registry::new(&Roots::default()).with_timing(timing).with_credentials(credentials);
    let limits =
        Limits { entries: 2000, name_bytes: 1 << 20, unpacked_bytes: 8 << 20, gzip_bytes: 0, ..Limits::default() };
    let options = OpenOptions { limits: &limits, verify: false, jobs: 1, ..OpenOptions::default() };
    let reference = format!("{}/acme/app:1", *ADDRESS).parse().expect("a reference");
    if let Err(error) = registry.open(&reference, &options) {
        let text = error.to_string();
        assert!(!text.contains("s3cret"), "{text}");
    }
});
