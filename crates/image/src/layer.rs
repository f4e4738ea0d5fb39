//! What one layer holds: the types. Made by `reading`, stacked by `union`.

use std::collections::BTreeMap;

use jettison_model::Digest;

use crate::contents::ContentHash;
use crate::{Compression, Elf, FileKind, Found, LayerFault};

/// What one layer holds.
#[derive(Clone, Debug, Default)]
pub struct LayerIndex {
    /// Entries in archive order (whiteouts are entries too).
    pub entries: Vec<LayerEntry>,
    /// Bytes of the blob as stored.
    pub stored_bytes: u64,
    /// Bytes of the tar stream, with whatever follows the end of the archive.
    pub unpacked_bytes: u64,
    /// How the blob is stored, by its first bytes.
    pub compression: Compression,
    /// Digest of the blob as stored; none if nobody asked for digests.
    pub digest: Option<Digest>,
    /// Digest of the tar stream, likewise.
    pub diff_id: Option<Digest>,
    /// Bytes that the layer has when it is stored compressed: `stored_bytes` if it is, else our own gzip -6 of it (if
    /// [`crate::Limits::gzip_bytes`] lets us).
    pub compressed_bytes: u64,
    /// What is odd but no error, with the first path that has it.
    pub warnings: BTreeMap<Warning, Option<String>>,
}

impl LayerIndex {
    /// What of `stored_bytes` is no file's: headers, padding, the end of the archive. With the entries' `compressed_bytes`
    /// it sums to `stored_bytes` exactly.
    pub fn structure_bytes(&self) -> u64 {
        let files = self.entries.iter().map(|entry| entry.compressed_bytes).fold(0, u64::saturating_add);
        self.stored_bytes.saturating_sub(files)
    }

    /// Whether the tar stream is the one that a config lists; so it is where nobody hashed it.
    pub fn check_diff_id(&self, expected: &str) -> Result<(), LayerFault> {
        let Some(actual) = self.diff_id.as_ref().filter(|actual| actual.as_str() != expected) else { return Ok(()) };
        Err(LayerFault::DiffIdMismatch { expected: expected.to_owned(), actual: actual.to_string() })
    }

    /// Whether the blob is the one that a descriptor names; its digest fits where nobody hashed it.
    pub fn check_blob(&self, digest: Option<&Digest>, size: Option<u64>) -> Result<(), LayerFault> {
        let actual = self.stored_bytes;
        if let Some(expected) = size.filter(|expected| *expected != actual) {
            return Err(LayerFault::SizeMismatch { expected, actual });
        }
        match (digest, &self.digest) {
            (Some(expected), Some(actual)) if expected != actual => {
                Err(LayerFault::DigestMismatch { expected: expected.to_string(), actual: actual.to_string() })
            }
            _ => Ok(()),
        }
    }
}

/// What an image has that should not be there, and does no harm. Names as in documents: [`Warning::class`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Warning {
    /// Bytes after the end of the archive, or after the compressed stream.
    TrailingData,
    /// An entry's `..` climbs above the root; it is held at the root.
    PathEscapesRoot,
    /// An entry of a type that no tool writes into layers; it makes no name.
    UnknownEntryType,
    /// `.wh.` with nothing, `.` or `..` behind it; it hides nothing.
    InvalidWhiteout,
    /// A whiteout of what is not there.
    WhiteoutWithoutTarget,
    /// A hardlink to what is not there; it makes no name.
    DanglingHardlink,
    /// aufs's own files (`.wh..wh.plnk` and the like); they make no names.
    AufsMetadataSkipped,
    /// The history has more or fewer entries than there are layers.
    HistoryMismatch,
    /// A blob is stored in another way than its media type says.
    MediaTypeMismatch,
}

impl Warning {
    /// Its name in documents.
    pub fn class(self) -> &'static str {
        match self {
            Self::TrailingData => "trailing_data",
            Self::PathEscapesRoot => "path_escapes_root",
            Self::UnknownEntryType => "unknown_entry_type",
            Self::InvalidWhiteout => "invalid_whiteout",
            Self::WhiteoutWithoutTarget => "whiteout_without_target",
            Self::DanglingHardlink => "dangling_hardlink",
            Self::AufsMetadataSkipped => "aufs_metadata_skipped",
            Self::HistoryMismatch => "history_mismatch",
            Self::MediaTypeMismatch => "media_type_mismatch",
        }
    }
}

/// One tar entry.
#[derive(Clone, Debug)]
pub struct LayerEntry {
    /// Absolute, cleaned, starting with `/`. Bytes that are not UTF-8 are `\xHH`: see [`crate::path_bytes`] and
    /// [`crate::shown_path`].
    pub path: String,
    /// What it is. One of a type that no tool writes is `Special` without a `device`.
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
    /// What the payload of a regular file is told by: equal in this process if and only if the bytes are, see
    /// [`crate::content_hash`]. None for sparse files with huge holes.
    pub content: Option<ContentHash>,
    /// Whether `/.wh.` is in the path.
    pub(crate) is_marked: bool,
    /// What most entries do not have.
    pub(crate) rare: Option<Box<Rare>>,
}

/// What most entries do not have, kept apart: an image may have millions of entries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rare {
    pub(crate) device: Option<Device>,
    pub(crate) xattrs: Xattrs,
    pub(crate) elf: Option<Elf>,
    pub(crate) shebang: Option<String>,
    pub(crate) found: Option<Found>,
    pub(crate) payload: Option<Vec<u8>>,
    pub(crate) climbs: u32,
}

impl LayerEntry {
    /// An entry of that name and kind, all else nothing.
    pub(crate) fn new(path: String, kind: FileKind) -> Self {
        Self {
            is_marked: path.contains("/.wh."),
            path,
            kind,
            size: 0,
            stored_bytes: 0,
            compressed_bytes: 0,
            mode: 0,
            uid: 0,
            gid: 0,
            mtime: 0,
            content: None,
            rare: None,
        }
    }

    /// Whether a part of its path begins as the marks of layers do: `.wh.`. Asked of every entry, more than once.
    pub(crate) fn is_marked(&self) -> bool {
        self.is_marked
    }

    /// The place for what most entries do not have.
    pub(crate) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// Of a device or pipe.
    pub fn device(&self) -> Option<Device> {
        self.rare.as_ref()?.device
    }

    /// Extended attributes, where there are any.
    pub fn xattrs(&self) -> Option<&Xattrs> {
        self.rare.as_ref().map(|rare| &rare.xattrs).filter(|xattrs| !xattrs.is_empty())
    }

    /// Dynamic section, where the payload is ELF.
    pub fn elf(&self) -> Option<&Elf> {
        self.rare.as_ref()?.elf.as_ref()
    }

    /// The interpreter after `#!`, trimmed, where the payload starts with that.
    pub fn shebang(&self) -> Option<&str> {
        self.rare.as_ref()?.shebang.as_deref()
    }

    /// What it says of packages: a manifest, a database, a program with a list of its modules.
    pub fn found(&self) -> Option<&Found> {
        self.rare.as_ref()?.found.as_ref()
    }

    /// The payload, for the few files that [`crate::Summarizer`] asks for, and for small scripts.
    pub fn payload(&self) -> Option<&[u8]> {
        self.rare.as_ref()?.payload.as_deref()
    }

    /// How many `..` its name has left in front when it is cleaned without a root.
    pub(crate) fn climbs(&self) -> u32 {
        self.rare.as_ref().map_or(0, |rare| rare.climbs)
    }
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
