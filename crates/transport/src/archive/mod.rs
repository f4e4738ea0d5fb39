//! The tar that `docker save` and `podman save` write, old and new: layer tars beside a `manifest.json`, or an OCI layout
//! with or without one. One pass, nothing unpacked to disk, blobs in any order; digests are verified on the way.

mod contents;
mod file;
mod known;
mod members;

use std::io::Read;

use jettison_image::{Error, Image, ImageSummary, Limits, Summarizer};

pub(crate) use contents::{Contents, Passing};
pub(crate) use file::FileArchive;
pub(crate) use known::Known;
pub(crate) use members::{archive_error, clean};

use crate::OpenError;
use crate::open::{OpenOptions, read_stream};

/// Reads the first image of a docker archive (or of a tarred OCI layout, there the one for this machine's platform). Its
/// [`ImageSummary::digest`] is that of the config.
///
/// Memory depends on the number of files in the layers, not on their sizes; a blob's errors count only if the image uses it.
pub fn read_docker_archive(stream: &mut dyn Read) -> Result<ImageSummary, Error> {
    read_docker_archive_keeping(stream, &|_| false)
}

/// As [`read_docker_archive`]; of the files that `also` names the text is kept too, in [`ImageSummary::texts`], within the
/// bounds of [`jettison_image::Limits`].
pub fn read_docker_archive_keeping(
    stream: &mut dyn Read,
    also: &(dyn Fn(&str) -> bool + Sync),
) -> Result<ImageSummary, Error> {
    read_docker_archive_within(stream, also, &Limits::default())
}

/// As [`read_docker_archive_keeping`], with bounds of one's own for each layer.
pub fn read_docker_archive_within(
    stream: &mut dyn Read,
    also: &(dyn Fn(&str) -> bool + Sync),
    limits: &Limits,
) -> Result<ImageSummary, Error> {
    read(stream, also, limits, None)
}

/// Reads archives one after the other and looks only once at a layer that several of them hold.
pub struct ArchiveReader {
    also: fn(&str) -> bool,
    limits: Limits,
    known: Known,
}

impl ArchiveReader {
    /// `also` and `limits` as for [`read_docker_archive_within`].
    pub fn new(also: fn(&str) -> bool, limits: Limits) -> Self {
        Self { also, limits, known: Known::default() }
    }

    /// As [`read_docker_archive_within`]. The content of a layer that was read before, from a file with this digest for a name,
    /// is passed over: the archives must come from a source that can be trusted as to that, as one engine's can within a run.
    pub fn read(&self, stream: &mut dyn Read) -> Result<ImageSummary, Error> {
        read(stream, &self.also, &self.limits, Some(&self.known))
    }
}

fn read(
    stream: &mut dyn Read,
    also: &(dyn Fn(&str) -> bool + Sync),
    limits: &Limits,
    known: Option<&Known>,
) -> Result<ImageSummary, Error> {
    let options = OpenOptions { limits, keep: also, ..OpenOptions::default() };
    let image = read_stream(stream, &options, known, true).map_err(|error| match error {
        OpenError::Image(error) => error,
        other => Error::Document { document: "the image archive".to_owned(), reason: other.to_string() },
    })?;
    summarize(image)
}

fn summarize(image: Image) -> Result<ImageSummary, Error> {
    let mut summarizer = Summarizer::new(image.config);
    for (place, layer) in image.layers.into_iter().enumerate() {
        summarizer.layer(place, layer.index);
    }
    let mut summary = summarizer.finish()?;
    summary.digest = Some(image.config_digest);
    Ok(summary)
}

#[cfg(test)]
mod tests;
