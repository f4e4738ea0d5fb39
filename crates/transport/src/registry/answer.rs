//! What comes back from a registry: the head, and the body as a document or as a stream. OCI distribution-spec, 'Pull'.

use std::io::Read;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use ureq::http::{HeaderMap, Response, StatusCode, header};
use ureq::{Body, BodyReader};

use super::auth::{Challenge, challenge};
use super::retry::retry_after;
use crate::layout::MAX_DOCUMENT;

/// What came back, whatever its status.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// `Docker-Content-Digest`.
    pub(super) digest: Option<String>,
    /// Without parameters.
    pub(super) media_type: String,
    /// Of the body, in bytes.
    pub(super) length: Option<u64>,
    /// First byte and length of the whole, of an answer with a part.
    pub(super) range: Option<ContentRange>,
    pub(super) challenge: Option<Challenge>,
    pub(super) retry_after: Option<Duration>,
    /// A document; empty where there is a stream.
    pub(super) body: Vec<u8>,
    /// Where one was asked for and the status is a good one.
    pub(super) stream: Option<BodyReader<'static>>,
}

/// `Content-Range: bytes 5-9/10`; RFC 9110, section 14.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ContentRange {
    /// None in `bytes */10`.
    pub(super) first: Option<u64>,
    /// None in `bytes 5-9/*`.
    pub(super) whole: Option<u64>,
}

impl Answer {
    /// Reads the head, and the body unless it is wanted as a stream.
    pub(super) fn receive(response: Response<Body>, as_stream: bool) -> Result<Self, ureq::Error> {
        let (head, body) = response.into_parts();
        let mut answer = Self::head(head.status, &head.headers);
        if as_stream && answer.status.is_success() {
            answer.stream = Some(body.into_reader());
            return Ok(answer);
        }
        let mut reader = body.into_reader().take(MAX_DOCUMENT + 1);
        reader.read_to_end(&mut answer.body).map_err(ureq::Error::from)?;
        if answer.body.len() as u64 > MAX_DOCUMENT {
            return Err(ureq::Error::BodyExceedsLimit(MAX_DOCUMENT));
        }
        Ok(answer)
    }

    fn head(status: StatusCode, headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let number = |name: &str| text(name).and_then(|value| value.trim().parse::<u64>().ok());
        let challenges = headers.get_all(header::WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        let challenges: Vec<&str> = challenges.collect();
        let media_type = text("content-type").unwrap_or_default().split(';').next().unwrap_or_default();
        Self {
            status,
            digest: text("docker-content-digest").map(str::to_owned),
            media_type: media_type.trim().to_owned(),
            length: number("content-length"),
            range: text("content-range").and_then(content_range),
            challenge: challenge(&challenges.join(", ")),
            retry_after: text("retry-after").and_then(|asked| retry_after(asked, SystemTime::now())),
            body: Vec::new(),
            stream: None,
        }
    }

    /// The registry's own words for an error: ` (`…`)`, or nothing.
    pub(super) fn said(&self) -> String {
        let message = || {
            let document: Value = serde_json::from_slice(&self.body).ok()?;
            let error = document.get("errors")?.get(0)?;
            let text = error.get("message").or_else(|| error.get("code"))?.as_str()?.to_owned();
            let shown: String = text.chars().filter(|letter| !letter.is_control()).take(200).collect();
            (!shown.is_empty()).then_some(shown)
        };
        message().map_or_else(String::new, |message| format!(" (`{message}`)"))
    }

    /// The token in a token server's answer.
    pub(super) fn token(&self) -> Option<String> {
        if !self.status.is_success() {
            return None;
        }
        let document: Value = serde_json::from_slice(&self.body).ok()?;
        let token = ["token", "access_token"].iter().find_map(|key| document.get(*key)?.as_str())?;
        // what cannot stand in a header is no token
        let is_token = !token.is_empty() && token.bytes().all(|byte| (0x21..0x7f).contains(&byte));
        is_token.then(|| token.to_owned())
    }
}

/// Reads a `Content-Range` header.
fn content_range(header: &str) -> Option<ContentRange> {
    let (part, whole) = header.trim().strip_prefix("bytes")?.trim_start().split_once('/')?;
    let first = part.split_once('-').and_then(|(first, _)| first.trim().parse().ok());
    (first.is_some() || part.trim() == "*").then(|| ContentRange { first, whole: whole.trim().parse().ok() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ranges_and_refuses_what_is_none() {
        let range = |first, whole| Some(ContentRange { first, whole });
        assert_eq!(content_range("bytes 5-9/10"), range(Some(5), Some(10)));
        assert_eq!(content_range("bytes 5-9/*"), range(Some(5), None));
        assert_eq!(content_range("bytes */10"), range(None, Some(10)));
        for wrong in ["", "bytes", "bytes x-y/10", "items 5-9/10", "bytes 5-9", "bytes 99999999999999999999-1/2"] {
            assert_eq!(content_range(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_token_that_no_header_can_hold_is_none() {
        let token = |body: &str| {
            let mut answer = Answer::head(StatusCode::OK, &HeaderMap::new());
            answer.body = body.as_bytes().to_vec();
            answer.token()
        };
        assert_eq!(token(r#"{"access_token":"T"}"#).as_deref(), Some("T"));
        assert_eq!(token(r#"{"token":"a\r\nHost: b"}"#), None);
        assert_eq!(token(r#"{"token":""}"#), None);
        assert_eq!(token("no JSON"), None);
    }
}
