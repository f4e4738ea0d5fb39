//! Small servers in this process, one thread a connection: they answer with what a test says, cut connections where it says,
//! and remember what they were asked.
#![allow(dead_code, reason = "each test file uses its share")]

pub mod folder;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use jettison_model::ImageRef;
use jettison_transport::{Registry, Roots, Timing};

/// What a server answers.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    /// Lines, each with its end.
    pub headers: String,
    pub body: Vec<u8>,
    /// Of the body only so many bytes are sent before the connection is closed.
    pub cut: Option<usize>,
    /// Without a length: the body ends with the connection.
    pub endless: bool,
    /// Before the rest of a body that is cut, nothing happens for so long.
    pub stall: Duration,
}

impl Reply {
    pub fn new(status: u16, headers: &str, body: impl Into<Vec<u8>>) -> Self {
        let (headers, body) = (headers.to_owned(), body.into());
        Self { status, headers, body, cut: None, endless: false, stall: Duration::ZERO }
    }

    pub fn ok(headers: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, headers, body)
    }

    pub fn empty(status: u16) -> Self {
        Self::new(status, "", "")
    }

    pub fn cut(self, at: usize) -> Self {
        Self { cut: Some(at), ..self }
    }
}

pub trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

/// A server on this machine; it ends with the program.
pub struct Server {
    pub address: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// `answer` gets a request's first line and headers, and how many there were with this one.
    pub fn start(answer: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_with(|stream| Box::new(stream), answer)
    }

    /// `wrap` may put TLS around the connection.
    pub fn start_with(
        wrap: impl Fn(TcpStream) -> Box<dyn Stream> + Send + 'static,
        answer: impl Fn(&str, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("127.0.0.1:{}", listener.local_addr().unwrap().port());
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let (log, answer) = (Arc::clone(&seen), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (stream, log, answer) = (wrap(stream), Arc::clone(&log), Arc::clone(&answer));
                thread::spawn(move || serve(stream, &log, answer.as_ref()));
            }
        });
        Self { address, seen }
    }

    pub fn reference(&self) -> ImageRef {
        format!("{}/acme/app:1", self.address).parse().unwrap()
    }

    /// What was asked for, in lower case.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

fn serve(stream: Box<dyn Stream>, log: &Mutex<Vec<String>>, answer: &dyn Fn(&str, usize) -> Reply) {
    let mut stream = BufReader::new(stream);
    let Some(request) = read_request(&mut stream) else { return };
    let count = log.lock().map_or(0, |mut log| {
        log.push(request.to_ascii_lowercase());
        log.len()
    });
    let reply = answer(&request, count);
    let length = if reply.endless { String::new() } else { format!("Content-Length: {}\r\n", reply.body.len()) };
    let head = format!("HTTP/1.1 {} X\r\nConnection: close\r\n{length}{}\r\n", reply.status, reply.headers);
    let shown = if request.starts_with("HEAD") { 0 } else { reply.cut.unwrap_or(reply.body.len()) };
    let out = stream.get_mut();
    let _ = out.write_all(head.as_bytes()).and_then(|()| out.write_all(&reply.body[..shown.min(reply.body.len())]));
    let _ = out.flush();
    thread::sleep(reply.stall);
}

/// First line, headers and body of a request.
pub fn read_request(stream: &mut impl BufRead) -> Option<String> {
    let mut request = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        request.push_str(&line);
    }
    // what is posted belongs to the request
    let length = header(&request, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    request.push_str(&String::from_utf8_lossy(&body));
    Some(request)
}

/// A header of a request.
pub fn header(request: &str, name: &str) -> Option<String> {
    let line = request.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:")))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The first byte that a request wants.
pub fn from(request: &str) -> Option<usize> {
    header(request, "range")?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}

pub fn impatient() -> Timing {
    let (long, pause) = (Duration::from_secs(20), Duration::from_millis(1));
    Timing { connect: long, request: long, stall: long, tries: 3, pause }
}

pub fn client() -> Registry {
    Registry::new(&Roots::default()).with_timing(impatient())
}
