//! One HTTP/1.1 GET over a plain socket, with a deadline and a limit on everything: the server may lie, stall or be none.
//! RFC 9112 as far as an answer needs it. Redirects are not followed, nothing is decompressed, connections are not reused.

use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

const MAX_HEAD: usize = 64 * 1024;
const MAX_INTERIM: usize = 5;

/// A request and its bounds.
#[derive(Clone, Copy, Debug)]
pub struct Get<'a> {
    /// `GET`.
    pub method: &'a str,
    /// Path and query.
    pub path: &'a str,
    /// From connecting to the body's end.
    pub limit: Duration,
    /// Bytes of the body that are kept.
    pub max_body: usize,
}

/// What came back. `error` set and `status` set: the head was fine, the body was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// Status code.
    pub status: Option<u16>,
    /// Content-Type, or empty.
    pub content_type: String,
    /// Location.
    pub location: Option<String>,
    /// Decoded from chunks. For an answer that is not HTTP its first bytes.
    pub body: Vec<u8>,
    /// The body was longer than asked for.
    pub truncated: bool,
    /// What is wrong.
    pub error: Option<Failure>,
}

/// What can be wrong. The texts hold no addresses, times or numbers that change from run to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum Failure {
    #[error("connection refused")]
    Refused,
    #[error("cannot connect")]
    Unreachable,
    #[error("no answer in time")]
    NoAnswer,
    #[error("closed without an answer")]
    Closed,
    #[error("not HTTP")]
    NotHttp,
    #[error("not HTTP but TLS")]
    Tls,
    #[error("the answer's head is broken")]
    BrokenHead,
    #[error("the body did not end in time")]
    Endless,
    #[error("the body ended early")]
    Short,
    #[error("the body's chunks are broken")]
    BrokenChunks,
}

/// Asks `address`. Never fails: what goes wrong is in the answer.
pub fn get(address: SocketAddr, get: Get<'_>) -> Response {
    let mut response = Response::default();
    let deadline = Instant::now() + get.limit;
    let outcome = connect(address, get.limit).and_then(|stream| {
        let mut wire = Wire { stream, buffer: Vec::new(), deadline };
        wire.send(&head_of(address, get))?;
        wire.answer(get, &mut response)
    });
    response.error = outcome.err();
    response
}

fn head_of(address: SocketAddr, get: Get<'_>) -> String {
    let host = match address.ip() {
        IpAddr::V6(ip) if !ip.is_loopback() => format!("[{ip}]"),
        IpAddr::V4(ip) if !ip.is_loopback() => ip.to_string(),
        _ => "localhost".to_owned(),
    };
    format!(
        "{} {} HTTP/1.1\r\nHost: {host}:{}\r\nUser-Agent: jettison-probe\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n",
        get.method,
        get.path,
        address.port()
    )
}

fn connect(address: SocketAddr, limit: Duration) -> Result<TcpStream, Failure> {
    TcpStream::connect_timeout(&address, limit.max(Duration::from_millis(1))).map_err(|error| match error.kind() {
        ErrorKind::ConnectionRefused => Failure::Refused,
        _ => Failure::Unreachable,
    })
}

/// A connection, what was read ahead of it, and when all must be over.
struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
    deadline: Instant,
}

impl Wire {
    fn send(&mut self, head: &str) -> Result<(), Failure> {
        let left = self.left().ok_or(Failure::NoAnswer)?;
        self.stream.set_write_timeout(Some(left)).map_err(|_| Failure::Unreachable)?;
        // A server that speaks first may have closed already; what it said is still to be read.
        let _ = self.stream.write_all(head.as_bytes());
        Ok(())
    }

    fn left(&self) -> Option<Duration> {
        self.deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
    }

