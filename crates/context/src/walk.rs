//! One walk.

use std::path::{Path, PathBuf};

use jettison_dockerfile::ignore::Matcher;

/// Everything in a context folder.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The folder.
    pub root: PathBuf,
    /// What the builder receives, sorted by path; folders too.
    pub kept: Vec<Entry>,
    /// What it does not. A folder nothing of which is kept is one entry whose size is all below it.
    pub ignored: Vec<Entry>,
    /// Paths that could not be read, and why. The builder would fail on kept ones.
    pub unreadable: Vec<(String, String)>,
}

/// One path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Relative to the root, `/` between parts; lossy UTF-8.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// Bytes (of regular files; of everything below an ignored folder).
    pub size: u64,
    /// Permission bits.
    pub mode: u32,
}

/// What a path is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Directory,
    /// A symbolic link and its target; it is sent as a link, never followed.
    Symlink(String),
    /// A socket, pipe or device; the builder leaves sockets out.
    Special,
}

/// Why a context cannot be walked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not a folder, not there, or no permission.
    #[error("{}: {source}", path.display())]
    Root {
        /// The folder.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
}

/// Walks `root`; ignored folders that nothing can be taken back from are only measured.
pub fn walk(root: &Path, ignore: &Matcher) -> Result<Snapshot, Error> {
    let _ = (root, ignore);
    todo!()
}

impl Snapshot {
    /// Bytes of the kept files.
    pub fn kept_bytes(&self) -> u64 {
        self.kept.iter().filter(|entry| entry.kind == EntryKind::File).map(|entry| entry.size).sum()
    }

    /// Number of kept files.
    pub fn kept_files(&self) -> usize {
        self.kept.iter().filter(|entry| entry.kind == EntryKind::File).count()
    }

    /// Bytes by folder (`""` is the root), each folder's with everything below it, biggest first.
    pub fn sizes_by_directory(&self) -> Vec<(String, u64)> {
        todo!()
    }

    /// sha256 over all paths, kinds, modes and contents, kept and ignored: to show that a run changed nothing.
    pub fn fingerprint(&self) -> Result<jettison_model::Digest, std::io::Error> {
        todo!()
    }
}
