//! The Dockerfiles and the Compose and Bake files of a folder: what git ignores is left out, and what the configuration excludes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use jettison_dockerfile::ignore::{IgnoreFile, Matcher};

use super::names::{Named, kind};
use crate::config::Found;

/// What lies in a folder.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Dockerfiles.
    pub(super) dockerfiles: Vec<PathBuf>,
    /// Compose and Bake files that are read together, by folder and tool.
    pub(super) builds: Vec<Vec<PathBuf>>,
    /// What could not be looked at, and why.
    pub(super) unreadable: Vec<(PathBuf, String)>,
}

/// Walks `root`, links not followed. `found` is the configuration of the folder.
pub(super) fn walk(root: &Path, cwd: &Path, found: &Found) -> Walked {
    let mut walked = Walked::default();
    let mut builds: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    let excluded = Excluded::new(root, cwd, found);
    let mut walker = WalkBuilder::new(root);
    walker.hidden(false).ignore(false).require_git(false).sort_by_file_name(Ord::cmp);
    walker.filter_entry(move |entry| entry.file_name() != ".git" && !excluded.is_excluded(entry.path()));
    for entry in walker.build() {
        match entry {
            Err(error) => walked.unreadable.push(told(root, &error)),
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => match kind(entry.path()) {
                Named::Dockerfile => walked.dockerfiles.push(entry.into_path()),
                Named::Builds => {
                    let folder = entry.path().parent().unwrap_or(root).to_owned();
                    builds.entry(folder).or_default().push(entry.into_path());
                }
                Named::Neither => {}
            },
            Ok(_) => {}
        }
    }
    walked.builds = builds.into_values().flat_map(|files| crate::targets::together(&files)).collect();
    walked
}

/// The patterns of `exclude`, which start at the folder of the configuration file.
struct Excluded {
    matcher: Option<Matcher>,
    cwd: PathBuf,
    folder: PathBuf,
}

impl Excluded {
    fn new(root: &Path, cwd: &Path, found: &Found) -> Self {
        let lines: Vec<&str> = found.values.list("exclude").collect();
        let matcher = (!lines.is_empty()).then(|| Matcher::new(&IgnoreFile::parse(lines.join("\n").as_bytes())));
        let folder = if found.folder.as_os_str().is_empty() { cwd.join(root) } else { found.folder.clone() };
        Self { matcher, cwd: cwd.to_owned(), folder }
    }

    fn is_excluded(&self, path: &Path) -> bool {
        let Some(matcher) = &self.matcher else { return false };
        let whole = crate::config::tidy(&self.cwd.join(path));
        let inside = whole.strip_prefix(crate::config::tidy(&self.folder)).ok().and_then(Path::to_str);
        inside.is_some_and(|inside| !inside.is_empty() && matcher.is_ignored(inside))
    }
}

/// The path that could not be looked at, and why.
fn told(root: &Path, error: &ignore::Error) -> (PathBuf, String) {
    let mut path = root.to_owned();
    let mut inner = error;
    loop {
        match inner {
            ignore::Error::WithPath { path: at, err } => {
                path.clone_from(at);
                inner = err;
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => inner = err,
            ignore::Error::Io(error) => return (path, crate::input::reason(error)),
            other => return (path, other.to_string()),
        }
    }
}
