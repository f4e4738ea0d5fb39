//! Blobs that can be read where and when they are needed, and the layers of an image read from them: in parallel, each once.

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use jettison_image::{
    Budget, Error, ImageConfig, ImageLayer, LayerFault, LayerIndex, LayerReader, Reading, Summarizer, index_layer_as,
};
use jettison_model::Digest;
use sha2::{Digest as _, Sha256};

use crate::layout::{Documents, LayerFile, MAX_DOCUMENT, Parts, is_layer, shown};
use crate::open::{OpenOptions, Progress};

/// Something that holds blobs by file name.
pub(crate) trait Blobs: Documents + Sync {
    /// How long blob `name` is, in bytes; none if it is not there.
    fn size(&self, name: &str) -> Option<u64>;

    /// Its content.
    fn blob(&self, name: &str) -> io::Result<Box<dyn Read + Send + '_>>;

    /// Why the blob did not come, where what reads it could not tell. Told once.
    fn fault(&self, name: &str) -> Option<Error> {
        let _ = name;
        None
    }

    /// Whether reading a blob once more costs more than a look at the disk.
    fn is_far(&self) -> bool {
        false
    }

    /// The one name of files that are the same.
    fn same<'a>(&'a self, name: &'a str) -> &'a str {
        name
    }
}

/// Reads a document of `size` bytes.
pub(crate) fn document(name: &str, size: u64, source: &mut dyn Read) -> Result<Vec<u8>, Error> {
    if size > MAX_DOCUMENT {
        let reason = format!("a document of more than {MAX_DOCUMENT} bytes");
        return Err(Error::Document { document: shown(name), reason });
    }
    let mut bytes = Vec::new();
    source.take(MAX_DOCUMENT).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The layers of an image, lowest first.
pub(crate) fn read_layers(
    blobs: &dyn Blobs,
    parts: &Parts,
    config: &ImageConfig,
    options: &OpenOptions<'_>,
) -> Result<Vec<ImageLayer>, Error> {
    let named: Vec<String> = (0..parts.layers.len()).map(|place| layer_name(parts, config, place)).collect();
    for (place, file) in parts.layers.iter().enumerate() {
        let name = named.get(place).map_or("", String::as_str);
        present(blobs, file, &parts.source).map_err(|error| error.at_layer(place, name))?;
    }
    let crew = Crew::new(blobs, parts, config, options, &named);
    thread::scope(|scope| {
        for _ in 1..crew.jobs {
            scope.spawn(|| crew.work());
        }
        crew.work();
    });
    crew.finish()
}

/// What a layer is called in messages: its digest, else its diff ID.
pub(crate) fn layer_name(parts: &Parts, config: &ImageConfig, place: usize) -> String {
    let file = parts.layers.get(place);
    match file.and_then(|file| file.digest.as_ref()) {
        Some(digest) => digest.to_string(),
        None => config.diff_ids.get(place).cloned().unwrap_or_default(),
    }
}

fn present(blobs: &dyn Blobs, file: &LayerFile, source: &str) -> Result<(), Error> {
    let fault = |reason| Err(Error::Layer { place: None, layer: String::new(), reason });
    if !is_layer(&file.media_type) {
        return fault(LayerFault::UnsupportedMediaType { media_type: file.media_type.clone() });
    }
    match blobs.size(&file.name) {
        Some(actual) => match file.size.filter(|expected| *expected != actual) {
            Some(expected) => fault(LayerFault::SizeMismatch { expected, actual }),
            None => Ok(()),
        },
        None if file.is_foreign => fault(LayerFault::ForeignUnavailable),
        None => fault(LayerFault::Missing { document: shown(source) }),
    }
}

/// Whether a layer that was read is what manifest and config say.
pub(crate) fn check(index: &LayerIndex, file: &LayerFile, diff_id: &str) -> Result<(), LayerFault> {
    index.check_blob(file.digest.as_ref(), file.size)?;
    index.check_diff_id(diff_id)
}

/// The threads that read layers, and what they have read.
struct Crew<'a> {
    blobs: &'a dyn Blobs,
    parts: &'a Parts,
    config: &'a ImageConfig,
    options: &'a OpenOptions<'a>,
    /// For messages, by place.
    named: &'a [String],
    /// For each different blob the places that list it, in the order of the first of them.
    tasks: Vec<Vec<usize>>,
    jobs: usize,
    /// Bytes of all blobs.
    total: u64,
    next: AtomicUsize,
    failed: AtomicBool,
    budget: Budget,
    layers: Mutex<Vec<Option<Result<ImageLayer, Error>>>>,
}

