//! One pass over one layer blob: decompress, hash, read tar headers; payloads are kept only where they are asked for or
//! small scripts. Nothing is unpacked, and memory depends on the number of entries and [`Limits`], not on sizes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, Read};
use std::sync::mpsc::sync_channel;
use std::thread;

use jettison_model::Digest;

use crate::blob::{Blob, Compression, SourceError};
use crate::elf::{Part, dynamic_place, read_parts};
use crate::hashing::{Hashed, QUEUE, TooLong, gzip_length, hash};
use crate::path::{clean, text};
use crate::tar::{Member, MemberError, MemberKind, Members};
use crate::{Elf, Error, FileKind, LayerFault};

/// What one layer holds.
#[derive(Clone, Debug, Default)]
pub struct LayerIndex {
    /// Entries in archive order (whiteouts are entries too).
    pub entries: Vec<LayerEntry>,
    /// Bytes of the blob as stored.
    pub stored_bytes: u64,
    /// Bytes of the tar stream.
    pub unpacked_bytes: u64,
    /// Whether the blob is stored compressed.
    pub compressed: bool,
    /// Digest of the blob as stored.
    pub digest: Option<Digest>,
    /// Digest of the tar stream.
    pub diff_id: Option<Digest>,
    /// Bytes that the layer has when it is stored compressed: `stored_bytes` if it is, else our own gzip -6 of it.
    pub compressed_bytes: u64,
    /// What is odd but no error.
    pub warnings: BTreeSet<Warning>,
}

/// What a layer has that should not be there, and does no harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Warning {
    /// Bytes after the end of the archive, or after the compressed stream.
    TrailingData,
    /// An entry's `..` climbs above the root; it is held at the root.
    PathEscapesRoot,
    /// An entry of a type that no tool writes into layers; it is left out.
    UnknownEntryType,
}

/// One tar entry.
#[derive(Clone, Debug)]
pub struct LayerEntry {
    /// Absolute, cleaned, starting with `/`; bytes that are not UTF-8 as `\xHH`.
    pub path: String,
    /// What it is.
    pub kind: FileKind,
    /// Payload bytes; of a sparse file with its holes.
    pub size: u64,
    /// Payload bytes in the tar stream; of a sparse file without its holes.
    pub stored_bytes: u64,
    /// The payload's share of the layer's blob as it is stored, by the stream's ratio at that place; header excluded. In a
    /// blob stored uncompressed the same as `stored_bytes`.
    pub compressed_bytes: u64,
    /// Permission bits.
    pub mode: u32,
    /// Numeric.
    pub uid: u32,
    /// Numeric.
    pub gid: u32,
    /// Whole seconds since 1970.
    pub mtime: i64,
    /// Of a device or pipe.
    pub device: Option<Device>,
    /// Extended attributes, where there are any.
    pub xattrs: Option<Box<Xattrs>>,
    /// sha256 of the payload of regular files; none for sparse files with holes of more than 1 GiB.
    pub content: Option<[u8; 32]>,
    /// Dynamic section, where the payload is ELF.
    pub elf: Option<Box<Elf>>,
    /// The interpreter after `#!`, trimmed, where the payload starts with that.
    pub shebang: Option<String>,
    /// The payload, for the few files that [`crate::Summarizer`] asks for, and for small scripts.
    pub payload: Option<Vec<u8>>,
}

/// Extended attributes by name.
pub type Xattrs = BTreeMap<String, Vec<u8>>;

/// What a device or pipe is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// Which sort.
    pub sort: DeviceSort,
    /// 0 for pipes.
    pub major: u32,
    /// 0 for pipes.
    pub minor: u32,
}

/// The sorts of special files that a tar can hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeviceSort {
    /// A character device.
    #[default]
    Character,
    /// A block device.
    Block,
    /// A named pipe.
    Pipe,
}

/// A layer blob to be read.
pub struct LayerReader<'a> {
    /// For messages: digest or file name.
    pub name: String,
    /// The blob.
    pub blob: Box<dyn Read + 'a>,
}

