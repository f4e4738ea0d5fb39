//! The word lexer of instructions: quotes, escapes, variables and their modifiers, splitting into words. It serves the
//! expansion of values and the search for here-documents. Reference: BuildKit `frontend/dockerfile/shell/lex.go`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Env;
use super::fault::Fault;
use super::pattern;
use super::words::Words;

/// How a text is read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mode {
    /// Quotes stay in the result.
    pub raw_quotes: bool,
    /// Escape characters stay in the result.
    pub raw_escapes: bool,
    /// Quotes have no meaning (bodies of COPY's here-documents).
    pub plain_quotes: bool,
    /// Variables without a value stay as written.
    pub keep_unset: bool,
}

/// Nested `${…}` deeper than this are refused: each level costs stack.
const MAX_DEPTH: usize = 100;

/// Values longer than this are refused, like lines of the file: replacements and repeated `$A$A` multiply.
pub(super) const MAX_VALUE: usize = 1 << 16;

/// One pass over a text.
pub(crate) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    escape: char,
    mode: Mode,
    env: &'a Env,
    depth: usize,
    words: Words,
    /// The first value that was asked for and is not there. Reading goes on: what else is wrong is wrong in any case.
    required: Option<Fault>,
    pub variables: BTreeSet<String>,
    pub unset: BTreeSet<String>,
}

impl<'a> Lexer<'a> {
    /// A lexer at the beginning of `text`, behind a byte-order mark.
    pub fn new(text: &'a str, env: &'a Env, escape: char, mode: Mode) -> Self {
        let (variables, unset) = (BTreeSet::new(), BTreeSet::new());
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self { text, at, escape, mode, env, depth: 0, words: Words::default(), required: None, variables, unset }
    }

    /// The whole text, expanded.
    pub fn value(&mut self) -> Result<String, Fault> {
        let value = self.until(None)?;
        self.required.take().map_or(Ok(value), Err)
    }

    /// The whole text, expanded and split at white space outside of quotes; each word with its place in the text.
    pub fn split(mut self) -> Result<Vec<(String, Range<usize>)>, Fault> {
        self.value()?;
        Ok(self.words())
    }

    /// The words of a text that was read; they are handed out once.
    pub fn words(&mut self) -> Vec<(String, Range<usize>)> {
        self.words.end(self.text.len());
        std::mem::take(&mut self.words.done)
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let symbol = self.peek()?;
        self.at += symbol.len_utf8();
        Some(symbol)
    }

    /// Reads up to `stop`, or to the end.
    fn until(&mut self, stop: Option<char>) -> Result<String, Fault> {
        let mut result = String::new();
        while let Some(symbol) = self.peek() {
            if result.len() > MAX_VALUE.max(self.text.len() * 4) {
                return Err(Fault::Limit("value too long"));
            }
            let start = self.at;
            if Some(symbol) == stop {
                self.next();
                return Ok(result);
            }
            match symbol {
                '$' => {
                    let value = self.dollar()?;
                    self.add_split(&value, start);
                    result.push_str(&value);
                }
                '\'' | '"' if !self.mode.plain_quotes => {
                    let value = if symbol == '"' { self.double_quoted()? } else { self.single_quoted()? };
                    self.add_raw(&value, start);
                    result.push_str(&value);
                }
                '<' => {
                    let value = self.possible_heredoc();
                    self.add_raw(value, start);
                    result.push_str(value);
                }
                _ => self.plain(&mut result),
            }
        }
        match stop {
            Some(stop) => Err(Fault::Syntax(format!("unexpected end of statement while looking for matching {stop}"))),
            None => Ok(result),
        }
    }

    /// Words are only collected outside of `${…}`.
    fn add_split(&mut self, value: &str, start: usize) {
        if self.depth == 0 {
            let place = start..self.at;
            value.chars().for_each(|symbol| self.words.symbol(symbol, place.clone()));
        }
    }

    fn add_raw(&mut self, value: &str, start: usize) {
        if self.depth == 0 {
            self.words.raw(value, start..self.at);
        }
    }

