//! What is in an archive: JSON documents as they are, layers as indexes, links between names. What a file is shows in its
//! first bytes: neither names nor media types can be relied on.

use std::collections::HashMap;
use std::io::{BufReader, Cursor, Read};
use std::sync::Arc;

use jettison_image::tar::{Member, MemberError, MemberKind, Members, looks_like_tar};
use jettison_image::{Compression, Error, LayerFault, LayerIndex, LayerReader, Limits, index_layer_within};
use jettison_model::Digest;
use sha2::{Digest as _, Sha256};

use super::known::Known;

/// Of one document; manifests and configs have a few KiB, Docker refuses more than 4 MiB.
const MAX_DOCUMENT: u64 = 8 << 20;
/// Of all documents.
const MAX_DOCUMENTS: usize = 64 << 20;
/// Files and links in the archive.
const MAX_MEMBERS: usize = 100_000;
/// Links from name to name.
const MAX_LINKS: usize = 16;
const BUFFER: usize = 256 * 1024;

/// How layers are read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'w> {
    /// Of which paths the payload is kept.
    pub(super) wanted: &'w dyn Fn(&str) -> bool,
    /// For each layer.
    pub(super) limits: &'w Limits,
    /// Layers read before under the same two.
    pub(super) known: Option<&'w Known>,
}

/// The files of an archive by cleaned name (no leading `./` or `/`).
#[derive(Default)]
pub(super) struct Contents {
    documents: HashMap<String, Vec<u8>>,
    layers: HashMap<String, Result<Arc<LayerIndex>, Error>>,
    links: HashMap<String, String>,
    document_bytes: usize,
}

impl Contents {
    /// Reads the whole stream.
    pub(super) fn read(stream: &mut dyn Read, reading: Reading<'_>) -> Result<Self, Error> {
        let mut members = Members::new(BufReader::with_capacity(BUFFER, stream));
        let mut contents = Self::default();
        let mut count = 0;
        while let Some(member) = members.next_member().map_err(archive_error)? {
            count += 1;
            if count > MAX_MEMBERS {
                return Err(archive(format!("more than {MAX_MEMBERS} files")));
            }
            contents.add(&member, &mut members, reading)?;
        }
        if count == 0 {
            return Err(archive("it is empty".to_owned()));
        }
        Ok(contents)
    }

    fn add<R: Read>(
        &mut self,
        member: &Member,
        members: &mut Members<BufReader<R>>,
        reading: Reading<'_>,
    ) -> Result<(), Error> {
        let name = clean(&String::from_utf8_lossy(&member.name));
        let link = String::from_utf8_lossy(&member.link);
        match member.kind {
            MemberKind::Hardlink => {
                self.links.insert(name, clean(&link));
            }
            MemberKind::Symlink => {
                let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
                let target = if link.starts_with('/') { clean(&link) } else { clean(&format!("{folder}/{link}")) };
                self.links.insert(name, target);
            }
            // The same content again.
            MemberKind::Regular if digest_in(&name).is_some() && self.layers.get(&name).is_some_and(Result::is_ok) => {}
            MemberKind::Regular => self.file(name, member.size, members, reading)?,
            _ => {}
        }
        Ok(())
    }

    fn file<R: Read>(
        &mut self,
        name: String,
        size: u64,
        members: &mut Members<BufReader<R>>,
        reading: Reading<'_>,
    ) -> Result<(), Error> {
        let digest = digest_in(&name).map(str::to_owned);
        let known = reading.known.zip(digest.as_deref());
        if let Some(index) = known.and_then(|(known, digest)| known.get(digest, size)) {
            self.layers.insert(name, Ok(index));
            return Ok(());
        }
        let mut payload = members.payload();
        let mut head = Vec::with_capacity(512);
        Read::by_ref(&mut payload).take(512).read_to_end(&mut head).map_err(|error| cut_short(&name, error))?;
        if is_document(&head) && size <= MAX_DOCUMENT {
            payload.read_to_end(&mut head).map_err(|error| cut_short(&name, error))?;
            self.document_bytes = self.document_bytes.saturating_add(head.len());
            if self.document_bytes > MAX_DOCUMENTS {
                return Err(archive(format!("more than {MAX_DOCUMENTS} bytes of JSON documents")));
            }
            self.documents.insert(name, head);
            return Ok(());
        }
        let blob = Box::new(Cursor::new(head).chain(payload));
        let reader = LayerReader { name: shown(&name), blob };
        let index = index_layer_within(reader, reading.wanted, reading.limits);
        let index = index.and_then(|index| verified(index, &name)).map(Arc::new);
        if let (Some((known, digest)), Ok(index)) = (known, &index) {
            known.keep(digest, index);
        }
        self.layers.insert(name, index);
        Ok(())
    }

