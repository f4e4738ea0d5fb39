//! Logical text with the way back to the source: continuations joined, inner comment lines left out. Text that stands in
//! the file in one piece shares the file's memory; joined text has a list of pieces, each of them copied byte for byte or
//! standing for bytes that are not UTF-8 (one replacement character for each bad sequence).

use std::ops::Range;
use std::sync::Arc;

use jettison_model::Span;

use super::Str;

/// A logical text: continuations joined, inner comment lines left out, with the way back to the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The text as the builder sees it (lossy UTF-8).
    pub text: Str,
    /// From the first piece's start to the last piece's end.
    pub span: Span,
    pieces: Pieces,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Pieces {
    /// The source has the same bytes, from the span's start on.
    #[default]
    InPlace,
    /// Offsets are those in the text that `Text::text` shares.
    Joined(Arc<[Piece]>),
}

/// Where a piece begins in the joined text, and what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    offset: u32,
    span: Span,
}

/// Joins pieces of the source. Its buffers are used again for the next text.
#[derive(Debug, Default)]
pub(crate) struct Joiner {
    text: String,
    pieces: Vec<Piece>,
}

impl Joiner {
    /// Appends `bytes`, which begin at byte `start` of the source.
    pub fn push(&mut self, bytes: &[u8], start: usize) {
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

    /// Appends a text, with its way back.
    pub fn push_text(&mut self, text: &Text) {
        let pieces = text.pieces();
        for (index, (offset, span)) in pieces.iter().enumerate() {
            let end = pieces.get(index + 1).map_or(text.text.len(), |(next, _)| *next);
            self.push_piece(text.text.get(*offset..end).unwrap_or_default(), *span);
        }
    }

    /// Appends `text`, which `span` of the source stands for.
    pub fn push_piece(&mut self, text: &str, span: Span) {
        if !text.is_empty() {
            self.pieces.push(Piece { offset: self.text.len() as u32, span });
            self.text.push_str(text);
        }
    }

    /// The joined text; one of nothing stands at byte `at`.
    pub fn finish(&mut self, at: usize) -> Text {
        let [first, .., last] = &self.pieces[..] else {
            let one = self.pieces.first().map(|piece| piece.span);
            return self.finish_one(one.unwrap_or(Span::at(at)));
        };
        let span = first.span.cover(last.span);
        let text = Text { text: Str::from(&self.text[..]), span, pieces: Pieces::Joined(Arc::from(&self.pieces[..])) };
        self.clear();
        text
    }

    fn finish_one(&mut self, span: Span) -> Text {
        // A replacement character has a length of its own.
        let pieces =
            if span.len() == self.text.len() { Pieces::InPlace } else { Pieces::Joined(Arc::from(&self.pieces[..])) };
        let text = Text { text: Str::from(&self.text[..]), span, pieces };
        self.clear();
        text
    }

    fn clear(&mut self) {
        self.text.clear();
        self.pieces.clear();
    }
}

impl Text {
    /// An empty text that stands at byte `at` of the source.
    pub fn at(at: usize) -> Self {
        Self { span: Span::at(at), ..Self::default() }
    }

    /// A text that stands in the source as it is, from byte `start` on.
    pub(crate) fn in_place(text: Str, start: usize) -> Self {
        let span = Span::new(start, start + text.len());
        Self { text, span, pieces: Pieces::InPlace }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The source span of `range` (byte offsets in `text`, clamped to it); covers continuations that lie inside.
    pub fn source_span(&self, range: Range<usize>) -> Span {
        let end = range.end.min(self.text.len());
        let start = range.start.min(end);
        let Pieces::Joined(pieces) = &self.pieces else {
            let at = self.span.start as usize;
            return Span::new(at + start, at + end);
        };
        let (shared, total) = (self.text.offset(), self.text.shared_len());
        let first = if start == self.text.len() { self.span.end } else { locate(pieces, total, shared + start).start };
        if start == end {
            return Span::at(first as usize);
        }
        let last = locate(pieces, total, shared + end - 1).end;
        Span { start: first, end: last.max(first) }
    }

    /// The part of it that lies in `range` (byte offsets in `text`, clamped, on character boundaries).
    pub fn slice(&self, range: Range<usize>) -> Self {
        let end = range.end.min(self.text.len());
        let start = range.start.min(end);
        let text = self.text.slice(start..end);
        Self { span: self.source_span(start..start + text.len()), text, pieces: self.pieces.clone() }
    }

    /// Where a part of the logical line to which this text belongs stands in the source; none if `part` is no slice of it.
    pub fn place_of(&self, part: &Str) -> Option<Span> {
        if !self.text.shares_with(part) {
            return None;
        }
        let (at, end) = (part.offset(), part.offset() + part.len());
        let Pieces::Joined(pieces) = &self.pieces else {
            let start = (self.span.start as usize + at).checked_sub(self.text.offset())?;
            return Some(Span::new(start, start + part.len()));
        };
        let first = locate(pieces, part.shared_len(), at).start;
        let last = if at == end { first } else { locate(pieces, part.shared_len(), end - 1).end };
        Some(Span { start: first, end: last.max(first) })
    }

    /// The stretches of the source that it consists of, each with its offset in the text; for tests and tools.
    pub fn pieces(&self) -> Vec<(usize, Span)> {
        let Pieces::Joined(pieces) = &self.pieces else { return vec![(0, self.span)] };
        let (from, to) = (self.text.offset(), self.text.offset() + self.text.len());
        let inside = |piece: &&Piece| (piece.offset as usize) < to;
        let skipped = index(pieces, from);
        let part = |piece: &Piece| {
            let start = (piece.offset as usize).max(from);
            let end = pieces.get(index(pieces, start) + 1).map_or(to, |next| (next.offset as usize).min(to));
            (start - from, self.source_span(start - from..end - from))
        };
        pieces.iter().skip(skipped).take_while(inside).map(part).collect()
    }
}

/// Index of the piece that holds offset `at` of the joined text.
fn index(pieces: &[Piece], at: usize) -> usize {
    pieces.partition_point(|piece| piece.offset as usize <= at).saturating_sub(1)
}

/// The source's byte that stands at offset `at` of the joined text, which has `total` bytes; the whole bad sequence for a
/// replacement character.
fn locate(pieces: &[Piece], total: usize, at: usize) -> Span {
    let index = index(pieces, at);
    let Some(piece) = pieces.get(index) else { return Span::default() };
    let next = pieces.get(index + 1).map_or(total, |next| next.offset as usize);
    let inside = at - (piece.offset as usize).min(at);
    if next - piece.offset as usize != piece.span.len() || inside >= piece.span.len() {
        return piece.span;
    }
    Span::new(piece.span.start as usize + inside, piece.span.start as usize + inside + 1)
}
