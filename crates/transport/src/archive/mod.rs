//! The tar that `docker save` and `podman save` write, old and new: layer tars beside a `manifest.json`, or an OCI layout
//! with or without one. One pass, nothing unpacked to disk, blobs in any order; digests are verified on the way.

mod contents;
mod manifest;

use std::io::Read;

use jettison_image::{Error, ImageConfig, ImageSummary, Limits, Summarizer};

use contents::{Contents, Reading};

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
    let wanted = |path: &str| Summarizer::wanted(path) || also(path);
    let mut contents = Contents::read(stream, Reading { wanted: &wanted, limits })?;
    let manifest = manifest::find(&contents)?;
    let (config_digest, config) = contents.document(&manifest.config, &manifest.source)?;
    let config = ImageConfig::parse(&manifest.config, config)?;
    if config.diff_ids.len() != manifest.layers.len() {
        return Err(Error::LayerCount { config: config.diff_ids.len(), manifest: manifest.layers.len() });
    }
    let mut summarizer = Summarizer::new(config);
    for (index, layer) in manifest.layers.iter().enumerate() {
        let is_last_use = !manifest.layers.iter().skip(index + 1).any(|other| contents.is_same(other, layer));
        let found = contents.layer(layer, &manifest.source, is_last_use)?;
        let actual = found.stored_bytes;
        if let Some(expected) = manifest.sizes.get(index).copied().flatten().filter(|expected| *expected != actual) {
            return Err(Error::SizeMismatch { blob: contents::shown(layer), expected, actual });
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
