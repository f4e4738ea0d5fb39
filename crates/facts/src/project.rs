//! The project found in the context: languages, manifests, lockfiles.

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
