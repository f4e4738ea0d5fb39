//! Physical lines and how they join into logical ones: continuations, comment lines and empty lines between them.
//! Reference: BuildKit `frontend/dockerfile/parser/parser.go`.

use jettison_model::Span;

use super::Str;
use super::text::{Joiner, Text};

/// One physical line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// First byte.
    pub start: usize,
    /// Behind the last byte that is neither `\r` nor `\n` at the line's end.
    pub content_end: usize,
    /// Behind the line end.
    pub end: usize,
    /// 1-based.
    pub number: u32,
}

/// All physical lines of a source, one after the other.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    pub source: &'a [u8],
    pub at: usize,
    pub number: u32,
    /// The source, if all of it is UTF-8.
    text: Option<Str>,
    joiner: Joiner,
}

/// BuildKit's scanner takes lines of less than 64 KiB, line feed included.
pub(super) const MAX_LINE: usize = 65_535;

impl<'a> Lines<'a> {
    /// All lines of `source`; `text` is the same, if all of it is UTF-8.
    pub fn new(source: &'a [u8], text: Option<Str>) -> Self {
        Self { source, at: 0, number: 0, text, joiner: Joiner::default() }
    }

    /// The text of `bytes`, which begin at byte `start` of the source.
    fn in_place(&mut self, bytes: &[u8], start: usize) -> Text {
        if let Some(text) = &self.text {
            return Text::in_place(text.slice(start..start + bytes.len()), start);
        }
        self.joiner.push(bytes, start);
        self.joiner.finish(start)
    }

    /// The next line, if there is one.
    pub fn next_line(&mut self) -> Option<Line> {
        let rest = self.source.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        let content = rest[..length].iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |at| at + 1);
        let start = self.at;
        self.at += length;
        self.number += 1;
        Some(Line { start, content_end: start + content, end: start + length, number: self.number })
    }

    /// The line without its end.
    pub fn content(&self, line: Line) -> &'a [u8] {
        &self.source[line.start..line.content_end]
    }
}

impl Line {
    /// Whether BuildKit's scanner gives up on it.
    pub fn is_too_long(self, source: &[u8]) -> bool {
        let line_feed = usize::from(source.get(self.end.wrapping_sub(1)) == Some(&b'\n'));
        self.end - self.start - line_feed > MAX_LINE
    }
}

/// What one instruction's lines join to.
pub(super) struct Logical {
    /// The joined text, leading white space of the first line removed.
    pub text: Text,
    /// The first line.
    pub first: Line,
    /// The last line that was read for it.
    pub last: Line,
    /// Behind the last byte (white space apart) of the last line that gave something, escape character included.
    pub content_end: usize,
    /// Empty lines inside, which BuildKit warns about: the last one.
    pub empty_line: Option<Span>,
    /// Lines over the limit.
    pub too_long: Option<Line>,
}

/// Joins the lines from `first` on. `None` if it is blank (comments are the caller's business).
pub(super) fn join(lines: &mut Lines<'_>, first: Line, escape: u8) -> Option<Logical> {
    let content = lines.content(first);
    let indent = leading_space(content);
    let (kept, mut continues) = before_continuation(&content[indent..], escape);
    if kept.is_empty() && !continues {
        return None;
    }
    let start = first.start + indent;
    let mut logical = Logical {
        text: if continues { Text::at(start) } else { lines.in_place(kept, start) },
        first,
        last: first,
        content_end: trimmed_end(content, first.start),
        empty_line: None,
        too_long: first.is_too_long(lines.source).then_some(first),
    };
    if continues {
        lines.joiner.push(kept, start);
        while continues {
            let Some(line) = lines.next_line() else { break };
            continues = logical.continue_with(lines, line, escape);
        }
        logical.text = lines.joiner.finish(start);
    }
    Some(logical)
}

impl Logical {
    /// Takes one more line; says whether yet another follows.
    fn continue_with(&mut self, lines: &mut Lines<'_>, line: Line, escape: u8) -> bool {
        let content = lines.content(line);
        self.last = line;
        if line.is_too_long(lines.source) {
            self.too_long = Some(line);
        }
        if is_comment(content) {
            return true;
        }
        if leading_space(content) == content.len() {
            self.empty_line = Some(Span::new(line.start, line.end));
            return true;
        }
        let (kept, continues) = before_continuation(content, escape);
        lines.joiner.push(kept, line.start);
        self.content_end = trimmed_end(content, line.start);
        continues
    }
}

/// The line up to the escape character that continues it, and whether there is one. An escaped escape character does not.
fn before_continuation(line: &[u8], escape: u8) -> (&[u8], bool) {
    let end = line.iter().rposition(|byte| !matches!(byte, b' ' | b'\t')).map_or(0, |at| at + 1);
    match line[..end].split_last() {
        Some((last, before)) if *last == escape && before.last() != Some(&escape) => (before, true),
        _ => (line, false),
    }
}

/// Whether the line, white space apart, begins with `#`.
pub(super) fn is_comment(content: &[u8]) -> bool {
    content.get(leading_space(content)) == Some(&b'#')
}

/// Bytes of Unicode white space that `bytes` begins with.
pub(super) fn leading_space(bytes: &[u8]) -> usize {
    let ascii = bytes.iter().position(|byte| !is_ascii_space(*byte)).unwrap_or(bytes.len());
    if bytes.get(ascii).is_none_or(u8::is_ascii) {
        return ascii;
    }
    match bytes[ascii..].utf8_chunks().next() {
        Some(chunk) => ascii + chunk.valid().len() - chunk.valid().trim_start().len(),
        None => ascii,
    }
}

fn is_ascii_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x0b | 0x0c | b'\r' | b' ')
}

/// The source offset behind the last byte of `content` that is no ASCII white space.
fn trimmed_end(content: &[u8], start: usize) -> usize {
    start + content.iter().rposition(|byte| !is_ascii_space(*byte)).map_or(0, |at| at + 1)
}
