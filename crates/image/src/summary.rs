//! Everything `facts` and `plan` want to know of an image, made in one pass over its layers.

use std::collections::BTreeMap;

use jettison_model::Digest;

use crate::{Elf, ImageConfig, OsRelease, Package};

/// An image: its config, final tree, packages, sizes.
#[derive(Clone, Debug, Default)]
pub struct ImageSummary {
    /// Config.
    pub config: ImageConfig,
    /// Of manifest or config, as the source knows it.
    pub digest: Option<Digest>,
    /// Lowest first; empty layers not counted.
    pub layers: Vec<Layer>,
    /// The final tree, by absolute path; whiteouts applied.
    pub files: BTreeMap<String, File>,
    /// From `/etc/os-release` or `/usr/lib/os-release`.
    pub os: Option<OsRelease>,
    /// Installed packages, by name.
    pub packages: BTreeMap<String, Package>,
    /// The three sizes of DESIGN §7.
    pub sizes: Sizes,
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
}

/// Always named, never mixed: see DESIGN §7.
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
    /// A hard link to this absolute path.
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
    /// sha256 of the payload.
    pub content: Option<[u8; 32]>,
    /// Dynamic section.
    pub elf: Option<Box<Elf>>,
    /// The interpreter line after `#!`, trimmed.
    pub shebang: Option<String>,
}

/// Makes an [`ImageSummary`] from a config and layers handed to it one after the other, lowest first or in any order.
pub struct Summarizer {
    pub(crate) config: ImageConfig,
    pub(crate) layers: Vec<Option<crate::LayerIndex>>,
}

impl Summarizer {
    /// Starts with the config; its diff IDs say how many layers will come.
    pub fn new(config: ImageConfig) -> Self {
        let layers = vec![None; config.diff_ids.len()];
        Self { config, layers }
    }

    /// Adds layer `index` (0 = lowest).
    pub fn layer(&mut self, index: usize, layer: crate::LayerIndex) {
        let _ = (index, layer);
        todo!()
    }

    /// Of which paths [`crate::index_layer`] has to keep the payload (dpkg's status and lists, os-release, passwd, group, …).
    pub fn wanted(path: &str) -> bool {
        let _ = path;
        todo!()
    }

    /// The summary; an error if a layer is missing.
    pub fn finish(self) -> Result<ImageSummary, crate::Error> {
        todo!()
    }
}

impl ImageSummary {
    /// Follows symbolic links (at most 40) in every part of `path`, as the kernel would inside the image; the path it ends
    /// at and its file.
    pub fn resolve(&self, path: &str) -> Option<(String, &File)> {
        let _ = path;
        todo!()
    }

    /// Finds a program by name in the image's PATH (or as a path); the path it resolves to.
    pub fn which(&self, program: &str) -> Option<String> {
        let _ = program;
        todo!()
    }

    /// The package that owns `path`, trying merged-usr spellings.
    pub fn owner(&self, path: &str) -> Option<&Package> {
        let _ = path;
        todo!()
    }

    /// Where the dynamic loader would find `soname` for the ELF file at `from`: RPATH/RUNPATH with `$ORIGIN`, then
    /// LD_LIBRARY_PATH of the config, then the default folders (multiarch and those of /etc/ld.so.conf.d). The path as found.
    pub fn find_library(&self, from: &str, soname: &str) -> Option<String> {
        let _ = (from, soname);
        todo!()
    }

    /// Whether there is a working `/bin/sh`.
    pub fn has_shell(&self) -> bool {
        todo!()
    }

    /// Name and uid of every user in `/etc/passwd`.
    pub fn users(&self) -> Vec<(String, u32)> {
        todo!()
    }

    /// Regular-file bytes of the final tree at or below `prefix`.
    pub fn bytes_below(&self, prefix: &str) -> u64 {
        let prefix = prefix.trim_end_matches('/');
        let below = |path: &str| path == prefix || (path.starts_with(prefix) && path[prefix.len()..].starts_with('/'));
        self.files.range(prefix.to_owned()..).take_while(|(path, _)| path.starts_with(prefix)).filter(|(path, _)| below(path))
            .filter(|(_, file)| file.kind == FileKind::Regular).map(|(_, file)| file.size).sum()
    }
}