/// Bounds on what one layer may ask of us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries. A layer with more is refused.
    pub entries: u64,
    /// Bytes of all names and link targets together. A layer with more is refused.
    pub name_bytes: u64,
    /// Bytes of the tar stream. A layer with more is refused.
    pub unpacked_bytes: u64,
    /// Bytes of one payload that is asked for; a longer one is not kept.
    pub wanted_bytes: u64,
    /// Bytes of one script that is kept unasked.
    pub script_bytes: u64,
    /// Bytes of all payloads kept; beyond, none is.
    pub kept_bytes: u64,
    /// Bytes of an ELF file read into memory; of a longer one only so much is looked at.
    pub elf_bytes: u64,
    /// Bytes of a blob stored uncompressed that are compressed to learn its compressed size, which takes ten times as long
    /// as all the rest; beyond, the ratio so far is taken.
    pub gzip_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1 << 20;
        Self {
            entries: 4_000_000,
            name_bytes: 512 * MIB,
            unpacked_bytes: 256 * 1024 * MIB,
            wanted_bytes: 16 * MIB,
            script_bytes: 64 * 1024,
            kept_bytes: 64 * MIB,
            elf_bytes: 64 * MIB,
            gzip_bytes: u64::MAX,
        }
    }
}

/// Reads one layer; `wanted` says of which paths the payload is kept.
pub fn index_layer(reader: LayerReader<'_>, wanted: &dyn Fn(&str) -> bool) -> Result<LayerIndex, Error> {
    index_layer_within(reader, wanted, &Limits::default())
}

/// As [`index_layer`], with bounds of one's own.
pub fn index_layer_within(
    reader: LayerReader<'_>,
    wanted: &dyn Fn(&str) -> bool,
    limits: &Limits,
) -> Result<LayerIndex, Error> {
    let name = reader.name;
    read_layer(reader.blob, wanted, limits).map_err(|stop| match stop {
        MemberError::Fault(reason) => Error::Layer { layer: name, reason },
        MemberError::Io(error) => Error::Io(error),
    })
}

fn read_layer(
    source: Box<dyn Read + '_>,
    wanted: &dyn Fn(&str) -> bool,
    limits: &Limits,
) -> Result<LayerIndex, MemberError> {
    let (blob, compression) = Blob::open(source).map_err(|error| stream_error(error, "at its start"))?;
    let plain = compression == Compression::None;
    thread::scope(|scope| {
        let (to_hasher, batches) = sync_channel(QUEUE);
        let hasher = scope.spawn(move || hash(batches));
        let mut workers = vec![to_hasher];
        let gzip = plain.then(|| {
            let (to_gzip, batches) = sync_channel(QUEUE);
            workers.push(to_gzip);
            let limit = limits.gzip_bytes;
            scope.spawn(move || gzip_length(batches, limit))
        });
        let mut members = Members::new(Hashed::new(blob, workers, limits.unpacked_bytes));
        let mut walk = Walk { index: LayerIndex::default(), wanted, limits, name_bytes: 0, kept_bytes: 0 };
        let walked = walk.run(&mut members);
        let place = members.place().to_owned();
        let trailing_data = members.trailing_data;
        let stream = members.into_stream();
        let unpacked_bytes = stream.total();
        let blob = stream.finish();
        walked.map_err(|stop| located(stop, &place))?;
        let mut index = walk.index;
        let facts = blob.finish().map_err(|error| stream_error(error, "at its end"))?;
        let hashes = hasher.join().map_err(|_| worker_died())?;
        let gzip_bytes = gzip.map(|gzip| gzip.join().map_err(|_| worker_died())).transpose()?;
        for (entry, content) in hashes.contents {
            if let Some(entry) = index.entries.get_mut(entry) {
                entry.content = Some(content);
            }
        }
        if trailing_data || facts.trailing_data {
            index.warnings.insert(Warning::TrailingData);
        }
        index.digest = facts.digest.or_else(|| Some(hashes.stream.clone()));
        index.diff_id = Some(hashes.stream);
        index.compressed = !plain;
        index.stored_bytes = facts.stored_bytes;
        index.compressed_bytes = gzip_bytes.unwrap_or(facts.stored_bytes);
        index.unpacked_bytes = unpacked_bytes;
        Ok(index)
    })
}

