//! # unformatted-file
//!
//! ## What it does
//! Finds blanks at the ends of lines, several blank lines in a row, a last line without an end, and files that are very long.
//!
//! ## Why is this bad?
//! They make differences where there are none, and hide those that are.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//!
//!
//! # Nobody needs two blank lines.
//! RUN true
//! ```
//! ```dockerfile good
//! FROM debian:12
//!
//! RUN true
//! ```
//!
//! ## Fix safety
//! No fix: what is text of a script and what is layout is not always to be told apart.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#format>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &[
        "t:consistent-indentation",
        "t:newline-per-chained-call",
        "t:newline-between-instructions",
        "t:no-multi-spaces",
        "t:prefer-formatted-heredocs",
        "DD073",
        "DD074",
        "DD075",
    ],
    parts: &[
        Part::new("trailing-blanks", &["t:no-trailing-spaces"]),
        Part::new("blank-lines", &["t:no-multiple-empty-lines"]),
        Part::new("end", &["t:eol-last"]),
        Part::new("length", &["t:max-lines"]),
    ],
    on_by_default: false,
    ..RuleInfo::new("unformatted-file", Category::Style, Severity::Info, "the layout is not as one expects it")
};

/// More lines are hard to keep in mind.
const LONG: usize = 500;

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let source = sheet.dockerfile.source();
    let heredoc = |at: usize| {
        sheet
            .instructions()
            .iter()
            .flat_map(|one| &one.heredocs)
            .any(|heredoc| (heredoc.body.start as usize..heredoc.body.end as usize).contains(&at))
    };
    let (mut start, mut empty, mut lines) = (0, 0, 0);
    for line in source.split_inclusive(|byte| *byte == b'\n') {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let kept = text.trim_ascii_end().len();
        lines += 1;
        empty = if kept == 0 { empty + 1 } else { 0 };
        if kept < text.len() && !heredoc(start) {
            let span = Span::new(start + kept, start + text.len());
            sink.push(Found::file(span, "blanks stand at the end of the line").part("trailing-blanks"));
        }
        if empty == 2 && !heredoc(start) {
            sink.push(
                Found::file(Span::new(start, start + text.len()), "one blank line is enough").part("blank-lines"),
            );
        }
        start += line.len();
    }
    if !source.is_empty() && !source.ends_with(b"\n") {
        let end = source.len();
        sink.push(Found::file(Span::new(end, end), "the last line has no end").part("end"));
    }
    if lines > LONG {
        sink.push(Found::file(Span::new(0, 0), format!("{lines} lines are many for one file")).part("length"));
    }
}
