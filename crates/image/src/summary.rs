//! Everything `facts` and `plan` want to know of an image: the types. Made by [`crate::Summarizer`]; questions that need
//! a walk (resolving links, finding programs and libraries) are in `lookup`.

use std::collections::BTreeMap;

use jettison_model::Digest;

use crate::{ContentHash, Elf, ImageConfig, OsRelease, Package};

/// An image: its config, final tree, packages, sizes.
#[derive(Clone, Debug, Default)]
pub struct ImageSummary {
    /// Config.
    pub config: ImageConfig,
    /// Of manifest or config, as the source knows it.
    pub digest: Option<Digest>,
    /// Lowest first; empty layers not counted.
    pub layers: Vec<Layer>,
    /// The final tree, by absolute path; whiteouts applied. The root is `/`.
    pub files: BTreeMap<String, File>,
    /// From `/etc/os-release` or `/usr/lib/os-release`.
    pub os: Option<OsRelease>,
    /// Installed packages, by name.
    pub packages: BTreeMap<String, Package>,
    /// The three sizes of docs/architecture.md.
    pub sizes: Sizes,
    /// Small text files of the final tree, by path: passwd, group, os-release, ld.so.conf, and scripts (`#!`) of up to
    /// 64 KiB. Read them with [`ImageSummary::text`].
    pub texts: BTreeMap<String, String>,
    /// Package by path, for files that one owns. Where it is empty, [`ImageSummary::owner`] asks every package.
    pub owners: BTreeMap<String, String>,
}

/// One layer.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// Digest of the tar stream.
    pub diff_id: Option<Digest>,
    /// Bytes of the tar stream.
    pub unpacked_bytes: u64,
    /// Bytes of the blob, compressed.
    pub compressed_bytes: u64,
    /// The history entry's command.
    pub created_by: String,
    /// Files that it holds and that the final tree has not from it: deleted or replaced by a later layer, and still there
    /// for whoever reads the layer. As named in the layer, in its order.
    pub hidden: Vec<String>,
}

/// Always named, never mixed: see docs/architecture.md.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Regular-file bytes of the final tree, hardlinks once.
    pub apparent: u64,
    /// Σ of the layers' whole tar streams.
    pub unpacked: u64,
    /// Σ of the layer blobs.
    pub compressed: u64,
    /// Whether some blob was stored uncompressed and `compressed` is our own gzip of it.
    pub recompressed: bool,
}

/// What a path is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    Regular,
    /// A folder.
    Directory,
    /// A symbolic link and its target, as written.
    Symlink(String),
    /// A further name of the file at this absolute path; size and content are those of that file.
    Hardlink(String),
    /// A device, pipe or socket.
    Special,
}

/// One path of the final tree.
#[derive(Clone, Debug)]
pub struct File {
    /// What it is.
    pub kind: FileKind,
    /// Payload bytes.
    pub size: u64,
    /// Permission bits.
    pub mode: u32,
    /// Numeric.
    pub uid: u32,
    /// Numeric.
    pub gid: u32,
    /// Index into [`ImageSummary::layers`] of the layer that it comes from.
    pub layer: usize,
    /// See [`crate::content_hash`].
    pub content: Option<ContentHash>,
    /// Dynamic section.
    pub elf: Option<Box<Elf>>,
    /// The interpreter line after `#!`, trimmed.
    pub shebang: Option<String>,
}
