//! Parser directives: `# name=value` lines at the very top. Reference: BuildKit `frontend/dockerfile/parser/directives.go`.

use jettison_model::Span;

use super::Directive;

/// Reads directives until the first line that is none.
#[derive(Debug, Default)]
pub(super) struct Directives {
    pub found: Vec<Directive>,
    pub done: bool,
}

impl Directives {
    /// Looks at one line (`content` without line end, beginning at byte `start`). The error is BuildKit's.
    pub fn look(&mut self, content: &[u8], start: usize) -> Result<Option<&Directive>, String> {
        if self.done {
            return Ok(None);
        }
        let indent = super::lines::leading_space(content);
        let Some((name, value)) = std::str::from_utf8(&content[indent..]).ok().and_then(split) else {
            self.done = true;
            return Ok(None);
        };
        if self.found.iter().any(|directive| directive.name == name) {
            return Err(format!("only one {name} parser directive can be used"));
        }
        let span = Span::new(start, start + content.len());
        self.found.push(Directive { name, value: value.to_owned(), span });
        Ok(self.found.last())
    }
}

/// The escape character that a directive's value names.
pub(super) fn escape(value: &str) -> Result<u8, String> {
    match value {
        "\\" => Ok(b'\\'),
        "`" => Ok(b'`'),
        _ => Err(format!("invalid escape token '{value}' does not match ` or \\")),
    }
}

/// The `check` directive as BuildKit's linter finds it: a line above that begins with `#!` does not count, and a directive
/// that is indented ends them all.
pub(crate) fn check_directive(source: &[u8]) -> Option<Directive> {
    let mut at = if source.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let mut directives = Directives::default();
    let mut is_first = true;
    loop {
        let rest = source.get(at..).filter(|rest| !rest.is_empty())?;
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let is_shebang = std::mem::take(&mut is_first) && line.starts_with(b"#!");
        if !is_shebang {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let found = if line.starts_with(b"#") { directives.look(line, at) } else { Ok(None) };
            let directive = found.ok().flatten()?;
            if directive.name == "check" {
                return Some(directive.clone());
            }
        }
        at += line.len() + 1;
    }
}

fn split(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.strip_prefix('#')?.trim_start().split_once('=')?;
    let name = name.trim_end_matches(is_space).to_ascii_lowercase();
    let value = value.trim_matches(is_space);
    let known = matches!(name.as_str(), "syntax" | "escape" | "check");
    (known && !value.is_empty()).then_some((name, value))
}

fn is_space(symbol: char) -> bool {
    matches!(symbol, '\t' | '\n' | '\x0c' | '\r' | ' ')
}
