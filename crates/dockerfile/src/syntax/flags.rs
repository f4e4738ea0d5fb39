//! `--name[=value]` words between keyword and arguments. Reference: BuildKit `frontend/dockerfile/parser/split_command.go`.

use std::ops::Range;

use super::text::Text;
use super::{Flag, is_space};

/// A flag's word, quotes and escapes removed, with its places in the text.
struct Found {
    word: String,
    range: Range<usize>,
    /// Offset in the text behind the first `=`.
    value_at: Option<usize>,
}

/// Reads the flags at the beginning of `text[start..]`; returns them and where the arguments begin.
pub(super) fn read(text: &Text, start: usize, escape: char) -> (Vec<Flag>, usize) {
    let mut flags = Vec::new();
    let mut at = start;
    loop {
        let rest = &text.text[at..];
        let trimmed = rest.trim_start_matches(is_space);
        at += rest.len() - trimmed.len();
        if !trimmed.starts_with("--") {
            return (flags, at);
        }
        let found = scan(&text.text, at, escape);
        at = found.range.end;
        if found.word == "--" {
            return (flags, at);
        }
        flags.push(flag(text, found));
    }
}

fn scan(text: &str, start: usize, escape: char) -> Found {
    let mut found = Found { word: String::new(), range: start..text.len(), value_at: None };
    let mut quote = None;
    let mut symbols = text[start..].char_indices().map(|(at, symbol)| (start + at, symbol));
    while let Some((at, symbol)) = symbols.next() {
        if quote.is_none() && is_space(symbol) {
            found.range.end = at;
            break;
        }
        if quote == Some(symbol) {
            quote = None;
            continue;
        }
        if quote.is_none() && matches!(symbol, '\'' | '"') {
            quote = Some(symbol);
            continue;
        }
        let literal = if symbol == escape { symbols.next() } else { Some((at, symbol)) };
        let Some((at, literal)) = literal else { break };
        if literal == '=' && found.value_at.is_none() {
            found.value_at = Some(at + 1);
        }
        found.word.push(literal);
    }
    found
}

fn flag(text: &Text, found: Found) -> Flag {
    let (name, value) = match found.word.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (found.word.as_str(), None),
    };
    let value_span = found.value_at.map(|at| text.source_span(at..found.range.end));
    let name = name.strip_prefix("--").unwrap_or(name).to_owned();
    Flag { name, value, span: text.source_span(found.range), value_span }
}
