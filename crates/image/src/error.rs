//! What can be wrong with an image's bytes, each with its own shape so that callers can tell the cases apart.

/// What is wrong with an image's bytes.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The blob or the tar stream of a layer is broken.
    #[error("layer {layer}: {reason}")]
    Layer {
        /// Its digest or file name in the archive.
        layer: String,
        /// What and where.
        reason: LayerFault,
    },
    /// A JSON document is broken, missing, or lacks a field.
    #[error("{document}: {reason}")]
    Document {
        /// `manifest.json`, a config's digest, …
        document: String,
        /// What is wrong.
        reason: String,
    },
    /// A manifest names a blob that is not there.
    #[error("{blob}: named by {document}, but not in the image")]
    MissingBlob {
        /// Digest or file name.
        blob: String,
        /// Where it is named.
        document: String,
    },
    /// Config and manifest disagree on the number of layers.
    #[error("the config lists {config} diff IDs and the manifest {manifest} layers")]
    LayerCount {
        /// Diff IDs in the config.
        config: usize,
        /// Layers in the manifest.
        manifest: usize,
    },
    /// Bytes do not have the digest they should.
    #[error("{expected}: the content has digest {actual}")]
    DigestMismatch {
        /// As the manifest says.
        expected: String,
        /// As computed.
        actual: String,
    },
    /// A blob is longer or shorter than its descriptor says.
    #[error("{blob}: its descriptor says {expected} bytes, and it has {actual}")]
    SizeMismatch {
        /// Digest.
        blob: String,
        /// As the manifest says.
        expected: u64,
        /// Bytes as stored.
        actual: u64,
    },
    /// Reading failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// What is wrong with a layer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayerFault {
    /// The blob or the tar ends before it should, or an entry claims more bytes than there are.
    #[error("the stream ends early, {place}")]
    Truncated {
        /// In words: which entry or header.
        place: String,
    },
    /// The decompressor's own check fails.
    #[error("the compressed stream is broken, {place}: {reason}")]
    CorruptStream {
        /// In words: which entry.
        place: String,
        /// The decompressor's words.
        reason: String,
    },
    /// A header's checksum or a number in it is wrong; or it is no tar at all.
    #[error("this is no valid tar, {place}: {reason}")]
    CorruptTar {
        /// In words: which entry.
        place: String,
        /// What is wrong there.
        reason: String,
    },
    /// A parent folder of an entry never resolves.
    #[error("entry `{entry}`: too many levels of symbolic links")]
    SymlinkLoop {
        /// Its path.
        entry: String,
    },
    /// A bound of ours is reached; see [`crate::Limits`].
    #[error("more than {limit} {what}; jettison stops here to keep its memory bounded")]
    TooLarge {
        /// `entries`, `bytes of names`, …
        what: &'static str,
        /// The bound.
        limit: u64,
    },
}
