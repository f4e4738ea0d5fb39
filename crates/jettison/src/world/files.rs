//! The files of a context as the builder receives them: names and sizes from one walk, contents read when asked.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jettison_context::{EntryKind, Snapshot};
use jettison_dockerfile::ignore::{IgnoreFile, Matcher};

/// What one walk of a context has shown.
pub struct SentFiles {
    root: PathBuf,
    kept: BTreeMap<String, u64>,
    ignored: Vec<String>,
}

impl SentFiles {
    /// From the walk.
    pub fn new(snapshot: &Snapshot) -> Self {
        let is_file = |kind: &EntryKind| !matches!(kind, EntryKind::Directory | EntryKind::Special);
        let kept = snapshot.kept.iter().filter(|entry| is_file(&entry.kind));
        Self {
            root: snapshot.root.clone(),
            kept: kept.map(|entry| (entry.path.clone(), entry.size)).collect(),
            ignored: snapshot.ignored.iter().map(|entry| entry.path.clone()).collect(),
        }
    }

    /// The folder.
    pub fn root(&self) -> &PathBuf {
        &self.root
    }

    /// The files that match `glob`, sorted; what is ignored too, if it is wanted.
    pub fn paths(&self, glob: &str, with_ignored: bool) -> Vec<String> {
        // asked for often, and nothing to match
        if glob == "**" && !with_ignored {
            return self.kept.keys().cloned().collect();
        }
        let pattern = Matcher::new(&IgnoreFile::parse(glob.as_bytes()));
        let ignored = self.ignored.iter().filter(|_| with_ignored);
        let all = self.kept.keys().chain(ignored);
        let mut paths: Vec<String> = all.filter(|path| glob == "**" || pattern.is_ignored(path)).cloned().collect();
        paths.sort();
        paths
    }

    /// Bytes of all files at or below `prefix`; an empty one stands for all.
    pub fn size(&self, prefix: &str) -> u64 {
        if prefix.is_empty() {
            return self.kept.values().sum();
        }
        if let Some(size) = self.kept.get(prefix) {
            return *size;
        }
        let inside = format!("{}/", prefix.trim_end_matches('/'));
        let below = self.kept.range(inside.clone()..).take_while(|(path, _)| path.starts_with(&inside));
        below.map(|(_, size)| size).sum()
    }

    /// Whether a file that is sent may be executed, by its mode in the folder; none for links and what is not there.
    pub fn is_executable(&self, path: &str) -> Option<bool> {
        use std::os::unix::fs::PermissionsExt;
        let metadata = self.root.join(path).symlink_metadata().ok()?;
        (self.kept.contains_key(path) && metadata.is_file()).then(|| metadata.permissions().mode() & 0o111 != 0)
    }

    /// The first `max` bytes of a file that is sent. A link is never followed: it may lead out of the context.
    pub fn read(&self, path: &str, max: usize) -> Option<Vec<u8>> {
        use std::io::Read;
        let file = self.root.join(path);
        if !self.kept.contains_key(path) || !file.symlink_metadata().ok()?.is_file() {
            return None;
        }
        let mut bytes = Vec::new();
        std::fs::File::open(file).ok()?.take(max as u64).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }
}
