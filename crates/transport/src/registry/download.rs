//! A blob as a stream that survives cut connections: it goes on where it stopped, with a `Range` request, or over what it has
//! already where the registry does not know ranges. Nothing is kept: whoever reads hashes what comes. RFC 9110, section 14;
//! OCI distribution-spec, 'Pulling blobs'.

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use jettison_image::LayerFault;
use ureq::BodyReader;
use ureq::http::StatusCode;

use super::answer::Answer;
use super::client::{Ask, Client, Method, locked, words};
use super::error::RequestError;
use super::{RegistryError, denied};

/// A connection that gave so many bytes before it was cut was worth its while: tries count anew.
const PROGRESS: u64 = 16 * 1024;

/// What is downloaded.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// The reference, for messages.
    pub(super) reference: String,
    pub(super) host: String,
    pub(super) repository: String,
    /// Digest of the blob.
    pub(super) digest: String,
    /// Of the blob, in bytes, as its manifest says.
    pub(super) size: u64,
}

/// Why a blob does not come.
#[derive(Debug)]
pub(super) enum Fault {
    /// The registry is the reason.
    Registry(RegistryError),
    /// The blob is.
    Layer(LayerFault),
    /// The registry does not have it.
    Missing,
}

/// Why blobs did not come, by digest. What lies between us and the one who asked only passes on that something is wrong.
#[derive(Default)]
pub(super) struct Faults(Mutex<HashMap<String, Fault>>);

impl Faults {
    fn put(&self, digest: &str, fault: Fault) {
        locked(&self.0).insert(digest.to_owned(), fault);
    }

    /// Once.
    pub(super) fn take(&self, digest: &str) -> Option<Fault> {
        locked(&self.0).remove(digest)
    }
}

/// The blob.
pub(super) struct Download<'a> {
    client: &'a Client,
    target: Target,
    faults: &'a Faults,
    stream: Option<BodyReader<'static>>,
    /// Bytes given to the reader.
    read: u64,
    /// Bytes that come once more, from a registry without ranges.
    again: u64,
    /// Bytes since the last cut.
    since: u64,
    /// Tries without progress.
    tries: u32,
    ended: bool,
}

impl<'a> Download<'a> {
    /// Nothing is asked for before the first read. What goes wrong is in `faults` before the reader gets an error.
    pub(super) fn new(client: &'a Client, target: Target, faults: &'a Faults) -> Self {
        let (stream, read, again, since, tries, ended) = (None, 0, 0, 0, 0, false);
        Self { client, target, faults, stream, read, again, since, tries, ended }
    }

