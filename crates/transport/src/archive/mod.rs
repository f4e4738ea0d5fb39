//! The tar that `docker save` and `podman save` write, old and new: layer tars beside a `manifest.json`, or an OCI layout
//! with or without one. One pass, nothing unpacked to disk, blobs in any order; digests are verified on the way.

mod contents;
mod known;
mod manifest;

use std::io::Read;

use jettison_image::{Error, ImageConfig, ImageSummary, Limits, Summarizer};

use contents::{Contents, Reading};
use known::Known;

/// Reads the first image of a docker archive (or of a tarred OCI layout, there the one for this machine's platform). Its
/// [`ImageSummary::digest`] is that of the config.
///
/// Memory depends on the number of files in the layers, not on their sizes; a blob's errors count only if the image uses it.
pub fn read_docker_archive(stream: &mut dyn Read) -> Result<ImageSummary, Error> {
    read_docker_archive_keeping(stream, &|_| false)
}

/// As [`read_docker_archive`]; of the files that `also` names the text is kept too, in [`ImageSummary::texts`], within the
/// bounds of [`jettison_image::Limits`].
pub fn read_docker_archive_keeping(stream: &mut dyn Read, also: &dyn Fn(&str) -> bool) -> Result<ImageSummary, Error> {
    read_docker_archive_within(stream, also, &Limits::default())
}

/// As [`read_docker_archive_keeping`], with bounds of one's own for each layer.
pub fn read_docker_archive_within(
    stream: &mut dyn Read,
    also: &dyn Fn(&str) -> bool,
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
    also: &dyn Fn(&str) -> bool,
    limits: &Limits,
    known: Option<&Known>,
) -> Result<ImageSummary, Error> {
    let wanted = |path: &str| Summarizer::wanted(path) || also(path);
    let mut contents = Contents::read(stream, Reading { wanted: &wanted, limits, known })?;
    let manifest = manifest::find(&contents)?;
    let (config_digest, config) = contents.document(&manifest.config, &manifest.source)?;
    let config = ImageConfig::parse(&manifest.config, config)?;
    if config.diff_ids.len() != manifest.layers.len() {
        return Err(Error::LayerCount { config: config.diff_ids.len(), manifest: manifest.layers.len() });
    }
    let mut summarizer = Summarizer::new(config);
    for (index, layer) in manifest.layers.iter().enumerate() {
        let found = contents.layer(layer, &manifest.source)?;
        let actual = found.stored_bytes;
        if let Some(expected) = manifest.sizes.get(index).copied().flatten().filter(|expected| *expected != actual) {
            let reason = jettison_image::LayerFault::SizeMismatch { expected, actual };
            return Err(Error::Layer { place: Some(index), layer: contents::shown(layer), reason });
        }
        summarizer.layer(index, found);
    }
    drop(contents);
    let mut summary = summarizer.finish()?;
    summary.digest = Some(config_digest);
    Ok(summary)
}

#[cfg(test)]
mod tests;