    /// One character without meaning, or an escaped one.
    fn plain(&mut self, result: &mut String) {
        let start = self.at;
        let Some(symbol) = self.next() else { return };
        if symbol != self.escape {
            if self.depth == 0 {
                self.words.symbol(symbol, start..self.at);
            }
            result.push(symbol);
            return;
        }
        if self.mode.raw_escapes {
            self.add_raw(symbol.encode_utf8(&mut [0; 4]), start);
            result.push(symbol);
        }
        if let Some(escaped) = self.next() {
            self.add_raw(escaped.encode_utf8(&mut [0; 4]), start);
            result.push(escaped);
        }
    }

    fn single_quoted(&mut self) -> Result<String, Fault> {
        let start = self.at;
        let Some(length) = self.text[start + 1..].find('\'') else {
            return Fault::syntax("unexpected end of statement while looking for matching single-quote");
        };
        self.at = start + length + 2;
        let quotes = usize::from(!self.mode.raw_quotes);
        Ok(self.text[start + quotes..self.at - quotes].to_owned())
    }

    fn double_quoted(&mut self) -> Result<String, Fault> {
        let mut result = String::new();
        self.quote(&mut result);
        loop {
            match self.peek() {
                None => return Fault::syntax("unexpected end of statement while looking for matching double-quote"),
                Some('"') => {
                    self.quote(&mut result);
                    return Ok(result);
                }
                Some('$') => result.push_str(&self.dollar()?),
                Some(symbol) => {
                    self.next();
                    self.in_quotes(symbol, &mut result);
                }
            }
        }
    }

    fn quote(&mut self, result: &mut String) {
        self.next();
        if self.mode.raw_quotes {
            result.push('"');
        }
    }

    /// Inside of double quotes only the quote, the dollar and the escape character can be escaped.
    fn in_quotes(&mut self, symbol: char, result: &mut String) {
        if symbol != self.escape {
            result.push(symbol);
            return;
        }
        if self.mode.raw_escapes {
            result.push(symbol);
        }
        match self.peek() {
            None => {}
            Some(escaped) if escaped == '"' || escaped == '$' || escaped == self.escape => {
                self.next();
                result.push(escaped);
            }
            Some(_) => result.push(symbol),
        }
    }

