//! `.env` files as Compose reads them: `export`, quotes, escapes in double quotes, variables of what came before and of the
//! environment, comments after blanks, names without a value. <https://docs.docker.com/compose/how-tos/environment-variables/>

use crate::Environment;
use crate::error::{Cause, Error, shortened};
use crate::interpolate::{Problem, interpolate};
use crate::sources::Place;

/// Bytes of one value at most.
const MAX_VALUE: usize = 1 << 20;

/// Adds what `text` sets to `environment`; what is set there already stays. `file` is for errors.
pub fn add_dotenv(environment: &mut Environment, file: &str, text: &str) -> Result<(), Error> {
    let set = read(file, text, &|name| environment.get(name).cloned())?;
    for (name, value) in set {
        environment.entry(name).or_insert(value);
    }
    Ok(())
}

/// The variables a `.env` text sets.
fn read(file: &str, text: &str, outside: &dyn Fn(&str) -> Option<String>) -> Result<Environment, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { file, rest: text, line: 1, set: Environment::new(), outside, bytes: 0 };
    while reader.statement()? {}
    // names that begin with a digit are no variables
    reader.set.retain(|name, _| !name.starts_with(|first: char| first.is_ascii_digit()));
    Ok(reader.set)
}

struct Reader<'a> {
    file: &'a str,
    rest: &'a str,
    line: u32,
    set: Environment,
    outside: &'a dyn Fn(&str) -> Option<String>,
    bytes: usize,
}

impl<'a> Reader<'a> {
    /// Reads one; false at the end.
    fn statement(&mut self) -> Result<bool, Error> {
        self.skip(|character| character.is_whitespace());
        if self.rest.is_empty() {
            return Ok(false);
        }
        if self.rest.starts_with('#') {
            self.skip(|character| character != '\n');
            return Ok(true);
        }
        if let Some(rest) = self.rest.strip_prefix("export").filter(|rest| rest.starts_with(blank)) {
            self.rest = rest.trim_start_matches(blank);
        }
        let line = self.line;
        let (name, has_value) = self.name()?;
        let value = match has_value {
            true => Some(self.value()?),
            false => (self.outside)(&name),
        };
        if let Some(value) = value {
            self.bytes = self.bytes.saturating_add(value.len());
            if self.bytes > MAX_VALUE {
                return Err(self.error(line, Cause::TooMuch("what it sets")));
            }
            self.set.insert(name, value);
        }
        Ok(true)
    }

    fn name(&mut self) -> Result<(String, bool), Error> {
        let end = self.rest.find(['=', ':', '\n']).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        let (name, line) = (name.trim_end(), self.line);
        let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']');
        if !name.chars().all(allowed) {
            return Err(self.error(line, Cause::Syntax(format!("`{}` is no name of a variable", shortened(name)))));
        }
        let has_value = !rest.is_empty() && !rest.starts_with('\n');
        self.rest = rest.get(1..).unwrap_or_default();
        if has_value {
            self.rest = self.rest.trim_start_matches(blank);
        } else if !rest.is_empty() {
            self.line = self.line.saturating_add(1);
        }
        Ok((name.to_owned(), has_value))
    }

    fn value(&mut self) -> Result<String, Error> {
        let line = self.line;
        match self.rest.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let raw = self.quoted(quote)?;
                if quote == '\'' { Ok(raw) } else { self.expand(&unescape(&raw), line) }
            }
            _ => {
                let (value, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
                self.rest = rest;
                self.line = self.line.saturating_add(1);
                let value = value.split_once(" #").map_or(value, |(value, _)| value).trim_end();
                self.expand(value, line)
            }
        }
    }

    /// What stands between quotes, over several lines if need be; `\` keeps the quote from closing and is kept before others.
    fn quoted(&mut self, quote: char) -> Result<String, Error> {
        let start = self.line;
        let mut out = String::new();
        let mut characters = self.rest.char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => match characters.next() {
                    Some((_, escaped)) => {
                        self.line = self.line.saturating_add(u32::from(escaped == '\n'));
                        if escaped != quote {
                            out.push('\\');
                        }
                        out.push(escaped);
                    }
                    None => break,
                },
                character if character == quote => {
                    self.rest = self.rest.get(at + 1..).unwrap_or_default();
                    return Ok(out);
                }
                character => {
                    self.line = self.line.saturating_add(u32::from(character == '\n'));
                    out.push(character);
                }
            }
        }
        Err(self.error(start, Cause::Syntax("a quote is not closed".to_owned())))
    }

    fn expand(&self, value: &str, line: u32) -> Result<String, Error> {
        let lookup = |name: &str| (self.outside)(name).or_else(|| self.set.get(name).cloned());
        interpolate(value, &lookup, MAX_VALUE).map_err(|problem| {
            let cause = match problem {
                Problem::Required { name, reason } => Cause::Required { name, reason },
                Problem::Format => Cause::Invalid("`${` needs a variable; write `$$` for a `$`".to_owned()),
                Problem::TooMuch => Cause::TooMuch("what it expands to"),
            };
            self.error(line, cause)
        })
    }

    fn skip(&mut self, skipped: impl Fn(char) -> bool) {
        let rest = self.rest.trim_start_matches(skipped);
        let gone = self.rest.len().saturating_sub(rest.len());
        let lines = self.rest.bytes().take(gone).filter(|byte| *byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.rest = rest;
    }

    fn error(&self, line: u32, cause: Cause) -> Error {
        Error { place: Some(Place { file: self.file.to_owned(), line, column: 1 }), cause }
    }
}

fn blank(character: char) -> bool {
    matches!(character, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

/// The escapes of double quotes; `\$` becomes `$$`, which the variables' reader takes for a `$`.
fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let escaped = after.chars().next();
        let simple = match escaped {
            Some('a') => Some("\u{7}"),
            Some('b') => Some("\u{8}"),
            Some('f') => Some("\u{c}"),
            Some('n') => Some("\n"),
            Some('r') => Some("\r"),
            Some('t') => Some("\t"),
            Some('v') => Some("\u{b}"),
            Some('"') => Some("\""),
            Some('\\') => Some("\\"),
            Some('$') => Some("$$"),
            _ => None,
        };
        match simple {
            Some(text) => out.push_str(text),
            None => {
                out.push('\\');
                out.extend(escaped);
            }
        }
        rest = after.get(escaped.map_or(0, char::len_utf8)..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}
