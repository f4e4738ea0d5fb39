//! Edits of whole instructions in the style of the file: its line end, its escape character, the indentation of the
//! neighbours and of continued lines. What they make still goes through the guard of [`super::apply_checked`].

use jettison_model::{Edit, Span};

use crate::{Dockerfile, Instruction};

/// How a file is written where an instruction stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// `"\n"` or `"\r\n"`.
    pub line_end: &'static str,
    /// What continues a line.
    pub escape: char,
    /// What stands before the instruction's keyword.
    pub indent: String,
    /// What continued lines begin with: those of this instruction, else of the nearest one that has some, else four blanks.
    pub continuation: String,
}

impl Style {
    /// The style at instruction `index`; of the whole file if there is none.
    pub fn at(dockerfile: &Dockerfile, index: usize) -> Self {
        let instructions = dockerfile.instructions();
        let nearest = (0..instructions.len()).filter_map(|at| Some((at.abs_diff(index), continued(dockerfile, at)?)));
        let continuation = nearest.min_by_key(|(distance, _)| *distance).map(|(_, indent)| indent);
        Self {
            line_end: dockerfile.line_end(),
            escape: dockerfile.escape(),
            indent: instructions.get(index).map(|one| indent(dockerfile, one)).unwrap_or_default(),
            continuation: continuation.unwrap_or_else(|| "    ".to_owned()),
        }
    }

    /// An instruction of several lines, without a line end behind it and without what stands before its keyword.
    pub fn join(&self, lines: &[&str]) -> String {
        lines.join(&format!(" {}{}{}", self.escape, self.line_end, self.continuation))
    }
}

/// Inserts an instruction (its lines without continuations) above instruction `index` and the comments that belong to it.
pub fn insert_before(dockerfile: &Dockerfile, index: usize, lines: &[&str]) -> Edit {
    let style = Style::at(dockerfile, index);
    let at = dockerfile.lines_of(index, true).start as usize;
    Edit::insert(at, format!("{}{}{}", style.indent, style.join(lines), style.line_end))
}

/// Inserts an instruction (its lines without continuations) below instruction `index`, here-documents included.
pub fn insert_after(dockerfile: &Dockerfile, index: usize, lines: &[&str]) -> Edit {
    let style = Style::at(dockerfile, index);
    let at = dockerfile.lines_of(index, false).end as usize;
    let text = format!("{}{}", style.indent, style.join(lines));
    let ends_line = at == 0 || dockerfile.source().get(at - 1) == Some(&b'\n');
    Edit::insert(at, if ends_line { text + style.line_end } else { style.line_end.to_owned() + &text })
}

/// Puts another instruction (its lines without continuations) in the place of instruction `index`.
pub fn replace_instruction(dockerfile: &Dockerfile, index: usize, lines: &[&str]) -> Option<Edit> {
    let span = dockerfile.instructions().get(index)?.span;
    Some(Edit::replace(span, Style::at(dockerfile, index).join(lines)))
}

/// Removes instruction `index` with its lines, and the comments directly above it if `with_comments`.
pub fn delete_instruction(dockerfile: &Dockerfile, index: usize, with_comments: bool) -> Edit {
    let mut span = dockerfile.lines_of(index, with_comments);
    // The last line of a file without a line end takes the one before it along.
    let source = dockerfile.source();
    if span.end as usize == source.len() && !source.ends_with(b"\n") {
        let before = source.get(..span.start as usize).unwrap_or_default();
        let kept = before.strip_suffix(b"\n").map_or(before, |line| line.strip_suffix(b"\r").unwrap_or(line));
        span = Span::new(kept.len(), span.end as usize);
    }
    Edit::delete(span)
}

/// Adds a flag (`--link`) behind those that instruction `index` has.
pub fn add_flag(dockerfile: &Dockerfile, index: usize, flag: &str) -> Option<Edit> {
    let instruction = dockerfile.instructions().get(index)?;
    let at = instruction.flags.last().map_or(instruction.keyword_span, |flag| flag.span).end;
    Some(Edit::insert(at as usize, format!(" {flag}")))
}

/// Removes a flag and the blanks behind it; a continuation between it and what follows goes with them.
pub fn remove_flag(dockerfile: &Dockerfile, index: usize, name: &str) -> Option<Edit> {
    let instruction = dockerfile.instructions().get(index)?;
    let at = instruction.flags.iter().position(|flag| flag.name == name)?;
    let next = instruction.flags.get(at + 1).map_or(instruction.body.span.start, |flag| flag.span.start);
    let span = instruction.flags[at].span;
    Some(Edit::delete(Span { start: span.start, end: next.max(span.end) }))
}

/// The white space before the instruction's keyword.
fn indent(dockerfile: &Dockerfile, instruction: &Instruction) -> String {
    let start = instruction.span.start as usize;
    let before = dockerfile.source().get(..start).unwrap_or_default();
    let line = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    blanks(before.get(line..).unwrap_or_default())
}

/// What the second line of an instruction begins with, if it has one that is no comment.
fn continued(dockerfile: &Dockerfile, index: usize) -> Option<String> {
    let instruction = dockerfile.instructions().get(index)?;
    let end = instruction.heredocs.first().map_or(instruction.span.end, |first| first.body.start);
    let text = dockerfile.source().get(instruction.span.start as usize..end as usize)?;
    let mut lines = text.split(|byte| *byte == b'\n').skip(1);
    let is_content = |line: &&[u8]| !matches!(line.trim_ascii_start().first(), None | Some(b'#'));
    lines.find(is_content).map(blanks)
}

/// The blanks and tabs that a line begins with.
fn blanks(line: &[u8]) -> String {
    line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).map(|byte| char::from(*byte)).collect()
}