    /// `<`, or `<<` with the white space behind it, which does not end a word there.
    fn possible_heredoc(&mut self) -> &'a str {
        let start = self.at;
        self.at += 1;
        if self.peek() == Some('<') {
            self.at += 1;
            while matches!(self.peek(), Some(' ' | '\t' | '\r')) {
                self.at += 1;
            }
        }
        &self.text[start..self.at]
    }

    fn dollar(&mut self) -> Result<String, Fault> {
        self.next();
        if self.peek() != Some('{') {
            let name = self.name();
            if name.is_empty() {
                return Ok("$".to_owned());
            }
            let value = self.get(name);
            return Ok(value.map_or_else(|| self.unset_as(format!("${name}")), str::to_owned));
        }
        self.next();
        match self.peek() {
            None => return Fault::syntax("syntax error: missing '}'"),
            Some('{' | '}' | ':') => return Fault::syntax("syntax error: bad substitution"),
            Some(_) => {}
        }
        let name = self.name();
        match self.next() {
            Some('}') => {
                let value = self.get(name);
                Ok(value.map_or_else(|| self.unset_as(format!("${{{name}}}")), str::to_owned))
            }
            Some(':') => {
                let operator = self.next();
                self.modified(name, operator, true)
            }
            operator @ Some('+' | '-' | '?' | '#' | '%') => self.modified(name, operator, false),
            Some('/') => self.replaced(name),
            operator => Err(unsupported(false, operator)),
        }
    }

    fn unset_as(&self, written: String) -> String {
        if self.mode.keep_unset { written } else { String::new() }
    }

    /// The variable's value, noted as asked for.
    fn get(&mut self, name: &str) -> Option<&'a str> {
        let value = self.env.get(name).map(String::as_str);
        self.variables.insert(name.to_owned());
        if value.is_none() {
            self.unset.insert(name.to_owned());
        }
        value
    }

    /// A nested text up to `stop`.
    fn nested(&mut self, stop: char, raw_escapes: bool, missing: &str) -> Result<String, Fault> {
        if self.depth >= MAX_DEPTH {
            return Err(Fault::Limit("substitutions nested too deeply"));
        }
        let outer = std::mem::replace(&mut self.mode.raw_escapes, raw_escapes);
        self.depth += 1;
        // BuildKit's nested pass shares the word buffer, so that what stands before it in the same word is lost.
        self.words.current.clear();
        let result = self.until(Some(stop));
        self.depth -= 1;
        self.mode.raw_escapes = outer;
        match result {
            Err(Fault::Syntax(_)) if self.peek().is_none() => Err(Fault::Syntax(format!("syntax error: {missing}"))),
            result => result,
        }
    }

    /// `${name<operator>word}`, from behind the operator; `colon`: an empty value counts as none.
    fn modified(&mut self, name: &str, operator: Option<char>, colon: bool) -> Result<String, Fault> {
        let trims = matches!(operator, Some('#' | '%'));
        if trims && colon {
            return Err(unsupported(colon, operator));
        }
        let word = self.nested('}', trims, "missing '}'")?;
        let value = self.get(name);
        if value.is_none() && self.mode.keep_unset {
            let colon = if colon { ":" } else { "" };
            return Ok(format!("${{{name}{colon}{}{word}}}", operator.unwrap_or('\u{FFFD}')));
        }
        let present = value.filter(|value| !(colon && value.is_empty()));
        match operator {
            Some('-') => Ok(present.map_or(word, str::to_owned)),
            Some('+') => Ok(if present.is_some() { word } else { String::new() }),
            Some('?') => {
                if present.is_none() {
                    let default =
                        if value.is_some() { "is not allowed to be empty" } else { "is not allowed to be unset" };
                    let message = if word.is_empty() { default.to_owned() } else { word };
                    let name = name.to_owned();
                    self.required.get_or_insert(Fault::Required { name, message });
                }
                Ok(present.unwrap_or_default().to_owned())
            }
            Some('#') => pattern::trim_prefix(&word, value.unwrap_or("")),
            Some('%') => pattern::trim_suffix(&word, value.unwrap_or("")),
            _ => Err(unsupported(colon, operator)),
        }
    }

    /// `${name/pattern/replacement}` and `${name//pattern/replacement}`, from behind the first slash.
    fn replaced(&mut self, name: &str) -> Result<String, Fault> {
        let all = self.peek() == Some('/');
        if all {
            self.next();
        }
        let search = self.nested('/', true, "missing '/' in ${}")?;
        let replacement = self.nested('}', true, "missing '}'")?;
        let value = self.get(name);
        if value.is_none() && self.mode.keep_unset {
            return Ok(format!("${{{name}/{search}/{replacement}}}"));
        }
        pattern::replace(&search, &replacement, value.unwrap_or(""), all)
    }

    /// A variable's name: letters, digits and `_`; digits alone if it begins with one; or one special character.
    fn name(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let length = match rest.chars().next() {
            Some(first) if first.is_numeric() => span_of(rest, char::is_numeric),
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => 1,
            _ => span_of(rest, |symbol| symbol.is_alphanumeric() || symbol == '_'),
        };
        self.at += length;
        &rest[..length]
    }
}

fn span_of(text: &str, inside: impl Fn(char) -> bool) -> usize {
    text.find(|symbol| !inside(symbol)).unwrap_or(text.len())
}

fn unsupported(colon: bool, operator: Option<char>) -> Fault {
    let colon = if colon { ":" } else { "" };
    let operator = operator.unwrap_or('\u{FFFD}');
    Fault::Syntax(format!("unsupported modifier ({colon}{operator}) in substitution"))
}
