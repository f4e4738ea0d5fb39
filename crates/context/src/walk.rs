//! One walk. Reference: the excluding walk of BuildKit's context transfer (<https://github.com/tonistiigi/fsutil>): a folder
//! is sent if it is not ignored itself or if something below it is taken back by `!`.

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
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

/// Walks `root`; ignored folders that nothing can be taken back from are only measured. Symbolic links are never followed,
/// wherever they point. Depth costs no stack.
pub fn walk(root: &Path, ignore: &Matcher) -> Result<Snapshot, Error> {
    let listing = std::fs::read_dir(root).map_err(|source| Error::Root { path: root.to_owned(), source })?;
    let mut walk = Walk { ignore, nodes: Vec::new(), folders: Vec::new(), unreadable: Vec::new() };
    walk.list(listing, "", None);
    while let Some((folder, node)) = walk.folders.pop() {
        let path = walk.nodes[node].entry.path.clone();
        match std::fs::read_dir(&folder) {
            Ok(listing) => walk.list(listing, &path, Some(node)),
            Err(error) => walk.unreadable.push((path, reason(&error))),
        }
    }
    Ok(walk.finish(root))
}

/// A walk under way. Parents stand before their children in `nodes`.
struct Walk<'m> {
    ignore: &'m Matcher,
    nodes: Vec<Node>,
    folders: Vec<(PathBuf, usize)>,
    unreadable: Vec<(String, String)>,
}

struct Node {
    entry: Entry,
    parent: Option<usize>,
    kept: bool,
}

impl Walk<'_> {
    /// Takes in the children of the folder `path`.
    fn list(&mut self, listing: std::fs::ReadDir, path: &str, parent: Option<usize>) {
        for child in listing {
            let child = match child {
                Ok(child) => child,
                Err(error) => {
                    self.unreadable.push((path.to_owned(), reason(&error)));
                    return;
                }
            };
            let name = child.file_name();
            let name = name.to_string_lossy();
            let below = if path.is_empty() { name.into_owned() } else { format!("{path}/{name}") };
            match child.metadata() {
                Ok(metadata) => self.node(child.path(), below, &metadata, parent),
                Err(error) => self.unreadable.push((below, reason(&error))),
            }
        }
    }

    fn node(&mut self, on_disk: PathBuf, path: String, metadata: &Metadata, parent: Option<usize>) {
        let mut entry = entry(&on_disk, path, metadata);
        let kept = !is_socket(metadata) && !self.ignore.is_ignored(&entry.path);
        if kept && let Err(error) = readable(&on_disk, metadata) {
            self.unreadable.push((entry.path.clone(), reason(&error)));
        }
        if entry.kind == EntryKind::Directory {
            if kept || !self.ignore.skips_all_below(&entry.path) {
                self.folders.push((on_disk, self.nodes.len()));
            } else {
                entry.size = self.measure(on_disk, &entry.path);
            }
        }
        self.nodes.push(Node { entry, parent, kept });
    }

    /// Bytes of all regular files below a folder that is left out as a whole.
    fn measure(&mut self, folder: PathBuf, path: &str) -> u64 {
        let mut bytes = 0_u64;
        let mut folders = vec![folder];
        while let Some(folder) = folders.pop() {
            let children = match std::fs::read_dir(&folder) {
                Ok(children) => children,
                Err(error) => {
                    self.unreadable.push((path.to_owned(), format!("{}: {}", folder.display(), reason(&error))));
                    continue;
                }
            };
            for child in children.flatten() {
                match child.metadata() {
                    Ok(metadata) if metadata.is_dir() => folders.push(child.path()),
                    Ok(metadata) if metadata.is_file() => bytes = bytes.saturating_add(metadata.len()),
                    _ => {}
                }
            }
        }
        bytes
    }

    /// Keeps the folders above what is kept, and folds what is left of ignored folders into one entry each.
    fn finish(mut self, root: &Path) -> Snapshot {
        for index in (0..self.nodes.len()).rev() {
            if let (true, Some(parent)) = (self.nodes[index].kept, self.nodes[index].parent) {
                self.nodes[parent].kept = true;
            }
        }
        let mut snapshot = Snapshot { root: root.to_owned(), unreadable: self.unreadable, ..Snapshot::default() };
        while let Some(node) = self.nodes.pop() {
            match node.parent.and_then(|parent| self.nodes.get_mut(parent)) {
                _ if node.kept => snapshot.kept.push(node.entry),
                Some(parent) if !parent.kept => {
                    parent.entry.size = parent.entry.size.saturating_add(node.entry.size);
                }
                _ => snapshot.ignored.push(node.entry),
            }
        }
        snapshot.kept.sort_by(|a, b| a.path.cmp(&b.path));
        snapshot.ignored.sort_by(|a, b| a.path.cmp(&b.path));
        snapshot.unreadable.sort();
        snapshot
    }
}

