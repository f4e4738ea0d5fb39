//! What is in an archive that comes as a stream: JSON documents as they are, layers as indexes, links between names. What a file is shows in its
//! first bytes: neither names nor media types can be relied on.

use std::collections::HashMap;
use std::io::{BufReader, Cursor, Read};
use std::sync::Arc;

use jettison_image::tar::{Member, MemberKind, Members, looks_like_tar};
use jettison_image::{Compression, Error, LayerFault, LayerIndex, LayerReader, Reading, index_layer_as};
use jettison_model::Digest;

use super::known::Known;
use super::members::{MAX_MEMBERS, archive, archive_error, clean, cut_short, follow, link, no_document};
use crate::layout::{Documents, MAX_DOCUMENT, digest_in, shown};

/// Of all documents.
const MAX_DOCUMENTS: usize = 64 << 20;
const BUFFER: usize = 256 * 1024;

/// How layers are read.
#[derive(Clone, Copy)]
pub(crate) struct Passing<'w> {
    /// For each.
    pub(crate) reading: Reading<'w>,
    /// Layers read before in the same way.
    pub(crate) known: Option<&'w Known>,
    /// Told of each layer.
    pub(crate) arrived: &'w dyn Fn(&Arc<LayerIndex>),
}

/// The files of an archive by cleaned name (no leading `./` or `/`).
#[derive(Default)]
pub(crate) struct Contents {
    documents: HashMap<String, Vec<u8>>,
    layers: HashMap<String, Result<Arc<LayerIndex>, Error>>,
    links: HashMap<String, String>,
    document_bytes: usize,
}

impl Contents {
    /// Reads the whole stream.
    pub(crate) fn read(stream: &mut dyn Read, passing: Passing<'_>) -> Result<Self, Error> {
        let mut members = Members::new(BufReader::with_capacity(BUFFER, stream));
        let mut contents = Self::default();
        let mut count = 0;
        while let Some(member) = members.next_member().map_err(archive_error)? {
            count += 1;
            if count > MAX_MEMBERS {
                return Err(archive(format!("more than {MAX_MEMBERS} files")));
            }
            contents.add(&member, &mut members, passing)?;
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
        passing: Passing<'_>,
    ) -> Result<(), Error> {
        let name = clean(&member.name);
        if let Some(target) = link(member) {
            self.links.insert(name, target);
        } else if member.kind == MemberKind::Regular {
            // A file that names its digest has the same content again.
            let is_known = digest_in(&name).is_some() && self.layers.get(&name).is_some_and(Result::is_ok);
            if !is_known {
                self.file(name, member.size, members, passing)?;
            }
        }
        Ok(())
    }

    fn file<R: Read>(
        &mut self,
        name: String,
        size: u64,
        members: &mut Members<BufReader<R>>,
        passing: Passing<'_>,
    ) -> Result<(), Error> {
        let digest = digest_in(&name).map(str::to_owned);
        let known = passing.known.zip(digest.as_deref());
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
        let index = index_layer_as(reader, passing.reading).and_then(|index| verified(index, &name)).map(Arc::new);
        if let Ok(index) = &index {
            (passing.arrived)(index);
            if let Some((known, digest)) = known {
                known.keep(digest, index);
            }
        }
        self.layers.insert(name, index);
        Ok(())
    }

    /// The index of layer `name`.
    pub(crate) fn layer(&mut self, name: &str, source: &str) -> Result<Arc<LayerIndex>, Error> {
        let target = follow(&self.links, name).to_owned();
        let fault = |reason| Error::Layer { place: None, layer: shown(name), reason };
        if self.documents.contains_key(&target) {
            let (place, reason) = ("at its start".to_owned(), "it is a JSON document".to_owned());
            return Err(fault(LayerFault::CorruptTar { place, reason }));
        }
        match self.layers.get(&target) {
            Some(Ok(index)) => Ok(index.clone()),
            None => Err(fault(LayerFault::Missing { document: shown(source) })),
            // Errors cannot be copied, and one of them ends it all.
            Some(Err(_)) => self.layers.remove(&target).unwrap_or_else(|| Err(archive("a layer is gone".to_owned()))),
        }
    }
}

impl Documents for Contents {
    fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let target = follow(&self.links, name);
        match self.documents.get(target) {
            Some(bytes) => Ok(Some(bytes.clone())),
            None if self.layers.contains_key(target) => Err(no_document(name)),
            None => Ok(None),
        }
    }

    fn has(&self, name: &str) -> bool {
        let target = follow(&self.links, name);
        self.documents.contains_key(target) || self.layers.contains_key(target)
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
        Some(expected) if !actual.is_empty() && expected != actual => {
            let (expected, actual) = (format!("sha256:{expected}"), format!("sha256:{actual}"));
            let reason = LayerFault::DigestMismatch { expected, actual };
            Err(Error::Layer { place: None, layer: shown(name), reason })
        }
        _ => Ok(index),
    }
}
