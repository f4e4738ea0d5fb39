//! Here-documents: which words of a line open one, and their bodies. Reference: BuildKit `ParseHeredoc`,
//! `heredocsFromLine` in `frontend/dockerfile/parser/parser.go`.

use std::collections::HashMap;
use std::ops::Range;

use super::is_space;
use super::lines::Lines;
use crate::expand::Env;
use crate::expand::fault::Fault;
use crate::expand::lexer::{Lexer, Mode};

/// What a `[fd]<<[-]NAME` word says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opening {
    pub name: String,
    pub expand: bool,
    pub strip_tabs: bool,
    pub fd: u32,
}

/// Reads a word that may open a here-document; an error if its name has an open quote.
pub(crate) fn opening(word: &str) -> Result<Option<Opening>, String> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let Some(rest) = word[digits..].strip_prefix("<<") else { return Ok(None) };
    let (strip_tabs, rest) = rest.strip_prefix('-').map_or((false, rest), |rest| (true, rest));
    let name = rest.trim_start_matches(|symbol| is_space(symbol) && symbol != '\u{b}');
    if name.is_empty() || name.contains('<') {
        return Ok(None);
    }
    let env = Env::new();
    let mode = Mode { keep_unset: true, ..Mode::default() };
    let cause = |fault: Fault| fault.of(name).to_string();
    let words = Lexer::new(name, &env, '\\', mode).split().map_err(cause)?;
    let [(cooked, _)] = &words[..] else { return Ok(None) };
    let raw = Lexer::new(name, &env, '\\', Mode { raw_quotes: true, ..mode }).split().map_err(cause)?;
    let [(raw, _)] = &raw[..] else { return Err(format!("cannot read the name of here-document {name}")) };
    let quotes = |text: &str| text.matches(['\'', '"']).count();
    let fd = word[..digits].parse().unwrap_or(0);
    Ok(Some(Opening { name: cooked.clone(), expand: quotes(cooked) == quotes(raw), strip_tabs, fd }))
}

/// The here-documents that a line opens, with the place of each word. A line that does not lex (an open quote) opens none.
pub(super) fn openings(line: &str) -> Result<Vec<(Opening, Range<usize>)>, String> {
    let env = Env::new();
    let mode = Mode { raw_quotes: true, raw_escapes: true, plain_quotes: false, keep_unset: true };
    let words = Lexer::new(line, &env, '\\', mode).split().unwrap_or_default();
    let mut found = Vec::new();
    for (word, place) in words {
        if let Some(opening) = opening(&word)? {
            found.push((opening, place));
        }
    }
    Ok(found)
}

/// Whether a line (without its end) closes the here-document.
pub(super) fn closes(opening: &Opening, content: &[u8]) -> bool {
    let tabs = if opening.strip_tabs { content.iter().take_while(|byte| **byte == b'\t').count() } else { 0 };
    &content[tabs..] == opening.name.as_bytes()
}

/// The last line of each content from some line on, to know at once that a here-document does not end.
#[derive(Debug)]
pub(super) struct Ends<'a> {
    whole: HashMap<&'a [u8], usize>,
    /// Without the tabs that lines begin with.
    stripped: HashMap<&'a [u8], usize>,
}

impl<'a> Ends<'a> {
    /// Of all lines that are left; none is read.
    pub fn of(lines: &mut Lines<'a>) -> Self {
        let (at, number) = (lines.at, lines.number);
        let mut ends = Self { whole: HashMap::new(), stripped: HashMap::new() };
        while let Some(line) = lines.next_line() {
            let content = lines.content(line);
            let tabs = content.iter().take_while(|byte| **byte == b'\t').count();
            ends.whole.insert(content, line.start);
            ends.stripped.insert(&content[tabs..], line.start);
        }
        (lines.at, lines.number) = (at, number);
        ends
    }

    /// Whether a line at byte `at` or later closes the here-document.
    pub fn any_from(&self, opening: &Opening, at: usize) -> bool {
        let lines = if opening.strip_tabs { &self.stripped } else { &self.whole };
        lines.get(opening.name.as_bytes()).is_some_and(|line| *line >= at)
    }
}
