//! Logical text with the way back to the source: continuations joined, inner comment lines left out. A piece is either
//! copied byte for byte or stands for bytes that are not UTF-8 (one replacement character for each bad sequence).

use std::ops::Range;

use jettison_model::Span;

/// A logical text: continuations joined, inner comment lines left out, with the way back to the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The text as the builder sees it (lossy UTF-8).
    pub text: String,
    /// Pieces: `(offset in text, span in the source)`, in order.
    pub map: Vec<(u32, Span)>,
    /// From the first piece's start to the last piece's end.
    pub span: Span,
}

impl Text {
    /// An empty text that stands at byte `at` of the source.
    pub fn at(at: usize) -> Self {
        Self { span: Span::at(at), ..Self::default() }
    }

    /// Appends `bytes`, which begin at byte `start` of the source.
    pub fn push_source(&mut self, bytes: &[u8], start: usize) {
        let mut at = start;
        for chunk in bytes.utf8_chunks() {
            self.push_piece(chunk.valid(), Span::new(at, at + chunk.valid().len()));
            at += chunk.valid().len();
            if !chunk.invalid().is_empty() {
                self.push_piece("\u{FFFD}", Span::new(at, at + chunk.invalid().len()));
                at += chunk.invalid().len();
            }
        }
    }

    fn push_piece(&mut self, text: &str, span: Span) {
        if text.is_empty() {
            return;
        }
        self.span = if self.map.is_empty() { span } else { self.span.cover(span) };
        self.map.push((self.text.len() as u32, span));
        self.text.push_str(text);
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The source span of `range` (byte offsets in `text`, clamped to it); covers continuations that lie inside.
    pub fn source_span(&self, range: Range<usize>) -> Span {
        let end = range.end.min(self.text.len());
        let start = range.start.min(end);
        if start == end {
            return Span::at(self.position(start));
        }
        let first = self.position(start);
        let last = self.last_position(end);
        Span::new(first, last.max(first))
    }

    /// The part of it that lies in `range` (byte offsets in `text`, clamped, on character boundaries).
    pub fn slice(&self, range: Range<usize>) -> Self {
        let end = range.end.min(self.text.len());
        let start = range.start.min(end);
        let Some(text) = self.text.get(start..end).filter(|text| !text.is_empty()) else {
            return Self::at(self.position(start));
        };
        let mut part = Self { text: text.to_owned(), ..Self::default() };
        for index in self.piece_at(start)..self.map.len() {
            let (offset, span) = self.map[index];
            if offset as usize >= end {
                break;
            }
            let piece = self.clip(index, start, end);
            part.span = if part.map.is_empty() { piece } else { part.span.cover(piece) };
            part.map.push(((offset as usize).saturating_sub(start) as u32, piece));
            debug_assert!(span.contains(piece));
        }
        part
    }

    /// Index of the piece that holds text offset `at`.
    fn piece_at(&self, at: usize) -> usize {
        self.map.partition_point(|(offset, _)| *offset as usize <= at).saturating_sub(1)
    }

    /// Bytes of text in piece `index`.
    fn piece_len(&self, index: usize) -> usize {
        let end = self.map.get(index + 1).map_or(self.text.len(), |(offset, _)| *offset as usize);
        end - self.map[index].0 as usize
    }

    /// The source span of the part of piece `index` that lies in `start..end` of the text.
    fn clip(&self, index: usize, start: usize, end: usize) -> Span {
        let (offset, span) = self.map[index];
        let (offset, len) = (offset as usize, self.piece_len(index));
        if len != span.len() {
            return span;
        }
        let from = span.start as usize + start.saturating_sub(offset);
        let to = span.start as usize + (end - offset).min(len);
        Span::new(from, to.max(from))
    }

    /// The source offset of the byte at text offset `at`; past the end, the end of the last piece.
    fn position(&self, at: usize) -> usize {
        if self.map.is_empty() {
            return self.span.start as usize;
        }
        if at >= self.text.len() {
            return self.span.end as usize;
        }
        self.clip(self.piece_at(at), at, at + 1).start as usize
    }

    /// The source offset behind the byte before text offset `end`, which is not 0.
    fn last_position(&self, end: usize) -> usize {
        if self.map.is_empty() {
            return self.span.end as usize;
        }
        self.clip(self.piece_at(end - 1), end - 1, end).end as usize
    }
}