impl<'a> Crew<'a> {
    fn new(
        blobs: &'a dyn Blobs,
        parts: &'a Parts,
        config: &'a ImageConfig,
        options: &'a OpenOptions<'a>,
        named: &'a [String],
    ) -> Self {
        let (mut tasks, mut by_name): (Vec<Vec<usize>>, HashMap<&str, usize>) = Default::default();
        for (place, file) in parts.layers.iter().enumerate() {
            let task = *by_name.entry(blobs.same(&file.name)).or_insert_with(|| {
                tasks.push(Vec::new());
                tasks.len() - 1
            });
            if let Some(places) = tasks.get_mut(task) {
                places.push(place);
            }
        }
        let sizes = by_name.keys().filter_map(|name| blobs.size(name));
        let processors = || thread::available_parallelism().map_or(1, usize::from);
        let jobs = if options.jobs == 0 { processors() } else { options.jobs };
        Self {
            total: sizes.fold(0, u64::saturating_add),
            jobs: jobs.clamp(1, tasks.len().max(1)),
            layers: Mutex::new(parts.layers.iter().map(|_| None).collect()),
            next: AtomicUsize::new(0),
            failed: AtomicBool::new(false),
            budget: Budget::default(),
            blobs,
            parts,
            config,
            options,
            named,
            tasks,
        }
    }

    /// Takes layers, lowest first, until there is none or one is broken.
    fn work(&self) {
        while !self.failed.load(Ordering::Relaxed) {
            let task = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(places) = self.tasks.get(task) else { return };
            let Some((first, file)) = places.first().and_then(|at| Some((*at, self.parts.layers.get(*at)?))) else {
                return;
            };
            let read = self.read(task, first, file);
            self.keep(places, read);
        }
    }

    fn read(&self, task: usize, place: usize, file: &LayerFile) -> Result<Arc<LayerIndex>, Error> {
        let source = self.blobs.blob(&file.name)?;
        let blob = Box::new(Watched { source, place, progress: self.options.progress });
        let wanted = |path: &str| Summarizer::wanted(path) || (self.options.keep)(path);
        let size = self.blobs.size(&file.name).unwrap_or(0);
        // Where others have work enough of their own, a second thread for one layer would only take their time.
        let is_alone = self.tasks.len() - task < self.jobs || size.saturating_mul(self.jobs as u64) > self.total;
        let reading = Reading {
            wanted: &wanted,
            limits: self.options.limits,
            budget: &self.budget,
            digests: self.options.verify,
            threaded: is_alone && size > THREADED,
        };
        let name = self.named.get(place).cloned().unwrap_or_default();
        let read = index_layer_as(LayerReader { name, blob }, reading).map(Arc::new);
        read.map_err(|error| match self.blobs.fault(&file.name) {
            Some(fault) => fault,
            None => self.damaged(file, &error).unwrap_or(error),
        })
    }

