//! Pieces of text that share one allocation: most of what a tree holds stands in the file as it is, so that a word costs a
//! reference count and two offsets.

use std::borrow::Borrow;
use std::fmt::{self, Debug, Display, Formatter};
use std::ops::{Deref, Range};
use std::sync::Arc;

/// A string slice that keeps the text alive in which it lies. Cheap to clone; use it like a `&str`.
#[derive(Clone, Default)]
pub struct Str {
    text: Arc<str>,
    start: u32,
    end: u32,
}

impl Str {
    /// The whole of `text`, which is shorter than 4 GiB.
    pub(crate) fn whole(text: Arc<str>) -> Self {
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        Self { text, start: 0, end }
    }

    /// The part of it that lies in `range` (byte offsets on character boundaries; empty if they are not).
    pub fn slice(&self, range: Range<usize>) -> Self {
        let inside = self.as_str().get(range.clone()).is_some();
        let (start, end) = if inside { (range.start as u32, range.end as u32) } else { (0, 0) };
        Self { text: self.text.clone(), start: self.start + start, end: self.start + end }
    }

    /// As a string slice.
    pub fn as_str(&self) -> &str {
        self.text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// Whether both lie in the same text.
    pub(super) fn shares_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.text, &other.text)
    }

    /// Where it begins in the text that it shares.
    pub(super) fn offset(&self) -> usize {
        self.start as usize
    }

    /// Bytes of the text that it shares.
    pub(super) fn shared_len(&self) -> usize {
        self.text.len()
    }
}

impl Deref for Str {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Self {
        Self::whole(Arc::from(text))
    }
}

impl From<String> for Str {
    fn from(text: String) -> Self {
        Self::whole(Arc::from(text))
    }
}

impl From<Str> for String {
    fn from(text: Str) -> Self {
        text.as_str().to_owned()
    }
}

impl AsRef<str> for Str {
    fn as_ref(&self) -> &str {
        self
    }
}

impl Borrow<str> for Str {
    fn borrow(&self) -> &str {
        self
    }
}

impl Debug for Str {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        Debug::fmt(self.as_str(), out)
    }
}

impl Display for Str {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self.as_str(), out)
    }
}

impl PartialEq for Str {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Str {}

impl std::hash::Hash for Str {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialOrd for Str {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Str {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other)
    }
}

impl PartialEq<str> for Str {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Str {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<String> for Str {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}
