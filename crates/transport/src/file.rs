//! The content of one file out of an image that has been opened: its layer is read again up to that file, nothing is unpacked.
//! Not for many files at once: each costs a walk.

use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use jettison_image::tar::{Member, MemberKind, Members};
use jettison_image::{Compression, Error, FileKind, LayerEntry, LayerIndex, decompressed};
use jettison_model::Digest;

use crate::archive::{FileArchive, archive_error, clean};
use crate::blobs::Blobs;
use crate::layout::{LayoutDir, Parts, Wanted, choose, digest_in};
use crate::{OpenError, OpenOptions, Source};

const BUFFER: usize = 256 * 1024;

/// Which file of an image.
#[derive(Clone, Copy, Debug)]
pub struct FileAt<'a> {
    /// Place of its layer, from 0.
    pub layer: usize,
    /// That layer.
    pub index: &'a LayerIndex,
    /// Its place among the layer's entries.
    pub entry: usize,
}

/// Why a file's content cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The image cannot be opened again.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Only regular files have content.
    #[error("this is no regular file")]
    NoFile,
    /// What is there now is another image.
    #[error("the image is not the one any more that was read; open it again")]
    Gone,
    /// The copy cannot be written.
    #[error("{0}")]
    Sink(io::Error),
}

impl From<Error> for CopyError {
    fn from(error: Error) -> Self {
        Self::Open(OpenError::Image(error))
    }
}

/// Writes the first `most` bytes of a file's content to `sink`, of an image that lies on this machine and was opened with these
/// options. Holes of sparse files are written as zeros.
pub fn copy_file(
    source: &Source,
    options: &OpenOptions<'_>,
    wanted: FileAt<'_>,
    most: u64,
    sink: &mut dyn Write,
) -> Result<(), CopyError> {
    match source {
        Source::DockerArchive(path) | Source::OciArchive(path) => of_archive(path, options, wanted, most, sink),
        Source::OciDir { path, tag } => {
            let reference = options.reference.or(tag.as_deref());
            of_blobs(&LayoutDir::new(path), &OpenOptions { reference, ..*options }, wanted, most, sink)
        }
        other => Err(OpenError::NotLocal(other.to_string()).into()),
    }
}

/// As [`copy_file`], from the archive that an engine saves.
pub fn copy_file_of_stream(
    stream: &mut dyn Read,
    wanted: FileAt<'_>,
    most: u64,
    sink: &mut dyn Write,
) -> Result<(), CopyError> {
    let entry = regular(wanted)?;
    let stream = decompressed(Box::new(stream)).map_err(Error::Io)?;
    let mut members = Members::new(BufReader::with_capacity(BUFFER, stream));
    while let Some(member) = members.next_member().map_err(archive_error)? {
        let fits = member.kind == MemberKind::Regular && member.size == wanted.index.stored_bytes;
        if !fits || !could_be(&clean(&member.name), wanted.index) {
            continue;
        }
        match of_layer(Box::new(members.payload()), wanted.entry, entry, most, sink) {
            // not a layer, or another one of the same size
            Err(CopyError::Gone | CopyError::Open(_)) => {}
            done => return done,
        }
    }
    Err(CopyError::Gone)
}

fn of_archive(
    path: &Path,
    options: &OpenOptions<'_>,
    wanted: FileAt<'_>,
    most: u64,
    sink: &mut dyn Write,
) -> Result<(), CopyError> {
    let unreadable = |error| OpenError::Unreadable { path: path.to_owned(), error };
    let mut head = Vec::with_capacity(4);
    let mut file = std::fs::File::open(path).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        let once = io::Error::new(io::ErrorKind::Unsupported, "it can be read only once");
        return Err(unreadable(once).into());
    }
    Read::by_ref(&mut file).take(4).read_to_end(&mut head).map_err(unreadable)?;
    if Compression::sniff(&head) == Compression::None {
        return of_blobs(&FileArchive::open(path)?, options, wanted, most, sink);
    }
    let mut whole = std::fs::File::open(path).map_err(unreadable)?;
    copy_file_of_stream(&mut whole, wanted, most, sink)
}

fn of_blobs(
    blobs: &dyn Blobs,
    options: &OpenOptions<'_>,
    wanted: FileAt<'_>,
    most: u64,
    sink: &mut dyn Write,
) -> Result<(), CopyError> {
    let image = Wanted { reference: options.reference, platform: options.platform, first: false };
    let (parts, _) = choose(blobs, image)?;
    of_parts(blobs, &parts, wanted, most, sink)
}

/// Of an image whose parts are known.
pub(crate) fn of_parts(
    blobs: &dyn Blobs,
    parts: &Parts,
    wanted: FileAt<'_>,
    most: u64,
    sink: &mut dyn Write,
) -> Result<(), CopyError> {
    let entry = regular(wanted)?;
    let file = parts.layers.get(wanted.layer).ok_or(CopyError::Gone)?;
    let blob = blobs.blob(&file.name).map_err(Error::Io)?;
    of_layer(blob, wanted.entry, entry, most, sink)
}

fn regular(wanted: FileAt<'_>) -> Result<&LayerEntry, CopyError> {
    let entry = wanted.index.entries.get(wanted.entry);
    entry.filter(|entry| entry.kind == FileKind::Regular).ok_or(CopyError::NoFile)
}

/// Whether a file of an archive may be that layer, by its name: one that names no digest may be any.
fn could_be(name: &str, index: &LayerIndex) -> bool {
    let Some(named) = digest_in(name) else { return true };
    let is_it = |digest: &Option<Digest>| digest.as_ref().is_none_or(|digest| digest.hex() == named);
    is_it(&index.digest) || is_it(&index.diff_id)
}

