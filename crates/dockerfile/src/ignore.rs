//! `.dockerignore`, with the meaning of moby's patternmatcher
//! (<https://github.com/moby/patternmatcher>): anchored at the root, last match wins, a matched parent covers what is below.

use jettison_model::Span;

/// A parsed ignore file.
#[derive(Clone, Debug, Default)]
pub struct IgnoreFile {
    /// Its patterns, in order.
    pub patterns: Vec<Pattern>,
    /// Lines that the builder would refuse (a lone `!`, a bad class): 1-based line and reason.
    pub errors: Vec<(u32, String)>,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Cleaned, without `!` and slashes around it.
    pub text: String,
    /// `!`: takes back.
    pub negated: bool,
    /// The line in the file.
    pub span: Span,
}

/// Patterns compiled for matching many paths.
#[derive(Clone, Debug, Default)]
pub struct Matcher {
    pub(crate) patterns: Vec<Pattern>,
}

impl IgnoreFile {
    /// Parses any bytes.
    pub fn parse(source: &[u8]) -> Self {
        let _ = source;
        todo!()
    }
}

impl Matcher {
    /// Compiles the file's patterns.
    pub fn new(file: &IgnoreFile) -> Self {
        let _ = file;
        todo!()
    }

    /// Whether the builder leaves `path` (relative, `/` between parts, no leading slash) out, looking at its parents too.
    pub fn is_ignored(&self, path: &str) -> bool {
        let _ = path;
        todo!()
    }

    /// Whether nothing below the ignored folder `path` can be taken back by a `!` pattern, so that it need not be read.
    pub fn skips_all_below(&self, path: &str) -> bool {
        let _ = path;
        todo!()
    }
}

/// Whether one pattern (ignore or COPY-source syntax: `*`, `?`, `[…]`, `**`, `\`) matches the whole of `path`.
pub fn pattern_matches(pattern: &str, path: &str) -> bool {
    let _ = (pattern, path);
    todo!()
}
