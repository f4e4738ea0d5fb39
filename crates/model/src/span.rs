//! Byte ranges over a source text. Lines and columns are computed only where something is shown.

/// A half-open byte range `start..end` of one source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span `start..end`, in bytes.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// The empty span before byte `at`.
    pub const fn at(at: usize) -> Self {
        Self::new(at, at)
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it covers nothing.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The span as an index range.
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that covers both.
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether two spans share a byte, or are the same empty place.
    pub fn overlaps(self, other: Self) -> bool {
        (self.start < other.end && other.start < self.end) || (self.is_empty() && self == other)
    }

    /// Whether `other` lies inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Start offsets of a text's lines, to turn byte offsets into 1-based lines and columns.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes `source`; a line ends after each `\n`.
    pub fn new(source: &[u8]) -> Self {
        let ends = source.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at as u32 + 1);
        Self { starts: std::iter::once(0).chain(ends).collect() }
    }

    /// The 1-based line that holds byte `offset`.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|start| *start <= offset) as u32
    }

    /// The byte at which the 1-based `line` starts.
    pub fn start(&self, line: u32) -> u32 {
        self.starts[(line as usize - 1).min(self.starts.len() - 1)]
    }

    /// The 1-based column of `offset`, counted in Unicode scalars; bytes that are not UTF-8 count one each.
    pub fn column(&self, source: &[u8], offset: u32) -> u32 {
        let start = self.start(self.line(offset)) as usize;
        let before = &source[start..(offset as usize).min(source.len())];
        let mut count = 1;
        for chunk in before.utf8_chunks() {
            count += chunk.valid().chars().count() as u32 + chunk.invalid().len() as u32;
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one() {
        let text = "añb\nc\n".as_bytes();
        let index = LineIndex::new(text);
        assert_eq!((index.line(0), index.column(text, 0)), (1, 1));
        assert_eq!((index.line(3), index.column(text, 3)), (1, 3));
        assert_eq!((index.line(5), index.column(text, 5)), (2, 1));
        assert_eq!(index.start(2), 5);
    }

    #[test]
    fn empty_spans_overlap_only_themselves() {
        assert!(Span::at(3).overlaps(Span::at(3)));
        assert!(!Span::at(3).overlaps(Span::new(3, 5)));
        assert!(Span::new(2, 4).overlaps(Span::new(3, 5)));
    }
}
