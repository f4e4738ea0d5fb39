//! The project found in the context: languages, manifests, lockfiles.

use jettison_dockerfile::ignore::pattern_matches;
use jettison_ecosystems::{ManifestRow, load};

use crate::path::base_name;

/// What the context holds, by its files.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// Whether the context is known at all.
    pub known: bool,
    /// Languages with a manifest at the root, in the ecosystems data's words.
    pub languages: Vec<Language>,
    /// Manifests and lockfiles that dependency installation reads, at any depth, with their ecosystem.
    pub manifests: Vec<Manifest>,
}

/// A language's ecosystem.
pub type Language = String;

/// One manifest or lockfile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Context-relative.
    pub path: String,
    /// `python`, `node`, …
    pub ecosystem: String,
    /// Lockfile, not manifest.
    pub lock: bool,
}

/// Folders of other people's code: a manifest in there is not the project's.
const FOREIGN: [&str; 10] = [
    ".git",
    ".tox",
    ".venv",
    "__pycache__",
    "bower_components",
    "node_modules",
    "site-packages",
    "target",
    "vendor",
    "venv",
];

/// Looks for manifests among the paths that the builder receives.
pub(crate) fn find(paths: Option<&[String]>) -> Project {
    let Some(paths) = paths else { return Project::default() };
    let mut project = Project { known: true, ..Project::default() };
    for path in paths.iter().filter(|path| !is_foreign(path)) {
        let Some(row) = row_of(path) else { continue };
        if !path.contains('/') && !row.setting && !project.languages.contains(&row.ecosystem) {
            project.languages.push(row.ecosystem.clone());
        }
        project.manifests.push(Manifest { path: path.clone(), ecosystem: row.ecosystem.clone(), lock: row.lock });
    }
    project.languages.sort();
    project
}

/// The row of the ecosystems data for a manifest.
pub(crate) fn row_of(path: &str) -> Option<&'static ManifestRow> {
    let name = base_name(path);
    // Most patterns are plain names; only the others are worth a matcher.
    let matches = |pattern: &str| match pattern.contains(['*', '?', '[']) {
        true => pattern_matches(pattern, name),
        false => pattern == name,
    };
    load().manifests.iter().find(|row| matches(&row.pattern))
}

/// Whether it lies in a folder of other people's code.
pub(crate) fn is_foreign(path: &str) -> bool {
    path.split('/').any(|part| FOREIGN.contains(&part))
}
