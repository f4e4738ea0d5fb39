//! Opens the images that lie on this machine: archives, layouts, a tar on stdin. Engines and registries hand their streams
//! and blobs to the same readers.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jettison_image::{
    Budget, Compression, Error, Image, ImageConfig, ImageLayer, LayerFault, LayerIndex, Limits, Reading, Summarizer,
    decompressed,
};
use jettison_model::{Digest, Platform};

use crate::Source;
use crate::archive::{Contents, FileArchive, Known, Passing};
use crate::blobs::{Blobs, check, claimed, layer_name, read_layers};
use crate::layout::{self, Documents, LayerFile, LayoutDir, Parts, Wanted, choose, is_layer, shown};
use crate::registry::RegistryError;

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
    /// A layer of a stream is complete, whose place is not known yet; its diff ID tells.
    Arrived {
        /// What it holds. It may turn out to be no layer of the image.
        index: &'a Arc<LayerIndex>,
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
    #[error("it holds several images; say which with {option}: {}", names.join(", "))]
    Ambiguous {
        /// `--ref` or `--platform`.
        option: &'static str,
        /// Their tags or digests, or platforms.
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
    /// A registry did not give it.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// An engine or a registry, which are not opened here.
    #[error("`{0}` lies with an engine or a registry")]
    NotLocal(String),
}

impl Default for OpenOptions<'_> {
    /// Verifies; takes blobs stored uncompressed as they are.
    fn default() -> Self {
        const LIMITS: Limits = Limits { gzip_bytes: 0, ..Limits::DEFAULT };
        Self {
            platform: None,
            reference: None,
            limits: &LIMITS,
            verify: true,
            jobs: 0,
            keep: &|_| false,
            progress: &|_| {},
        }
    }
}

/// Opens an image that lies on this machine. Nothing is written.
pub fn open(source: &Source, options: &OpenOptions<'_>) -> Result<Image, OpenError> {
    match source {
        Source::Stdin => open_stream(&mut io::stdin().lock(), options),
        Source::DockerArchive(path) | Source::OciArchive(path) => named(path, open_archive(path, options)),
        Source::OciDir { path, tag } => {
            let reference = options.reference.or(tag.as_deref());
            let layout = LayoutDir::new(path);
            if !layout.has("index.json") {
                let error = io::Error::new(io::ErrorKind::NotFound, "this is no OCI layout: it has no index.json");
                return Err(OpenError::Unreadable { path: path.clone(), error });
            }
            named(path, open_blobs(&layout, &OpenOptions { reference, ..*options }))
        }
        other => Err(OpenError::NotLocal(other.to_string())),
    }
}

/// Files that can be read in any order are; pipes and what is compressed as a whole come as streams.
fn open_archive(path: &Path, options: &OpenOptions<'_>) -> Result<Image, OpenError> {
    let unreadable = |error| OpenError::Unreadable { path: path.to_owned(), error };
    let mut file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(unreadable(io::ErrorKind::IsADirectory.into()));
    }
    if !metadata.is_file() {
        return open_stream(&mut file, options);
    }
    let mut head = Vec::with_capacity(4);
    Read::by_ref(&mut file).take(4).read_to_end(&mut head).map_err(unreadable)?;
    if Compression::sniff(&head) == Compression::None {
        return open_blobs(&FileArchive::open(path)?, options);
    }
    file.rewind().map_err(unreadable)?;
    open_stream(&mut file, options)
}

/// Opens an image whose blobs can be read in any order.
pub(crate) fn open_blobs(blobs: &dyn Blobs, options: &OpenOptions<'_>) -> Result<Image, OpenError> {
    let wanted = Wanted { reference: options.reference, platform: options.platform, first: false };
    let (parts, name) = choose(blobs, wanted)?;
    open_parts(blobs, parts, options.reference.map(str::to_owned).or(name), options)
}

/// Opens an image whose parts are known.
pub(crate) fn open_parts(
    blobs: &dyn Blobs,
    parts: Parts,
    reference: Option<String>,
    options: &OpenOptions<'_>,
) -> Result<Image, OpenError> {
    let mut image = Found::read(blobs, parts, reference)?;
    let sizes: Vec<Option<u64>> = image.parts.layers.iter().map(|layer| blobs.size(&layer.name)).collect();
    (options.progress)(Progress::Chosen { config: &image.config, layers: &sizes });
    let layers = read_layers(blobs, &image.parts, &image.config, options)?;
    image.layers = layers;
    Ok(image.finish())
}