fn of_layer(
    blob: Box<dyn Read + '_>,
    place: usize,
    entry: &LayerEntry,
    most: u64,
    sink: &mut dyn Write,
) -> Result<(), CopyError> {
    let stream = decompressed(blob).map_err(Error::Io)?;
    let mut members = Members::new(BufReader::with_capacity(BUFFER, stream));
    let mut at = 0;
    while let Some(member) = members.next_member().map_err(archive_error)? {
        if at == place {
            return if is_it(&member, entry) {
                payload(&mut members, &member, most, sink)
            } else {
                Err(CopyError::Gone)
            };
        }
        at += 1;
    }
    Err(CopyError::Gone)
}

fn is_it(member: &Member, entry: &LayerEntry) -> bool {
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let path = jettison_image::path_bytes(&entry.path).into_owned();
    let stored = clean(&member.name);
    member.kind == MemberKind::Regular
        && (member.size, member.mode, member.mtime) == (entry.size, entry.mode, entry.mtime)
        && name(&stored) == name(&clean(&path))
}

fn payload<R: io::BufRead>(
    members: &mut Members<R>,
    member: &Member,
    most: u64,
    sink: &mut dyn Write,
) -> Result<(), CopyError> {
    let mut out = Out { sink, left: most.min(member.size), failed: None };
    let whole = [(0, member.size)];
    let mut end = 0u64;
    for (offset, length) in member.segments.as_deref().unwrap_or(&whole) {
        out.zeros(offset.saturating_sub(end));
        out.copy(&mut members.payload().take(*length))?;
        end = offset.saturating_add(*length);
    }
    out.zeros(u64::MAX);
    match out.failed {
        Some(error) => Err(CopyError::Sink(error)),
        None => Ok(()),
    }
}

/// What still has room, and what went wrong with it.
struct Out<'s> {
    sink: &'s mut dyn Write,
    left: u64,
    failed: Option<io::Error>,
}

impl Out<'_> {
    fn write(&mut self, bytes: &[u8]) {
        let room = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
        if self.failed.is_none()
            && let Err(error) = self.sink.write_all(bytes.get(..room).unwrap_or_default())
        {
            self.failed = Some(error);
        }
        self.left = if self.failed.is_some() { 0 } else { self.left.saturating_sub(room as u64) };
    }

    fn copy(&mut self, source: &mut dyn Read) -> Result<(), CopyError> {
        let mut buffer = vec![0; 64 * 1024];
        while self.left > 0 {
            let count = match source.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Error::Io(error).into()),
            };
            self.write(buffer.get(..count).unwrap_or_default());
        }
        Ok(())
    }

    fn zeros(&mut self, count: u64) {
        const ZEROS: [u8; 4096] = [0; 4096];
        let mut count = count.min(self.left);
        while count > 0 && self.left > 0 {
            let step = usize::try_from(count).unwrap_or(usize::MAX).min(ZEROS.len());
            self.write(ZEROS.get(..step).unwrap_or_default());
            count -= step as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use jettison_testkit::{ImageBuilder, LayerBuilder};

    use super::*;
    use crate::{open, open_stream};

    fn image() -> ImageBuilder {
        let lower = LayerBuilder::new().dir("etc/").file("etc/a", "lower").file("etc/b", "bbb");
        let upper = LayerBuilder::new().file("etc/a", "upper").symlink("l", "etc/a");
        ImageBuilder::new().layer(&lower, "ADD x /").layer(&upper, "COPY a /etc/a")
    }

    fn at(image: &jettison_image::Image, layer: usize, path: &str) -> (usize, usize) {
        let entries = &image.layers[layer].index.entries;
        (layer, entries.iter().position(|entry| entry.path == path).unwrap())
    }

    #[test]
    fn a_file_of_every_layer_is_had_again_from_files_and_streams() {
        for archive in [image().docker_archive(), image().legacy_archive(), image().podman_archive()] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("image.tar");
            std::fs::write(&path, &archive).unwrap();
            let source = Source::DockerArchive(path);
            let options = OpenOptions::default();
            let opened = open(&source, &options).unwrap();
            for (layer, path, text) in [(0, "/etc/a", "lower"), (1, "/etc/a", "upper"), (0, "/etc/b", "bbb")] {
                let (layer, entry) = at(&opened, layer, path);
                let wanted = FileAt { layer, index: &opened.layers[layer].index, entry };
                let mut out = Vec::new();
                copy_file(&source, &options, wanted, 100, &mut out).unwrap();
                assert_eq!(String::from_utf8(out).unwrap(), text);
                let mut out = Vec::new();
                copy_file_of_stream(&mut Cursor::new(&archive), wanted, 2, &mut out).unwrap();
                assert_eq!(String::from_utf8(out).unwrap(), text[..2]);
            }
        }
    }

    #[test]
    fn what_is_no_file_and_what_is_another_image_is_told() {
        let archive = image().docker_archive();
        let opened = open_stream(&mut Cursor::new(&archive), &OpenOptions::default()).unwrap();
        let (layer, entry) = at(&opened, 1, "/l");
        let wanted = FileAt { layer, index: &opened.layers[layer].index, entry };
        let copied = copy_file_of_stream(&mut Cursor::new(&archive), wanted, 9, &mut Vec::new());
        assert!(matches!(copied, Err(CopyError::NoFile)), "{copied:?}");
        let other = ImageBuilder::new().layer(&LayerBuilder::new().file("x", "y"), "COPY x /").docker_archive();
        let wanted = FileAt { entry: 0, ..wanted };
        let copied = copy_file_of_stream(&mut Cursor::new(&other), wanted, 9, &mut Vec::new());
        assert!(matches!(copied, Err(CopyError::Gone)), "{copied:?}");
    }
}
