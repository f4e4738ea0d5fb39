//! Container images as views: config, layers, the union tree, packages, ELF needs, sizes. Reads bytes handed to it;
//! knows no network and writes nothing. Archives are hostile input: every size and path in them may lie.

mod config;
mod elf;
mod layer;
mod packages;
mod summary;
mod tree;

pub use config::{Healthcheck, ImageConfig};
pub use elf::{Elf, read_elf};
pub use layer::{LayerEntry, LayerIndex, LayerReader, index_layer};
pub use packages::{OsRelease, Package};
pub use summary::{File, FileKind, ImageSummary, Layer, Sizes, Summarizer};
pub use tree::FileTree;

/// What is wrong with an image's bytes.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The tar stream of a layer is broken.
    #[error("layer {layer}: {reason}")]
    Layer {
        /// Its digest or file name in the archive.
        layer: String,
        /// What and where.
        reason: String,
    },
    /// A JSON document is broken or lacks a field.
    #[error("{document}: {reason}")]
    Document {
        /// `manifest.json`, a config's digest, …
        document: String,
        /// What is wrong.
        reason: String,
    },
    /// Bytes do not have the digest they should.
    #[error("{expected}: the content has digest {actual}")]
    DigestMismatch {
        /// As the manifest says.
        expected: String,
        /// As computed.
        actual: String,
    },
    /// Reading failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}
