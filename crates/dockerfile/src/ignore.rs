//! `.dockerignore`, with the meaning of moby's patternmatcher
//! (<https://github.com/moby/patternmatcher>): anchored at the root, last match wins, a matched parent covers what is below.
//! The parent's results go down level by level as in the builder's walk (<https://github.com/tonistiigi/fsutil>, filter.go).

mod clean;
mod glob;
mod regex;
mod set;

use jettison_model::Span;

use glob::Glob;

/// A parsed ignore file.
#[derive(Clone, Debug, Default)]
pub struct IgnoreFile {
    /// Its patterns, in order.
    pub patterns: Vec<Pattern>,
    /// Lines that the builder refuses (a lone `!`, a bad class): 1-based line and reason.
    pub errors: Vec<(u32, String)>,
    /// Patterns that the builder takes and cannot use: it fails as soon as it compares a path with one. 1-based line and
    /// reason. They are among the patterns, and match nothing.
    pub broken: Vec<(u32, String)>,
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
    patterns: Vec<Compiled>,
    takes_back: bool,
}

#[derive(Clone, Debug)]
struct Compiled {
    glob: Glob,
    negated: bool,
    /// What any path that it matches begins with.
    beginning: String,
}

/// What the patterns say of one folder, handed down to what lies in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Level {
    ignored: bool,
    matched: Matched,
}

/// One bit a pattern: it matched a folder or one above it. Those of the first 64 patterns cost no memory of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Matched {
    first: u64,
    rest: Vec<u64>,
}

impl Matched {
    fn has(&self, index: usize) -> bool {
        let word = if index < 64 { Some(&self.first) } else { self.rest.get(index / 64 - 1) };
        word.is_some_and(|word| word & (1 << (index % 64)) != 0)
    }

    fn add(&mut self, index: usize) {
        if index < 64 {
            self.first |= 1 << index;
            return;
        }
        let word = index / 64 - 1;
        if self.rest.len() <= word {
            self.rest.resize(word + 1, 0);
        }
        self.rest[word] |= 1 << (index % 64);
    }
}

impl Level {
    /// Whether the builder leaves this path out.
    pub fn is_ignored(&self) -> bool {
        self.ignored
    }
}

impl IgnoreFile {
    /// Parses any bytes.
    pub fn parse(source: &[u8]) -> Self {
        let mut file = Self::default();
        let mut start = if source.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let mut number = 0;
        while start < source.len() {
            let length = source[start..].iter().position(|byte| *byte == b'\n').unwrap_or(source.len() - start);
            let line = &source[start..start + length];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            number += 1;
            file.line(&String::from_utf8_lossy(line), number, Span::new(start, start + line.len()));
            start += length + 1;
        }
        file
    }

    fn line(&mut self, line: &str, number: u32, span: Span) {
        if line.starts_with('#') {
            return;
        }
        match clean::pattern(line) {
            None => {}
            Some(Ok((text, negated))) => {
                if Glob::new(&text).is_none() {
                    self.broken.push((number, format!("syntax error in pattern `{text}`")));
                }
                self.patterns.push(Pattern { text, negated, span });
            }
            Some(Err(reason)) => self.errors.push((number, reason)),
        }
    }
}

impl Matcher {
    /// Compiles the file's patterns.
    pub fn new(file: &IgnoreFile) -> Self {
        let compile = |pattern: &Pattern| {
            let glob = Glob::new(&pattern.text)?;
            Some(Compiled { beginning: glob.beginning().to_owned(), glob, negated: pattern.negated })
        };
        let patterns: Vec<Compiled> = file.patterns.iter().filter_map(compile).collect();
        Self { takes_back: patterns.iter().any(|pattern| pattern.negated), patterns }
    }

    /// Whether the builder leaves `path` (relative, `/` between parts, no leading slash) out, looking at its parents too.
    pub fn is_ignored(&self, path: &str) -> bool {
        let mut level = Level::default();
        for (at, _) in path.match_indices('/') {
            self.enter(&mut level, &path[..at]);
        }
        self.enter(&mut level, path);
        level.ignored
    }

    /// The level of `path`, which lies in the folder of `parent` (none = at the root): for walks from the root down, which
    /// then look at each pattern once a path.
    pub fn level(&self, parent: Option<&Level>, path: &str) -> Level {
        let mut level = parent.cloned().unwrap_or_default();
        self.enter(&mut level, path);
        level
    }

    /// Whether the builder leaves the file `path` out, which lies in the folder of `parent`: like [`Matcher::level`] for what
    /// has nothing below it.
    pub fn is_ignored_in(&self, parent: &Level, path: &str) -> bool {
        self.judge(parent, path, |_| {})
    }

    /// Turns the parent's level into that of `path`.
    fn enter(&self, level: &mut Level, path: &str) {
        let mut matched = level.matched.clone();
        level.ignored = self.judge(level, path, |index| matched.add(index));
        level.matched = matched;
    }

    /// Asks the patterns one after the other; `note` gets those that match now.
    fn judge(&self, parent: &Level, path: &str, mut note: impl FnMut(usize)) -> bool {
        let mut ignored = false;
        for (index, pattern) in self.patterns.iter().enumerate() {
            if parent.matched.has(index) {
                ignored = !pattern.negated;
                continue;
            }
            // A pattern that could not change anything is not asked, and so hands nothing down either.
            if pattern.negated == ignored && pattern.glob.matches(path) {
                note(index);
                ignored = !pattern.negated;
            }
        }
        ignored
    }

    /// Whether nothing below the ignored folder `path` can be taken back by a `!` pattern, so that it need not be read.
    pub fn skips_all_below(&self, path: &str) -> bool {
        let below = |pattern: &Compiled| {
            let beginning = pattern.beginning.as_bytes();
            let path = path.as_bytes();
            let common = path.len().min(beginning.len());
            beginning[..common] == path[..common] && beginning.get(path.len()).is_none_or(|next| *next == b'/')
        };
        !self.takes_back
            || !self
                .patterns
                .iter()
                .any(|pattern| pattern.negated && below(pattern) && !pattern.is_exactly_within(path))
    }
}

impl Compiled {
    /// A pattern without wildcards that names `path` itself or something above it matches nothing below it.
    fn is_exactly_within(&self, path: &str) -> bool {
        self.glob.is_exact() && self.beginning.len() <= path.len()
    }
}

/// Whether one pattern (ignore or COPY-source syntax: `*`, `?`, `[…]`, `**`, `\`) matches the whole of `path`.
pub fn pattern_matches(pattern: &str, path: &str) -> bool {
    match clean::pattern(pattern) {
        Some(Ok((text, false))) => Glob::new(&text).is_some_and(|glob| glob.matches(path)),
        _ => false,
    }
}