/// Reads the image in an archive that comes as a stream: stdin, or what an engine saves. One pass; nothing is written, blobs
/// may come in any order. A blob's errors count only if the image uses it.
pub fn open_stream(stream: &mut dyn Read, options: &OpenOptions<'_>) -> Result<Image, OpenError> {
    read_stream(stream, options, None, false)
}

/// As [`open_stream`]; `known` layers are not read again, and with `first` the first of several images will do.
pub(crate) fn read_stream(
    stream: &mut dyn Read,
    options: &OpenOptions<'_>,
    known: Option<&Known>,
    first: bool,
) -> Result<Image, OpenError> {
    let mut counted = Counted { stream, progress: options.progress };
    let mut stream = decompressed(Box::new(&mut counted)).map_err(Error::Io)?;
    let wanted = |path: &str| Summarizer::wanted(path) || (options.keep)(path);
    let budget = Budget::default();
    let reading =
        Reading { wanted: &wanted, limits: options.limits, budget: &budget, digests: options.verify, threaded: true };
    let arrived = |index: &Arc<LayerIndex>| (options.progress)(Progress::Arrived { index });
    let mut contents = Contents::read(&mut stream, Passing { reading, known, arrived: &arrived })?;
    let wanted = Wanted { reference: options.reference, platform: options.platform, first };
    let (parts, name) = choose(&contents, wanted)?;
    let mut image = Found::read(&contents, parts, options.reference.map(str::to_owned).or(name))?;
    let sizes: Vec<Option<u64>> = image.parts.layers.iter().map(|layer| layer.size).collect();
    (options.progress)(Progress::Chosen { config: &image.config, layers: &sizes });
    for (place, file) in image.parts.layers.iter().enumerate() {
        let layer = streamed(&mut contents, &image, place, file);
        let layer = layer.map_err(|error| error.at_layer(place, &layer_name(&image.parts, &image.config, place)))?;
        (options.progress)(Progress::Layer { place, layer: &layer });
        image.layers.push(layer);
    }
    Ok(image.finish())
}

/// A layer of a stream that has been read.
fn streamed(contents: &mut Contents, image: &Found, place: usize, file: &LayerFile) -> Result<ImageLayer, Error> {
    let fault = |reason| Error::Layer { place: None, layer: String::new(), reason };
    if !is_layer(&file.media_type) {
        return Err(fault(LayerFault::UnsupportedMediaType { media_type: file.media_type.clone() }));
    }
    if file.is_foreign && !contents.has(&file.name) {
        return Err(fault(LayerFault::ForeignUnavailable));
    }
    let index = contents.layer(&file.name, &image.parts.source)?;
    let diff_id = image.config.diff_ids.get(place).map_or("", String::as_str);
    check(&index, file, diff_id).map_err(fault)?;
    Ok(ImageLayer { index: claimed(index, file, diff_id), media_type: file.media_type.clone() })
}

/// An image whose manifest and config have been read.
struct Found {
    parts: Parts,
    reference: Option<String>,
    config_digest: Digest,
    config: ImageConfig,
    layers: Vec<ImageLayer>,
}

impl Found {
    fn read(documents: &dyn Documents, parts: Parts, reference: Option<String>) -> Result<Self, OpenError> {
        let missing = || Error::MissingConfig { config: shown(&parts.config), document: shown(&parts.source) };
        let (config_digest, config) = layout::read(documents, &parts.config)?.ok_or_else(missing)?;
        let config = ImageConfig::parse(&shown(&parts.config), &config)?;
        if config.diff_ids.len() != parts.layers.len() {
            let (config, manifest) = (config.diff_ids.len(), parts.layers.len());
            return Err(Error::LayerCount { config, manifest }.into());
        }
        Ok(Self { parts, reference, config_digest, config, layers: Vec::new() })
    }

    fn finish(self) -> Image {
        Image {
            reference: self.reference,
            digest: self.parts.digest,
            config_digest: self.config_digest,
            media_type: self.parts.media_type,
            config: self.config,
            layers: self.layers,
        }
    }
}

/// Errors of reading a file say which.
fn named(path: &Path, outcome: Result<Image, OpenError>) -> Result<Image, OpenError> {
    outcome.map_err(|error| match error {
        OpenError::Image(Error::Io(error)) => OpenError::Unreadable { path: path.to_owned(), error },
        other => other,
    })
}

/// Tells how much of a stream has been read.
struct Counted<'a> {
    stream: &'a mut dyn Read,
    progress: &'a (dyn Fn(Progress<'_>) + Sync),
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(buffer)?;
        (self.progress)(Progress::Read { layer: None, bytes: count as u64 });
        Ok(count)
    }
}