    fn next(&mut self, buffer: &mut [u8]) -> Result<usize, Fault> {
        loop {
            self.connect()?;
            let Some(stream) = &mut self.stream else { continue };
            let missing = self.target.size.saturating_sub(self.read);
            let room = usize::try_from(if self.again > 0 { self.again } else { missing }).unwrap_or(usize::MAX);
            // At the end one byte more is asked for, so that a blob that is too long does not go unnoticed.
            let room = buffer.len().min(room.max(1));
            match stream.read(buffer.get_mut(..room).unwrap_or_default()) {
                Ok(0) if missing == 0 => return Ok(0),
                Ok(0) => self.cut("the connection ended")?,
                Ok(count) if self.again > 0 => self.again = self.again.saturating_sub(count as u64),
                Ok(count) if missing == 0 => return Err(self.too_long(count)),
                Ok(count) => {
                    self.read = self.read.saturating_add(count as u64);
                    self.since = self.since.saturating_add(count as u64);
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // All that was promised is here; that the connection does not end well says nothing about it.
                Err(_) if missing == 0 => return Ok(0),
                Err(error) => self.cut(&words(&ureq::Error::from(error)))?,
            }
        }
    }

    fn too_long(&self, count: usize) -> Fault {
        self.size_mismatch(self.target.size.saturating_add(count as u64))
    }

    fn size_mismatch(&self, actual: u64) -> Fault {
        Fault::Layer(LayerFault::SizeMismatch { expected: self.target.size, actual })
    }

    /// Notes that the connection is gone, and waits before the next unless the last one brought something.
    fn cut(&mut self, why: &str) -> Result<(), Fault> {
        self.stream = None;
        let timing = self.client.agents.timing;
        if self.since >= PROGRESS {
            self.tries = 0;
        }
        self.since = 0;
        self.tries = self.tries.saturating_add(1);
        if self.tries > timing.tries {
            let (read, size) = (self.read, self.target.size);
            let reason = format!("{why} after {read} of {size} bytes of {}, again and again", self.target.digest);
            let host = self.target.host.clone();
            return Err(Fault::Registry(RegistryError::Unreachable { host, reason }));
        }
        if self.tries > 1 {
            thread::sleep(pause(timing.pause, self.tries));
        }
        Ok(())
    }

    /// Has a stream, which goes on where the last one stopped.
    fn connect(&mut self) -> Result<(), Fault> {
        if self.stream.is_some() {
            return Ok(());
        }
        let target = &self.target;
        let path = format!("/v2/{}/blobs/{}", target.repository, target.digest);
        let ask = Ask {
            host: &target.host,
            repository: &target.repository,
            method: Method::Stream { from: self.read },
            path: &path,
            accept: "",
        };
        let mut answer = match self.client.send(&ask) {
            Ok(answer) => answer,
            // A registry that was there a moment ago may come back.
            Err(RequestError::Broken(reason)) if self.read > 0 => return self.cut(&reason),
            Err(error) => return Err(self.unanswered(error)),
        };
        self.again = self.place(&answer)?;
        self.stream = answer.stream.take();
        Ok(())
    }

    /// How many bytes of an answer are known already.
    fn place(&self, answer: &Answer) -> Result<u64, Fault> {
        let size = self.target.size;
        match answer.status {
            StatusCode::OK => match answer.length {
                Some(length) if length != size => Err(self.size_mismatch(length)),
                _ => Ok(self.read),
            },
            StatusCode::PARTIAL_CONTENT => match answer.range {
                Some(range) if range.whole.is_some_and(|whole| whole != size) => {
                    Err(self.size_mismatch(range.whole.unwrap_or_default()))
                }
                Some(range) if range.first == Some(self.read) => Ok(0),
                _ => Err(self.bad("it gives another part of the blob than was asked for")),
            },
            StatusCode::RANGE_NOT_SATISFIABLE => {
                match answer.range.and_then(|range| range.whole).unwrap_or(self.read) {
                    whole if whole == size => Err(self.bad("it has the rest of the blob and does not give it")),
                    whole => Err(self.size_mismatch(whole)),
                }
            }
            StatusCode::NOT_FOUND => Err(Fault::Missing),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                let Target { reference, host, repository, .. } = &self.target;
                Err(Fault::Registry(denied(self.client, reference, host, repository, answer)))
            }
            status => {
                let reason = format!("HTTP {}{} for {}", status.as_u16(), answer.said(), self.target.digest);
                Err(Fault::Registry(RegistryError::Unreachable { host: self.target.host.clone(), reason }))
            }
        }
    }

    fn bad(&self, reason: &str) -> Fault {
        let reference = self.target.reference.clone();
        Fault::Registry(RegistryError::BadAnswer { reference, reason: format!("{}: {reason}", self.target.digest) })
    }

    fn unanswered(&self, error: RequestError) -> Fault {
        let Target { reference, host, repository, .. } = &self.target;
        Fault::Registry(error.about(reference, host, || self.client.login(host, repository).tried))
    }
}

/// Doubles with every try.
fn pause(first: Duration, tries: u32) -> Duration {
    first.saturating_mul(1 << tries.saturating_sub(2).min(8))
}

impl Read for Download<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ended || buffer.is_empty() {
            return Ok(0);
        }
        match self.next(buffer) {
            Ok(count) => {
                self.ended = count == 0;
                Ok(count)
            }
            Err(fault) => {
                self.ended = true;
                self.faults.put(&self.target.digest, fault);
                Err(io::Error::other("the blob does not come"))
            }
        }
    }
}