/// The walk over the members.
struct Walk<'a> {
    index: LayerIndex,
    wanted: &'a dyn Fn(&str) -> bool,
    limits: &'a Limits,
    name_bytes: u64,
    kept_bytes: u64,
}

type Stream<'a> = Members<Hashed<Blob<'a>>>;

impl Walk<'_> {
    fn run(&mut self, members: &mut Stream<'_>) -> Result<(), MemberError> {
        while let Some(member) = members.next_member()? {
            self.check_bounds(&member)?;
            if let Some(entry) = self.entry(&member) {
                let at = self.index.entries.len();
                self.index.entries.push(entry);
                self.payload(at, &member, members)?;
            }
        }
        Ok(())
    }

    fn check_bounds(&mut self, member: &Member) -> Result<(), MemberError> {
        self.name_bytes = self.name_bytes.saturating_add((member.name.len() + member.link.len()) as u64);
        let too_large = |what, limit| Err(MemberError::Fault(LayerFault::TooLarge { what, limit }));
        if self.index.entries.len() as u64 >= self.limits.entries {
            return too_large("entries", self.limits.entries);
        }
        if self.name_bytes > self.limits.name_bytes {
            return too_large("bytes of names", self.limits.name_bytes);
        }
        Ok(())
    }

    fn entry(&mut self, member: &Member) -> Option<LayerEntry> {
        let (path, escapes) = clean(&member.name);
        if escapes {
            self.index.warnings.insert(Warning::PathEscapesRoot);
        }
        let kind = match member.kind {
            MemberKind::Regular => FileKind::Regular,
            MemberKind::Directory => FileKind::Directory,
            MemberKind::Symlink => FileKind::Symlink(text(&member.link)),
            MemberKind::Hardlink => FileKind::Hardlink(clean(&member.link).0),
            MemberKind::Special => FileKind::Special,
            MemberKind::Unknown(_) => {
                self.index.warnings.insert(Warning::UnknownEntryType);
                return None;
            }
        };
        let Member { size, stored: stored_bytes, mode, uid, gid, mtime, device, .. } = *member;
        let xattrs = (!member.xattrs.is_empty()).then(|| Box::new(member.xattrs.clone()));
        Some(LayerEntry {
            path,
            kind,
            size,
            stored_bytes,
            compressed_bytes: 0,
            mode,
            uid,
            gid,
            mtime,
            device,
            xattrs,
            content: None,
            elf: None,
            shebang: None,
            payload: None,
        })
    }

    fn payload(&mut self, at: usize, member: &Member, members: &mut Stream<'_>) -> Result<(), MemberError> {
        let Some(entry) = self.index.entries.get(at).filter(|entry| entry.kind == FileKind::Regular) else {
            return Ok(());
        };
        let wanted = (self.wanted)(&entry.path) && member.size <= self.limits.wanted_bytes;
        if let Some(segments) = &member.segments {
            return hash_sparse(at, member.size, segments, members);
        }
        members.stream().begin();
        let head = keep(members, 4)?;
        let room = match head.as_slice() {
            b"\x7fELF" => self.limits.elf_bytes.min(member.size),
            _ if wanted || head.starts_with(b"#!") && member.size <= self.limits.script_bytes => member.size,
            [b'#', b'!', ..] => 256,
            _ => 0,
        };
        let kept = keep_after(members, head, room)?;
        let elf = if kept.starts_with(b"\x7fELF") { finish_elf(members, &kept)? } else { None };
        skip(members)?;
        members.stream().end(at);
        self.note(at, kept, wanted, member.size);
        if let Some(entry) = self.index.entries.get_mut(at) {
            entry.elf = elf.map(Box::new);
        }
        Ok(())
    }

    /// Draws what there is to know from the bytes kept, and keeps them where they are text that somebody will read.
    fn note(&mut self, at: usize, kept: Vec<u8>, wanted: bool, size: u64) {
        let Some(entry) = self.index.entries.get_mut(at) else { return };
        entry.shebang = shebang(&kept);
        let total = self.kept_bytes.saturating_add(size);
        let is_whole = kept.len() as u64 == size;
        if is_whole && (wanted || entry.shebang.is_some()) && total <= self.limits.kept_bytes {
            self.kept_bytes = total;
            entry.payload = Some(kept);
        }
    }
}

