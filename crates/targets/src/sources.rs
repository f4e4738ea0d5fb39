//! The files of one load: how they are named in texts, where their relative paths start, and how further ones are reached.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;

use crate::budget::Budget;
use crate::error::{Cause, Error, Warning};

/// Files of one load at most, with all that they include and extend.
const MAX_FILES: usize = 256;
/// Bytes of one file at most.
const MAX_BYTES: usize = 4 << 20;

/// Warnings of one load at most: nobody reads more.
const MAX_WARNINGS: usize = 50;

/// A place in a file, for texts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file as it was named.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1, in Unicode scalars.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// How files that a file names are reached. Paths are as written in texts: relative ones start where the first file's do.
pub trait Files {
    /// The text of a file; none if there is no such file; the reason in words if it cannot be read.
    fn read(&self, path: &str) -> Result<Option<String>, String>;
}

impl Files for BTreeMap<String, String> {
    fn read(&self, path: &str) -> Result<Option<String>, String> {
        Ok(self.get(path).cloned())
    }
}

/// A place in one of the files of a load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At {
    pub(crate) file: u32,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

struct Entry {
    name: String,
    /// The folder at which its relative paths start.
    base: String,
}

/// Everything that one load shares.
pub(crate) struct Sources<'a> {
    pub(crate) budget: Budget,
    files: &'a dyn Files,
    entries: RefCell<Vec<Entry>>,
    read: Cell<usize>,
    warnings: RefCell<Vec<Warning>>,
}

impl<'a> Sources<'a> {
    pub(crate) fn new(files: &'a dyn Files) -> Self {
        Self {
            budget: Budget::default(),
            files,
            entries: RefCell::default(),
            read: Cell::new(0),
            warnings: RefCell::default(),
        }
    }

    /// Registers a file; its number.
    pub(crate) fn add(&self, name: &str, base: &str) -> u32 {
        let mut entries = self.entries.borrow_mut();
        entries.push(Entry { name: name.to_owned(), base: base.to_owned() });
        u32::try_from(entries.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The file's name in texts.
    pub(crate) fn name(&self, file: u32) -> String {
        self.entry(file, |entry| entry.name.clone())
    }

    /// The folder at which the relative paths of a file start.
    pub(crate) fn base(&self, file: u32) -> String {
        self.entry(file, |entry| entry.base.clone())
    }

    fn entry(&self, file: u32, take: impl Fn(&Entry) -> String) -> String {
        self.entries.borrow().get(file as usize).map(take).unwrap_or_default()
    }

    pub(crate) fn place(&self, at: At) -> Place {
        Place { file: self.name(at.file), line: at.line, column: at.column }
    }

    pub(crate) fn error(&self, at: At, cause: Cause) -> Error {
        Error { place: Some(self.place(at)), cause }
    }

    /// An error in words.
    pub(crate) fn wrong<T>(&self, at: At, what: impl Into<String>) -> Result<T, Error> {
        Err(self.error(at, Cause::Invalid(what.into())))
    }

    /// Counts work and memory; an error when a file makes more of it than any honest one does.
    pub(crate) fn charge(&self, at: At, units: usize) -> Result<(), Error> {
        if self.budget.take(units) { Ok(()) } else { Err(self.error(at, Cause::TooMuch("what it expands to"))) }
    }

    /// Whether there is room for one more warning.
    pub(crate) fn warns(&self) -> bool {
        self.warnings.borrow().len() < MAX_WARNINGS
    }

    pub(crate) fn warn(&self, at: At, message: impl Into<String>) {
        let warning = Warning { place: self.place(at), message: message.into() };
        let mut warnings = self.warnings.borrow_mut();
        if warnings.len() < MAX_WARNINGS && !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }

    pub(crate) fn warnings(&self) -> Vec<Warning> {
        self.warnings.take()
    }

    /// The text of a file that may be missing.
    pub(crate) fn read_optional(&self, path: &str) -> Result<Option<String>, Error> {
        let failed = |cause| Error { place: None, cause };
        self.read.set(self.read.get().saturating_add(1));
        if self.read.get() > MAX_FILES {
            return Err(failed(Cause::TooMuch("the number of files it names")));
        }
        let text =
            self.files.read(path).map_err(|reason| failed(Cause::Unreadable { path: path.to_owned(), reason }))?;
        match text {
            Some(text) if text.len() > MAX_BYTES => Err(failed(Cause::TooMuch("its size"))),
            text => Ok(text),
        }
    }

    /// The text of a file that is named at `at`.
    pub(crate) fn read(&self, path: &str, at: At) -> Result<String, Error> {
        let place = Some(self.place(at));
        match self.read_optional(path) {
            Ok(Some(text)) => Ok(text),
            Ok(None) => {
                let reason = "no such file".to_owned();
                Err(Error { place, cause: Cause::Unreadable { path: path.to_owned(), reason } })
            }
            Err(error) => Err(Error { place: error.place.or(place), ..error }),
        }
    }

    /// Whether a text is small enough to be read at all.
    pub(crate) fn check_size(&self, name: &str, text: &str) -> Result<(), Error> {
        if text.len() <= MAX_BYTES {
            return Ok(());
        }
        let place = Some(Place { file: name.to_owned(), line: 1, column: 1 });
        Err(Error { place, cause: Cause::TooMuch("its size") })
    }
}
