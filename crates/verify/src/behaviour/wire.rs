//! What the sidecar is told (its one argument) and what it tells (lines of JSON on stdout). Private to one build of the
//! program, so it carries no version. A line each, so that a sidecar that is killed has still told what it saw.

use serde::{Deserialize, Serialize};

use super::{Answer, ProbeRequest};

/// What to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// Wait this long for a listening port.
    pub ready_ms: u64,
    /// Ports must be the same for this long.
    pub settle_ms: u64,
    /// One request, from connecting to the body's end.
    pub request_ms: u64,
    /// Everything after the ports are known.
    pub total_ms: u64,
    /// Bytes of a body that are kept.
    pub max_body: usize,
    /// Bytes of all bodies together; once they are reached, little is kept of the others.
    pub max_bodies: usize,
    /// Links of start pages that are followed, per port.
    pub max_links: usize,
    /// Nothing is there: do not wait, ask all the same.
    pub expect_nothing: bool,
    /// In this order.
    pub requests: Vec<Request>,
}

/// A request on the wire.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    pub port: Option<u16>,
    pub method: String,
    pub path: String,
    pub source: String,
}

/// What the sidecar says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Which ports there are.
    Listening { ports: Vec<u16>, loopback: Vec<u16>, addresses: Vec<String>, never_ready: bool },
    /// One answer.
    Answer {
        request: Request,
        status: Option<u16>,
        content_type: String,
        body: String,
        truncated: bool,
        location: Option<String>,
        error: Option<String>,
    },
    /// The end, and which programs were seen.
    Done { programs: Vec<String> },
}

impl From<&ProbeRequest> for Request {
    fn from(request: &ProbeRequest) -> Self {
        let ProbeRequest { port, method, path, source } = request.clone();
        Self { port, method, path, source }
    }
}

impl From<Request> for ProbeRequest {
    fn from(Request { port, method, path, source }: Request) -> Self {
        Self { port, method, path, source }
    }
}

impl From<&Answer> for Event {
    fn from(answer: &Answer) -> Self {
        Self::Answer {
            request: Request::from(&answer.request),
            status: answer.status,
            content_type: answer.content_type.clone(),
            body: latin1(&answer.body),
            truncated: answer.truncated,
            location: answer.location.clone(),
            error: answer.error.clone(),
        }
    }
}

/// Bytes as text, one char each: readable where they are ASCII, and nothing is lost where they are not.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// The bytes of [`latin1`].
pub fn bytes_of(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}

/// The events among a sidecar's output lines; other lines are ignored.
pub fn events(output: &str) -> Vec<Event> {
    output.lines().filter(|line| line.starts_with('{')).filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives_the_way() {
        let body: Vec<u8> = (0..=255).collect();
        let line = serde_json::to_string(&Event::from(&Answer { body: body.clone(), ..Answer::default() })).unwrap();
        assert!(!line.contains('\n'));
        let Some(Event::Answer { body: text, .. }) = events(&format!("noise\n{line}\n")).pop() else {
            panic!("{line}")
        };
        assert_eq!(bytes_of(&text), body);
    }

    #[test]
    fn a_line_cut_off_by_a_kill_is_ignored() {
        assert!(events("{\"listening\":{\"ports\":[80").is_empty());
    }
}