/// Reads up to `room` bytes of the payload.
fn keep(members: &mut Stream<'_>, room: u64) -> Result<Vec<u8>, MemberError> {
    keep_after(members, Vec::new(), room)
}

fn keep_after(members: &mut Stream<'_>, mut kept: Vec<u8>, room: u64) -> Result<Vec<u8>, MemberError> {
    let more = room.saturating_sub(kept.len() as u64);
    // The size is a claim of the archive: memory beyond 64 KiB is taken as bytes arrive.
    kept.reserve(usize::try_from(more.min(64 * 1024)).unwrap_or(0));
    members.payload().take(more).read_to_end(&mut kept)?;
    Ok(kept)
}

/// Reads the dynamic section of the ELF file whose head has been read; of a huge one it may lie further behind.
fn finish_elf(members: &mut Stream<'_>, head: &[u8]) -> Result<Option<Elf>, MemberError> {
    const MAX_DYNAMIC: u64 = 64 * 1024;
    let Some((offset, length)) = dynamic_place(head) else {
        return Ok(read_parts(head, &Part { offset: 0, bytes: &[] }));
    };
    let Some(gap) = offset.checked_sub(head.len() as u64) else {
        return Ok(read_parts(head, &Part { offset: 0, bytes: &[] }));
    };
    io::copy(&mut members.payload().take(gap), &mut io::sink())?;
    let bytes = keep(members, length.min(MAX_DYNAMIC))?;
    Ok(read_parts(head, &Part { offset, bytes: &bytes }))
}

fn skip(members: &mut Stream<'_>) -> io::Result<()> {
    let mut payload = members.payload();
    loop {
        let count = payload.fill_buf()?.len();
        if count == 0 {
            return Ok(());
        }
        payload.consume(count);
    }
}

/// Hashes a sparse file as it is when unpacked.
fn hash_sparse(at: usize, size: u64, segments: &[(u64, u64)], members: &mut Stream<'_>) -> Result<(), MemberError> {
    /// A hole costs time, not memory; but a hostile one could be of any size.
    const MAX_HOLES: u64 = 1 << 30;
    let stored: u64 = segments.iter().map(|(_, length)| *length).fold(0, u64::saturating_add);
    if size.saturating_sub(stored) > MAX_HOLES {
        return Ok(skip(members)?);
    }
    members.stream().begin();
    let mut end = 0u64;
    for (offset, length) in segments {
        members.stream().zeros(offset.saturating_sub(end));
        io::copy(&mut members.payload().take(*length), &mut io::sink())?;
        end = offset.saturating_add(*length);
    }
    members.stream().zeros(size.saturating_sub(end));
    members.stream().end(at);
    Ok(())
}

fn shebang(head: &[u8]) -> Option<String> {
    let line = head.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    let line = line.get(..line.len().min(255))?;
    Some(String::from_utf8_lossy(line).trim().to_owned())
}

/// Names the place in errors of the stream below.
fn located(stop: MemberError, place: &str) -> MemberError {
    match stop {
        MemberError::Io(error) => stream_error(error, place),
        fault => fault,
    }
}

/// Tells a stream that ends early or is broken from a source that failed.
fn stream_error(error: io::Error, place: &str) -> MemberError {
    let place = place.to_owned();
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return MemberError::Fault(LayerFault::Truncated { place });
    }
    if let Some(TooLong(limit)) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
        return MemberError::Fault(LayerFault::TooLarge { what: "unpacked bytes", limit: *limit });
    }
    if SourceError::caused(&error) {
        return MemberError::Io(error);
    }
    MemberError::Fault(LayerFault::CorruptStream { place, reason: error.to_string() })
}

fn worker_died() -> MemberError {
    MemberError::Io(io::Error::other("a hashing thread died"))
}
