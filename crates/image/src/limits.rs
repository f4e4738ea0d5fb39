//! How much an image may ask of us. Memory depends on these and on the number of entries, never on sizes that an image claims.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::LayerFault;

const MIB: u64 = 1 << 20;

/// Bounds on what an image may ask of us. An index takes some 130 bytes an entry and its names; while a layer is read, about
/// 4 MiB and `elf_bytes` come to that (a zstd layer may ask for a window of up to 128 MiB more).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries of all layers of an image. One with more is refused.
    pub entries: u64,
    /// Bytes of all their names, link targets and attributes together. An image with more is refused.
    pub name_bytes: u64,
    /// Bytes of one layer's tar stream. A layer with more is refused.
    pub unpacked_bytes: u64,
    /// Bytes of one payload that is asked for; a longer one is not kept.
    pub wanted_bytes: u64,
    /// Bytes of one script that is kept unasked.
    pub script_bytes: u64,
    /// Bytes of all payloads kept of one layer; beyond, none is. An image with four times as much is refused.
    pub kept_bytes: u64,
    /// Bytes of an ELF file read into memory; of a longer one only so much is looked at.
    pub elf_bytes: u64,
    /// Bytes of a blob stored uncompressed that are compressed to learn its compressed size, which takes ten times as long
    /// as all the rest; beyond, the ratio so far is taken. With 0 nothing is, and the blob's own size is its compressed one.
    pub gzip_bytes: u64,
}

impl Limits {
    /// What no image of this world reaches.
    pub const DEFAULT: Self = Self {
        entries: 4_000_000,
        name_bytes: 512 * MIB,
        unpacked_bytes: 256 * 1024 * MIB,
        wanted_bytes: 16 * MIB,
        script_bytes: 64 * 1024,
        kept_bytes: 64 * MIB,
        elf_bytes: 16 * MIB,
        gzip_bytes: u64::MAX,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What the layers of one image have taken of their common [`Limits`].
#[derive(Debug, Default)]
pub struct Budget {
    entries: AtomicU64,
    name_bytes: AtomicU64,
    kept_bytes: AtomicU64,
    /// Buffers that one layer has done with, for heads of files and for chunks of the stream: memory that is there already
    /// costs less than other memory.
    pub(crate) heads: Buffers,
    pub(crate) chunks: Buffers,
}

/// Buffers that are not in use.
#[derive(Debug, Default)]
pub(crate) struct Buffers(Mutex<Vec<Vec<u8>>>);

impl Budget {
    /// So many more entries with this much text.
    pub(crate) fn entries(&self, entries: u64, text: u64, limits: &Limits) -> Result<(), LayerFault> {
        take(&self.entries, entries, "entries", limits.entries)?;
        take(&self.name_bytes, text, "bytes of names", limits.name_bytes)
    }

    /// One more payload that is kept.
    pub(crate) fn kept(&self, bytes: u64, limits: &Limits) -> Result<(), LayerFault> {
        take(&self.kept_bytes, bytes, "bytes of files to be kept", limits.kept_bytes.saturating_mul(4))
    }
}

impl Buffers {
    /// A buffer, with whatever is in it.
    pub(crate) fn take(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Keeps a buffer for the next layer.
    pub(crate) fn give_back(&self, buffer: Vec<u8>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(buffer);
    }
}

fn take(taken: &AtomicU64, more: u64, what: &'static str, limit: u64) -> Result<(), LayerFault> {
    let before = taken.fetch_add(more, Ordering::Relaxed);
    if before.saturating_add(more) > limit { Err(LayerFault::TooLarge { what, limit }) } else { Ok(()) }
}
