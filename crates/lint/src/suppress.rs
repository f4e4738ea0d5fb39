//! Comments that suppress findings.

use jettison_model::{Finding, Span};

/// A finding that a comment silenced.
#[derive(Clone, Debug)]
pub struct Suppressed {
    /// What was found.
    pub finding: Finding,
    /// The comment's line.
    pub by: Span,
    /// Whose comment it is.
    pub kind: PragmaKind,
    /// Why, in the author's words.
    pub reason: Option<String>,
}

/// Whose language a suppressing comment speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PragmaKind {
    /// `# jettison: allow=…`
    Native,
    /// `# hadolint ignore=…`
    Hadolint,
    /// `# check=skip=…`
    Buildkit,
    /// `# tally ignore=…`
    Tally,
    /// `# checkov:skip=…`
    Checkov,
    /// `# trivy:ignore:…`
    Trivy,
}