    /// A blob that cannot be read may not be the one that the manifest names: that says more than where it breaks.
    fn damaged(&self, file: &LayerFile, error: &Error) -> Option<Error> {
        use LayerFault::{CorruptStream, CorruptTar, Truncated};
        let is_garbled =
            matches!(error, Error::Layer { reason: Truncated { .. } | CorruptStream { .. } | CorruptTar { .. }, .. });
        if self.blobs.is_far() && !is_garbled {
            return None;
        }
        let expected = file.digest.as_ref().filter(|_| self.options.verify)?;
        let (mut blob, mut hash) = (self.blobs.blob(&file.name).ok()?, Sha256::new());
        let mut buffer = vec![0; 128 * 1024];
        loop {
            let count = blob.read(&mut buffer).ok()?;
            if count == 0 {
                break;
            }
            hash.update(buffer.get(..count)?);
        }
        let actual = Digest::sha256(&hash.finalize());
        let reason = LayerFault::DigestMismatch { expected: expected.to_string(), actual: actual.to_string() };
        (*expected != actual).then_some(Error::Layer { place: None, layer: String::new(), reason })
    }

    /// Puts what was read into its places and tells of it.
    fn keep(&self, places: &[usize], read: Result<Arc<LayerIndex>, Error>) {
        let mut read = Some(read);
        for (at, place) in places.iter().enumerate() {
            let Some(file) = self.parts.layers.get(*place) else { continue };
            let is_last = at + 1 == places.len();
            // The last place gets the index itself, all others share it.
            let index = match &read {
                Some(Ok(index)) if !is_last => Some(Ok(index.clone())),
                _ => read.take(),
            };
            let diff_id = self.config.diff_ids.get(*place).map_or("", String::as_str);
            let layer = index.map(|index| self.layer(index?, file, diff_id));
            match &layer {
                Some(Ok(layer)) => (self.options.progress)(Progress::Layer { place: *place, layer }),
                _ => self.failed.store(true, Ordering::Relaxed),
            }
            self.store(*place, layer);
        }
    }

    fn layer(&self, index: Arc<LayerIndex>, file: &LayerFile, diff_id: &str) -> Result<ImageLayer, Error> {
        check(&index, file, diff_id).map_err(|reason| Error::Layer { place: None, layer: String::new(), reason })?;
        Ok(ImageLayer { index: claimed(index, file, diff_id), media_type: file.media_type.clone() })
    }

    fn store(&self, place: usize, layer: Option<Result<ImageLayer, Error>>) {
        let name = self.named.get(place).map_or("", String::as_str);
        let layer = layer.map(|layer| layer.map_err(|error| error.at_layer(place, name)));
        if let Some(slot) = self.layers.lock().unwrap_or_else(PoisonError::into_inner).get_mut(place) {
            *slot = layer;
        }
    }

    /// All layers, or the error of the lowest that has one.
    fn finish(self) -> Result<Vec<ImageLayer>, Error> {
        let layers = self.layers.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut done = Vec::with_capacity(layers.len());
        let mut failure = None;
        for layer in layers {
            match layer {
                Some(Ok(layer)) => done.push(layer),
                Some(Err(error)) => {
                    failure.get_or_insert(error);
                }
                None => {}
            }
        }
        match failure {
            Some(error) => Err(error),
            None if done.len() == self.parts.layers.len() => Ok(done),
            None => Err(Error::Io(io::Error::other("a thread that read layers died"))),
        }
    }
}

/// A layer of fewer bytes is read sooner than a thread is started.
const THREADED: u64 = 1 << 20;

/// Where nobody hashed, the digests are those that the image claims.
pub(crate) fn claimed(index: Arc<LayerIndex>, file: &LayerFile, diff_id: &str) -> Arc<LayerIndex> {
    if index.digest.is_some() && index.diff_id.is_some() {
        return index;
    }
    let mut index = Arc::unwrap_or_clone(index);
    index.diff_id = diff_id.parse().ok();
    index.digest = file.digest.clone().or_else(|| index.diff_id.clone());
    Arc::new(index)
}

/// Tells how much of a blob has been read.
struct Watched<'a> {
    source: Box<dyn Read + Send + 'a>,
    place: usize,
    progress: &'a (dyn Fn(Progress<'_>) + Sync),
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        (self.progress)(Progress::Read { layer: Some(self.place), bytes: count as u64 });
        Ok(count)
    }
}
