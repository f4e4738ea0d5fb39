//! # empty-continuation-line
//!
//! ## What it does
//! Finds blank lines inside a continued instruction.
//!
//! ## Why is this bad?
//! The instruction goes on behind them, which nobody expects; builders have announced to refuse it.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN echo a && \
//!
//!     echo b
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN echo a && \
//!     echo b
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN echo a && \
//!     # and
//!     echo b
//! ```
//!
//! ## Fix safety
//! Safe: the builder leaves the line out.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/no-empty-continuation/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["NoEmptyContinuation", "DD076"],
    fix: FixKind::Safe,
    ..RuleInfo::new(
        "empty-continuation-line",
        Category::Correctness,
        Severity::Warning,
        "a blank line stands inside of a continued instruction",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for diagnostic in sheet.dockerfile.diagnostics().iter().filter(|one| one.message == "empty continuation line") {
        let owner = sheet
            .instructions()
            .iter()
            .find(|one| one.span.start <= diagnostic.span.start && diagnostic.span.start <= one.span.end);
        let edits = owner.map(|owner| blank_lines(sheet, owner)).unwrap_or_default();
        let span =
            owner.map_or(diagnostic.span, |owner| Span::at(diagnostic.span.start.max(owner.span.start) as usize));
        let found = Found::file(span, "a blank line stands inside of a continued instruction");
        sink.push(found.safe("remove blank lines", edits));
    }
}

/// Deletes the blank lines of an instruction, here-documents left alone.
fn blank_lines(sheet: &Sheet<'_>, owner: &Instruction) -> Vec<Edit> {
    let end = owner.heredocs.first().map_or(owner.span.end, |first| first.body.start);
    let source = sheet.dockerfile.source().get(owner.span.start as usize..end as usize).unwrap_or_default();
    let mut at = owner.span.start as usize;
    let mut edits = Vec::new();
    for line in source.split_inclusive(|byte| *byte == b'\n') {
        if line.trim_ascii().is_empty() && line.ends_with(b"\n") {
            edits.push(Edit::delete(Span::new(at, at + line.len())));
        }
        at += line.len();
    }
    edits
}