    /// The document `name` and its digest, which must be that in its name; `source` names it.
    pub(super) fn document(&self, name: &str, source: &str) -> Result<(Digest, &[u8]), Error> {
        let target = self.target(name);
        let Some(bytes) = self.documents.get(target) else {
            return Err(match self.layers.contains_key(target) {
                true => Error::Document { document: shown(name), reason: "is no JSON document".to_owned() },
                false => Error::MissingBlob { blob: shown(name), document: source.to_owned() },
            });
        };
        let actual = Digest::sha256(&Sha256::digest(bytes));
        match digest_in(target) {
            Some(expected) if expected != actual.hex() => {
                Err(Error::DigestMismatch { expected: format!("sha256:{expected}"), actual: actual.to_string() })
            }
            _ => Ok((actual, bytes)),
        }
    }

    /// Whether there is such a file.
    pub(super) fn has(&self, name: &str) -> bool {
        self.documents.contains_key(name) || self.layers.contains_key(name)
    }

    /// The index of layer `name`.
    pub(super) fn layer(&mut self, name: &str, source: &str) -> Result<Arc<LayerIndex>, Error> {
        let target = self.target(name).to_owned();
        match self.layers.get(&target) {
            Some(Ok(index)) => return Ok(index.clone()),
            Some(Err(_)) => {}
            None if self.documents.contains_key(&target) => {
                let (place, reason) = ("at its start".to_owned(), "it is a JSON document".to_owned());
                let reason = LayerFault::CorruptTar { place, reason };
                return Err(Error::Layer { place: None, layer: shown(name), reason });
            }
            None => {}
        }
        let missing = || Error::MissingBlob { blob: shown(name), document: source.to_owned() };
        self.layers.remove(&target).unwrap_or_else(|| Err(missing()))
    }

    fn target<'a>(&'a self, name: &'a str) -> &'a str {
        let mut name = name.trim_start_matches("./");
        for _ in 0..MAX_LINKS {
            match self.links.get(name) {
                Some(target) => name = target,
                None => break,
            }
        }
        name
    }
}

/// A document begins with a brace or bracket; so may the name of a tar's first member, but that one has a checksum.
fn is_document(head: &[u8]) -> bool {
    let start = head.trim_ascii_start().first();
    matches!(start, Some(b'{' | b'[')) && Compression::sniff(head) == Compression::None && !looks_like_tar(head)
}

fn verified(index: LayerIndex, name: &str) -> Result<LayerIndex, Error> {
    let actual = index.digest.as_ref().map(Digest::hex).unwrap_or_default();
    match digest_in(name) {
        Some(expected) if expected != actual => {
            Err(Error::DigestMismatch { expected: format!("sha256:{expected}"), actual: format!("sha256:{actual}") })
        }
        _ => Ok(index),
    }
}

/// The sha256 that a name promises: `blobs/sha256/HEX`, Docker's `HEX.json`, Podman's `HEX.tar`.
fn digest_in(name: &str) -> Option<&str> {
    let hex = match name.strip_prefix("blobs/sha256/") {
        Some(hex) => hex,
        None => name.strip_suffix(".json").or_else(|| name.strip_suffix(".tar"))?,
    };
    let is_hex = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    is_hex.then_some(hex)
}

/// For messages: a digest where the name is one.
pub(super) fn shown(name: &str) -> String {
    name.strip_prefix("blobs/").map_or_else(|| name.to_owned(), |digest| digest.replacen('/', ":", 1))
}

fn clean(name: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn archive(reason: String) -> Error {
    Error::Document { document: "the image archive".to_owned(), reason }
}

fn archive_error(error: MemberError) -> Error {
    match error {
        MemberError::Fault(fault) => archive(fault.to_string()),
        MemberError::Io(error) => Error::Io(error),
    }
}

fn cut_short(name: &str, error: std::io::Error) -> Error {
    if error.kind() != std::io::ErrorKind::UnexpectedEof {
        return Error::Io(error);
    }
    archive(LayerFault::Truncated { place: format!("in `{name}`") }.to_string())
}
