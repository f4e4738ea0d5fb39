//! How the arguments of each instruction split into words. Reference: BuildKit `frontend/dockerfile/parser/line_parsers.go`.

use std::borrow::Cow;
use std::ops::Range;

use super::text::Text;
use super::{Keyword, Str, Word, is_space, json};
use crate::Form;

/// Words and form of an instruction's arguments; an error is one that BuildKit's line parser gives.
pub(super) struct Arguments {
    pub words: Vec<Word>,
    pub form: Form,
    /// `ENV key value` or `LABEL key value`.
    pub old_pair: bool,
    pub error: Option<String>,
}

impl Arguments {
    fn shell(words: Vec<Word>) -> Self {
        Self { words, form: Form::Shell, old_pair: false, error: None }
    }
}

/// Splits `body` as `keyword` does. ONBUILD's is the business of its trigger.
pub(super) fn split(keyword: Keyword, body: &Text, escape: char) -> Arguments {
    match keyword {
        Keyword::Add | Keyword::Copy | Keyword::Volume => maybe_json(body, 0, spaced),
        Keyword::Cmd | Keyword::Entrypoint | Keyword::Run | Keyword::Shell => maybe_json(body, 0, whole),
        Keyword::Expose | Keyword::From => Arguments::shell(spaced(body, 0)),
        Keyword::Maintainer | Keyword::Stopsignal | Keyword::User | Keyword::Workdir => {
            Arguments::shell(whole(body, 0))
        }
        Keyword::Arg => Arguments::shell(quoted(body, escape)),
        Keyword::Env => pairs(body, escape, "ENV"),
        Keyword::Label => pairs(body, escape, "LABEL"),
        Keyword::Healthcheck => healthcheck(body),
        Keyword::Onbuild => Arguments::shell(Vec::new()),
    }
}

fn word(body: &Text, range: Range<usize>) -> Word {
    Word { raw: body.text.slice(range.clone()), span: body.source_span(range) }
}

fn whole(body: &Text, from: usize) -> Vec<Word> {
    let end = body.text.len();
    if from < end { vec![word(body, from..end)] } else { Vec::new() }
}

fn spaced(body: &Text, from: usize) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    // Only ASCII separates words here, so that bytes will do.
    for (at, byte) in body.text.bytes().enumerate().skip(from) {
        match (is_space(char::from(byte)), start) {
            (true, Some(begin)) => {
                words.push(word(body, begin..at));
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
    }
    words.extend(start.map(|begin| word(body, begin..body.text.len())));
    words
}

/// The JSON form of `body[from..]`, else what `otherwise` makes of it.
fn maybe_json(body: &Text, from: usize, otherwise: fn(&Text, usize) -> Vec<Word>) -> Arguments {
    match json::read(&body.text[from..]) {
        json::Array::Strings(strings) => {
            let decoded = |(value, range): (Cow<'_, str>, Range<usize>)| {
                let (start, end) = (from + range.start, from + range.end);
                let raw = match value {
                    Cow::Borrowed(_) => body.text.slice(start + 1..end - 1),
                    Cow::Owned(value) => Str::from(value),
                };
                Word { raw, span: body.source_span(start..end) }
            };
            let words: Vec<Word> = strings.into_iter().map(decoded).collect();
            Arguments { form: Form::Exec(words.clone()), ..Arguments::shell(words) }
        }
        json::Array::Other => {
            let error = "when using JSON array syntax, arrays must be comprised of strings only".to_owned();
            Arguments { error: Some(error), ..Arguments::shell(otherwise(body, from)) }
        }
        json::Array::No => Arguments::shell(otherwise(body, from)),
    }
}

/// `NONE`, or a type and a command in either form.
fn healthcheck(body: &Text) -> Arguments {
    let kind = body.text.find(is_space).unwrap_or(body.text.len());
    if kind == 0 {
        return Arguments::shell(Vec::new());
    }
    let rest = &body.text[kind..];
    let command = kind + rest.len() - rest.trim_start_matches(is_space).len();
    let mut arguments = maybe_json(body, command, whole);
    arguments.words.insert(0, word(body, 0..kind));
    arguments
}

/// ENV and LABEL: `key=value …`, or the old `key value`.
fn pairs(body: &Text, escape: char, name: &str) -> Arguments {
    let words = quoted(body, escape);
    let Some(first) = words.first() else { return Arguments::shell(words) };
    if !first.raw.contains('=') {
        return old_pair(body, name);
    }
    let error = words
        .iter()
        .find(|word| !word.raw.contains('='))
        .map(|word| format!("Syntax error - can't find = in {:?}. Must be of the form: name=value", word.raw));
    Arguments { error, ..Arguments::shell(words) }
}

fn old_pair(body: &Text, name: &str) -> Arguments {
    let Some(end) = body.text.find(is_space) else {
        let error = Some(format!("{name} must have two arguments"));
        return Arguments { error, ..Arguments::shell(whole(body, 0)) };
    };
    let rest = &body.text[end..];
    let value = end + rest.len() - rest.trim_start_matches(is_space).len();
    let words = vec![word(body, 0..end), word(body, value..body.text.len())];
    Arguments { old_pair: true, ..Arguments::shell(words) }
}

/// Words at white space outside of quotes; quotes and escapes stay.
fn quoted(body: &Text, escape: char) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quote = None;
    let mut symbols = body.text.char_indices();
    while let Some((at, symbol)) = symbols.next() {
        if quote.is_none() && symbol.is_whitespace() {
            words.extend(start.take().map(|start| word(body, start..at)));
            continue;
        }
        let escapes = symbol == escape && quote != Some('\'');
        if escapes && at + symbol.len_utf8() == body.text.len() {
            // An escape character that has nothing to escape is dropped.
            words.extend(start.filter(|start| *start < at).map(|start| word(body, start..at)));
            return words;
        }
        start = start.or(Some(at));
        if escapes {
            symbols.next();
        } else if quote == Some(symbol) {
            quote = None;
        } else if quote.is_none() && matches!(symbol, '\'' | '"') {
            quote = Some(symbol);
        }
    }
    words.extend(start.map(|start| word(body, start..body.text.len())));
    words
}
