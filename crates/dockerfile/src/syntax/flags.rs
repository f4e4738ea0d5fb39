//! `--name[=value]` words between keyword and arguments. BuildKit reads them byte by byte, so that a character beyond ASCII
//! comes out as several and may even end a word; the same is done here. Reference: BuildKit
//! `frontend/dockerfile/parser/split_command.go`.

use std::ops::Range;

use super::text::Text;
use super::{Flag, Str};

/// A flag's word with its places in the text.
struct Found {
    /// The word, quotes and escapes removed; none where it stands there as it is.
    changed: Option<String>,
    range: Range<usize>,
    /// Offset in the text behind the first `=`.
    value_at: Option<usize>,
}

/// Reads the flags at the beginning of `text[start..]`; returns them and where the arguments begin.
pub(super) fn read(text: &Text, start: usize, escape: char) -> (Vec<Flag>, usize) {
    let escape = u8::try_from(escape).unwrap_or(b'\\');
    let mut flags = Vec::new();
    let mut at = start;
    loop {
        let bytes = text.text.as_bytes().get(at..).unwrap_or_default();
        at += bytes.iter().take_while(|byte| is_space(**byte)).count();
        at += (at..text.text.len()).take_while(|at| !text.text.is_char_boundary(*at)).count();
        if !text.text.get(at..).is_some_and(|rest| rest.starts_with("--")) {
            return (flags, at);
        }
        let found = scan(&text.text, at, escape);
        let word = found.changed.as_deref().unwrap_or(&text.text[found.range.clone()]);
        let is_end = word == "--";
        at = found.range.end;
        if is_end {
            return (flags, at);
        }
        flags.push(flag(text, found));
    }
}

fn scan(text: &str, start: usize, escape: u8) -> Found {
    let bytes = text.as_bytes();
    let is_plain = |byte: &u8| byte.is_ascii() && !is_space(*byte) && !matches!(byte, b'\'' | b'"') && *byte != escape;
    let end = start + bytes[start..].iter().take_while(|byte| is_plain(byte)).count();
    if bytes.get(end).is_none_or(|byte| is_space(*byte)) {
        let value_at = text[start..end].find('=').map(|at| start + at + 1);
        return Found { changed: None, range: start..end, value_at };
    }
    unquoted(text, start, escape)
}

fn unquoted(text: &str, start: usize, escape: u8) -> Found {
    let mut word = String::new();
    let (mut end, mut value_at, mut quote) = (text.len(), None, None);
    let mut bytes = text.bytes().enumerate().skip(start);
    while let Some((at, byte)) = bytes.next() {
        if quote.is_none() && is_space(byte) {
            end = at;
            break;
        }
        if quote == Some(byte) {
            quote = None;
            continue;
        }
        if quote.is_none() && matches!(byte, b'\'' | b'"') {
            quote = Some(byte);
            continue;
        }
        let literal = if byte == escape { bytes.next() } else { Some((at, byte)) };
        let Some((at, literal)) = literal else { break };
        if literal == b'=' && value_at.is_none() {
            value_at = Some(at + 1);
        }
        word.push(char::from(literal));
    }
    // A byte of a character that counts as white space ends the word inside of that character.
    end += (end..text.len()).take_while(|at| !text.is_char_boundary(*at)).count();
    Found { changed: Some(word), range: start..end, value_at }
}

/// What Go's `unicode.IsSpace` says of a single byte.
fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ' | 0x85 | 0xA0)
}

fn flag(text: &Text, found: Found) -> Flag {
    let value_span = found.value_at.map(|at| text.source_span(at..found.range.end));
    let span = text.source_span(found.range.clone());
    let word = match found.changed {
        Some(word) => Str::from(word),
        None => text.text.slice(found.range),
    };
    let word = word.slice(word.len().min(2)..word.len());
    let (name, value) = match word.find('=') {
        Some(at) => (word.slice(0..at), Some(word.slice(at + 1..word.len()))),
        None => (word, None),
    };
    Flag { name, value, span, value_span }
}