    /// Reads some more; false at the end of the stream, none when the time is over.
    fn more(&mut self) -> Option<bool> {
        let mut piece = [0; 16 * 1024];
        loop {
            self.stream.set_read_timeout(Some(self.left()?)).ok()?;
            match self.stream.read(&mut piece) {
                Ok(count) => {
                    self.buffer.extend(piece.iter().take(count));
                    return Some(count > 0);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => return None,
                Err(_) => return Some(false),
            }
        }
    }

    fn answer(&mut self, get: Get<'_>, response: &mut Response) -> Result<(), Failure> {
        for _ in 0..MAX_INTERIM {
            let head = match self.head() {
                Ok(head) => head,
                Err(failure) => {
                    response.body = self.buffer.iter().take(64).copied().collect();
                    return Err(failure);
                }
            };
            if (100..200).contains(&head.status) && head.status != 101 {
                continue;
            }
            response.status = Some(head.status);
            response.content_type = head.field("content-type").unwrap_or_default().to_owned();
            response.location = head.field("location").map(str::to_owned);
            let bodiless = get.method == "HEAD" || matches!(head.status, 101 | 204 | 304);
            return if bodiless { Ok(()) } else { self.body(&head, get.max_body, response) };
        }
        Err(Failure::BrokenHead)
    }

    /// The next head; what follows it stays in the buffer.
    fn head(&mut self) -> Result<Head, Failure> {
        loop {
            if let Some(end) = end_of_head(&self.buffer) {
                let head: Vec<u8> = self.buffer.drain(..end).collect();
                return Head::parse(&String::from_utf8_lossy(&head)).ok_or(Failure::BrokenHead);
            }
            if let Some(failure) = foreign(&self.buffer) {
                return Err(failure);
            }
            if self.buffer.len() > MAX_HEAD {
                return Err(Failure::BrokenHead);
            }
            match self.more() {
                Some(true) => {}
                Some(false) if self.buffer.is_empty() => return Err(Failure::Closed),
                Some(false) => return Err(Failure::BrokenHead),
                None if self.buffer.is_empty() => return Err(Failure::NoAnswer),
                None => return Err(Failure::BrokenHead),
            }
        }
    }

    fn body(&mut self, head: &Head, max: usize, response: &mut Response) -> Result<(), Failure> {
        if head.field("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked")) {
            return self.chunks(max, response);
        }
        match head.field("content-length").map(|value| value.trim().parse::<u64>()) {
            Some(Ok(length)) => self.counted(length, max, response),
            Some(Err(_)) => Err(Failure::BrokenHead),
            None => self.until_close(max, response),
        }
    }

    fn counted(&mut self, length: u64, max: usize, response: &mut Response) -> Result<(), Failure> {
        let wanted = usize::try_from(length).unwrap_or(usize::MAX);
        let outcome = self.take(wanted.min(max), &mut response.body);
        response.truncated = outcome.is_ok() && wanted > max;
        outcome
    }

    fn until_close(&mut self, max: usize, response: &mut Response) -> Result<(), Failure> {
        let mut ended = Ok(true);
        while self.buffer.len() <= max {
            match self.more() {
                Some(true) => {}
                Some(false) => break,
                None => {
                    ended = Err(Failure::Endless);
                    break;
                }
            }
        }
        response.truncated = self.buffer.len() > max;
        self.buffer.truncate(max);
        response.body = std::mem::take(&mut self.buffer);
        ended.map(|_| ())
    }

    fn chunks(&mut self, max: usize, response: &mut Response) -> Result<(), Failure> {
        loop {
            let line = self.line()?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(size, 16).map_err(|_| Failure::BrokenChunks)?;
            if size == 0 {
                return Ok(());
            }
            let room = max.saturating_sub(response.body.len());
            self.take(size.min(room), &mut response.body)?;
            if size > room {
                response.truncated = true;
                return Ok(());
            }
            if !self.line()?.is_empty() {
                return Err(Failure::BrokenChunks);
            }
        }
    }

    /// One line without its end; a chunk's size line is short.
    fn line(&mut self) -> Result<String, Failure> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            if self.buffer.len() > 4096 {
                return Err(Failure::BrokenChunks);
            }
            match self.more() {
                Some(true) => {}
                Some(false) => return Err(Failure::Short),
                None => return Err(Failure::Endless),
            }
        }
    }

    /// Moves exactly `count` bytes to `into`, or as many as there are.
    fn take(&mut self, count: usize, into: &mut Vec<u8>) -> Result<(), Failure> {
        let mut missing = count;
        while missing > 0 {
            if self.buffer.is_empty() {
                match self.more() {
                    Some(true) => {}
                    Some(false) => return Err(Failure::Short),
                    None => return Err(Failure::Endless),
                }
            }
            let now = missing.min(self.buffer.len());
            into.extend(self.buffer.drain(..now));
            missing -= now;
        }
        Ok(())
    }
}

/// Bytes that cannot become an HTTP answer.
fn foreign(buffer: &[u8]) -> Option<Failure> {
    if buffer.starts_with(&[0x15, 0x03]) {
        return Some(Failure::Tls);
    }
    let start = b"HTTP/1.";
    let same = buffer.iter().zip(start).all(|(a, b)| a == b);
    (!same).then_some(Failure::NotHttp)
}

/// Bytes up to and with the empty line, if it is there.
fn end_of_head(buffer: &[u8]) -> Option<usize> {
    if foreign(buffer).is_some() {
        return None;
    }
    let crlf = buffer.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4);
    let lf = buffer.windows(2).position(|window| window == b"\n\n").map(|at| at + 2);
    crlf.into_iter().chain(lf).min()
}

struct Head {
    status: u16,
    fields: Vec<(String, String)>,
}

impl Head {
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let status = lines.next()?.split_whitespace().nth(1)?;
        let status = status.parse().ok().filter(|status| (100..1000).contains(status))?;
        let fields = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Some(Self { status, fields })
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests;
