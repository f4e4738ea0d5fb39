//! Changes to a text, as spans over it. How they are applied is the business of `dockerfile::edit`.

use crate::Span;

/// Replace the bytes of `span` by `replacement`; an empty span inserts, an empty replacement deletes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What to replace.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
}

impl Edit {
    /// Replaces `span`.
    pub fn replace(span: Span, replacement: impl Into<String>) -> Self {
        Self { span, replacement: replacement.into() }
    }

    /// Inserts before byte `at`.
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Self::replace(Span::at(at), text)
    }

    /// Deletes `span`.
    pub fn delete(span: Span) -> Self {
        Self::replace(span, "")
    }
}

/// What applying a fix may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FixSafety {
    /// Keeps the meaning.
    Safe,
    /// May change the meaning; only on request.
    Unsafe,
    /// Shown, never applied.
    Manual,
}

/// Edits that belong together: all are applied or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The edits, in any order, not overlapping each other.
    pub edits: Vec<Edit>,
    /// What applying them may change.
    pub safety: FixSafety,
    /// One clause for the reader.
    pub note: String,
}
