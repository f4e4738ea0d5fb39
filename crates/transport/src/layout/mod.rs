//! Which files make the image: read from `manifest.json` (Docker's) and `index.json` (OCI's), wherever they lie. OCI
//! image-spec, image-layout.md, image-index.md, manifest.md; Docker's `manifest.json` from `docker save`.

mod candidates;
mod choose;
mod dir;
mod media;

use jettison_image::Error;
use jettison_model::{Digest, Platform};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

pub(crate) use candidates::{descriptor, descriptors, image, platform};
pub(crate) use choose::{Wanted, choose, host, pick, runs_on};
pub(crate) use dir::LayoutDir;
pub(crate) use media::{is_index, is_layer, is_manifest, is_schema_1};

/// Of one document; manifests and configs have a few KiB, Docker refuses more than 4 MiB.
pub(crate) const MAX_DOCUMENT: u64 = 8 << 20;

/// Something that holds documents by file name.
pub(crate) trait Documents {
    /// The bytes of `name`; none if there is no such file. Of at most [`MAX_DOCUMENT`] bytes, else an error.
    fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, Error>;

    /// Whether there is a file of that name, and how long it is, as far as that is known.
    fn has(&self, name: &str) -> bool;
}

/// An image that could be meant.
#[derive(Debug)]
pub(crate) struct Candidate {
    /// Tags.
    pub(crate) names: Vec<String>,
    /// As the index says; else its config does.
    pub(crate) platform: Option<Platform>,
    /// Its parts, or why they are not to be had.
    pub(crate) parts: Result<Parts, Error>,
}

/// The files of an image.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    /// What names the others.
    pub(crate) source: String,
    /// Of the manifest.
    pub(crate) digest: Option<Digest>,
    /// Of the manifest.
    pub(crate) media_type: String,
    /// File name of the config.
    pub(crate) config: String,
    /// Lowest first.
    pub(crate) layers: Vec<LayerFile>,
}

/// A layer as its manifest describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LayerFile {
    /// In the archive or layout.
    pub(crate) name: String,
    /// Of the blob.
    pub(crate) digest: Option<Digest>,
    /// Of the blob, in bytes.
    pub(crate) size: Option<u64>,
    /// As written; empty where nobody says.
    pub(crate) media_type: String,
    /// Whether it may lie elsewhere.
    pub(crate) is_foreign: bool,
}

/// The document `name` and its digest, which must be that in its name.
pub(crate) fn read(documents: &dyn Documents, name: &str) -> Result<Option<(Digest, Vec<u8>)>, Error> {
    let Some(bytes) = documents.bytes(name)? else { return Ok(None) };
    let actual = Digest::sha256(&Sha256::digest(&bytes));
    match digest_in(name) {
        Some(expected) if expected != actual.hex() => {
            Err(Error::DigestMismatch { expected: format!("sha256:{expected}"), actual: actual.to_string() })
        }
        _ => Ok(Some((actual, bytes))),
    }
}

/// A document as JSON.
pub(crate) fn parse(name: &str, bytes: &[u8]) -> Result<Value, Error> {
    serde_json::from_slice(bytes).map_err(|error| broken(name, error.to_string()))
}

/// The error of a document that is not what it should be.
pub(crate) fn broken(name: &str, reason: impl Into<String>) -> Error {
    Error::Document { document: shown(name), reason: reason.into() }
}

/// The sha256 that a name promises: `blobs/sha256/HEX`, Docker's `HEX.json`, Podman's `HEX.tar`.
pub(crate) fn digest_in(name: &str) -> Option<&str> {
    let hex = match name.strip_prefix("blobs/sha256/") {
        Some(hex) => hex,
        None => name.strip_suffix(".json").or_else(|| name.strip_suffix(".tar"))?,
    };
    let is_hex = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    is_hex.then_some(hex)
}

/// The file name of a blob.
pub(crate) fn blob_name(digest: &Digest) -> String {
    format!("blobs/{}", digest.as_str().replacen(':', "/", 1))
}

/// For messages: a digest where the name is one.
pub(crate) fn shown(name: &str) -> String {
    name.strip_prefix("blobs/").map_or_else(|| name.to_owned(), |digest| digest.replacen('/', ":", 1))
}
