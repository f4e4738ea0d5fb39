//! What can be wrong with an image, each with its own shape so that callers can tell the cases apart. Every text ends in the
//! name of its class, which scripts can look for.

/// What is wrong with an image.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A layer is broken, missing, or not what the image says.
    #[error("layer {}{layer}: {reason} [{}]", numbered(*place), reason.class())]
    Layer {
        /// Its place in the image, from 0; none where it was read by itself.
        place: Option<usize>,
        /// Its digest or file name in the archive.
        layer: String,
        /// What and where.
        reason: LayerFault,
    },
    /// An index, a manifest or an archive as a whole is broken, or lacks a field.
    #[error("{document}: {reason} [invalid_manifest]")]
    Document {
        /// `manifest.json`, a manifest's digest, …
        document: String,
        /// What is wrong.
        reason: String,
    },
    /// The config is broken.
    #[error("{document}: {reason} [invalid_config]")]
    Config {
        /// Its digest or file name.
        document: String,
        /// What is wrong.
        reason: String,
    },
    /// The config is not in the image.
    #[error("config {config}: named by {document}, but not in the image [missing_config]")]
    MissingConfig {
        /// Its digest or file name.
        config: String,
        /// Where it is named.
        document: String,
    },
    /// A manifest is not in the image.
    #[error("{blob}: named by {document}, but not in the image [missing_blob]")]
    MissingBlob {
        /// Digest or file name.
        blob: String,
        /// Where it is named.
        document: String,
    },
    /// A manifest of a form that is not read.
    #[error("{document}: {form} [unsupported_media_type]")]
    Unsupported {
        /// Its digest or file name.
        document: String,
        /// What it is, and what to do.
        form: String,
    },
    /// Config and manifest disagree on the number of layers.
    #[error("the config lists {config} diff IDs and the manifest {manifest} layers [layer_count_mismatch]")]
    LayerCount {
        /// Diff IDs in the config.
        config: usize,
        /// Layers in the manifest.
        manifest: usize,
    },
    /// A document does not have the digest it should.
    #[error("{expected}: the content has digest {actual} [digest_mismatch]")]
    DigestMismatch {
        /// As it is named.
        expected: String,
        /// As computed.
        actual: String,
    },
    /// Reading failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl Error {
    /// The name of its class in documents: see docs/architecture.md. None where reading itself failed.
    pub fn class(&self) -> Option<&'static str> {
        Some(match self {
            Self::Layer { reason, .. } => reason.class(),
            Self::Document { .. } => "invalid_manifest",
            Self::Config { .. } => "invalid_config",
            Self::MissingConfig { .. } => "missing_config",
            Self::MissingBlob { .. } => "missing_blob",
            Self::Unsupported { .. } => "unsupported_media_type",
            Self::LayerCount { .. } => "layer_count_mismatch",
            Self::DigestMismatch { .. } => "digest_mismatch",
            Self::Io(_) => return None,
        })
    }

    /// The same of a layer whose place and name are known.
    #[must_use]
    pub fn at_layer(self, place: usize, name: &str) -> Self {
        match self {
            Self::Layer { reason, .. } => Self::Layer { place: Some(place), layer: name.to_owned(), reason },
            other => other,
        }
    }
}

fn numbered(place: Option<usize>) -> String {
    place.map_or_else(String::new, |place| format!("{place} "))
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
    /// The blob does not have the digest that the manifest says.
    #[error("its blob has digest {actual}, and the manifest says {expected}")]
    DigestMismatch {
        /// As the manifest says.
        expected: String,
        /// As computed.
        actual: String,
    },
    /// The blob is longer or shorter than its descriptor says.
    #[error("its descriptor says {expected} bytes, and the blob has {actual}")]
    SizeMismatch {
        /// As the manifest says.
        expected: u64,
        /// Bytes as stored.
        actual: u64,
    },
    /// The tar stream is not the one that the config lists.
    #[error("its content has diff ID {actual}, and the config says {expected}")]
    DiffIdMismatch {
        /// As the config says.
        expected: String,
        /// As computed.
        actual: String,
    },
    /// The manifest names a blob that is not there.
    #[error("its blob is named by {document}, but not in the image")]
    Missing {
        /// Where it is named.
        document: String,
    },
    /// A non-distributable layer whose blob is not there. Its URLs are not followed.
    #[error("a foreign layer, whose blob is not in the image; jettison does not fetch it from its URLs")]
    ForeignUnavailable,
    /// By its media type it is no tar.
    #[error("its media type is `{media_type}`, which is no image layer that jettison can read")]
    UnsupportedMediaType {
        /// As the manifest says.
        media_type: String,
    },
}

impl LayerFault {
    /// The name of its class in documents.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "truncated_layer",
            Self::CorruptStream { .. } => "corrupt_layer",
            Self::CorruptTar { .. } => "corrupt_tar",
            Self::SymlinkLoop { .. } => "symlink_loop",
            Self::TooLarge { .. } => "layer_too_large",
            Self::DigestMismatch { .. } => "digest_mismatch",
            Self::SizeMismatch { .. } => "size_mismatch",
            Self::DiffIdMismatch { .. } => "diff_id_mismatch",
            Self::Missing { .. } => "missing_blob",
            Self::ForeignUnavailable => "foreign_layer_unavailable",
            Self::UnsupportedMediaType { .. } => "unsupported_media_type",
        }
    }
}