fn entry(on_disk: &Path, path: String, metadata: &Metadata) -> Entry {
    let kind = match metadata.file_type() {
        kind if kind.is_dir() => EntryKind::Directory,
        kind if kind.is_file() => EntryKind::File,
        kind if kind.is_symlink() => {
            let target = on_disk.read_link().unwrap_or_default();
            EntryKind::Symlink(target.to_string_lossy().into_owned())
        }
        _ => EntryKind::Special,
    };
    let size = if kind == EntryKind::File { metadata.len() } else { 0 };
    Entry { path, kind, size, mode: metadata.permissions().mode() & 0o7777 }
}

/// Whether the builder could read the file. Opening each would cost more than the walk, so only those are tried that not
/// everybody may read.
fn readable(on_disk: &Path, metadata: &Metadata) -> std::io::Result<()> {
    let open_to_all = metadata.permissions().mode() & 0o444 == 0o444;
    if open_to_all || !metadata.is_file() {
        return Ok(());
    }
    File::open(on_disk).map(drop)
}

fn is_socket(metadata: &Metadata) -> bool {
    metadata.file_type().is_socket()
}

/// The cause in the system's words, without Rust's error number.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

impl Snapshot {
    /// Bytes of the kept files.
    pub fn kept_bytes(&self) -> u64 {
        self.kept
            .iter()
            .filter(|entry| entry.kind == EntryKind::File)
            .fold(0, |sum, entry| sum.saturating_add(entry.size))
    }

    /// Number of kept files.
    pub fn kept_files(&self) -> usize {
        self.kept.iter().filter(|entry| entry.kind == EntryKind::File).count()
    }

    /// Kept bytes by folder (`""` is the root), each folder's with everything below it, biggest first, then by path.
    pub fn sizes_by_directory(&self) -> Vec<(String, u64)> {
        let mut sizes: BTreeMap<&str, u64> = BTreeMap::from([("", 0)]);
        for entry in &self.kept {
            if entry.kind == EntryKind::Directory {
                sizes.entry(&entry.path).or_default();
            }
            for folder in folders_above(&entry.path) {
                let bytes = sizes.entry(folder).or_default();
                *bytes = bytes.saturating_add(entry.size);
            }
        }
        let mut sizes: Vec<(String, u64)> = sizes.into_iter().map(|(path, bytes)| (path.to_owned(), bytes)).collect();
        sizes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        sizes
    }

    /// What cannot be read although the builder would read it: the build would fail on these.
    pub fn unreadable_kept(&self) -> impl Iterator<Item = &(String, String)> {
        self.unreadable.iter().filter(|(path, _)| self.kept.binary_search_by(|entry| entry.path.cmp(path)).is_ok())
    }

    /// sha256 over all paths, kinds, modes and contents that are below the root now, kept and ignored: to show that a run
    /// changed nothing. The error names the path that could not be read.
    pub fn fingerprint(&self) -> Result<jettison_model::Digest, std::io::Error> {
        crate::fingerprint::fingerprint(&self.root)
    }

    /// The same over what the builder receives, without the files named in `except`: to tell whether a context is the one that a
    /// proof was made on, whatever jettison itself has written into it since.
    pub fn fingerprint_kept(&self, except: &[String]) -> Result<jettison_model::Digest, std::io::Error> {
        let files =
            self.kept.iter().filter(|entry| entry.kind != EntryKind::Directory && !except.contains(&entry.path));
        crate::fingerprint::fingerprint_of(&self.root, files)
    }
}

/// `""`, `a`, `a/b` for `a/b/c`.
fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::once("").chain(path.match_indices('/').filter_map(|(at, _)| path.get(..at)))
}
