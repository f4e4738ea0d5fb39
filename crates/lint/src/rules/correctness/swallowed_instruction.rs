//! # swallowed-instruction
//!
//! ## What it does
//! Finds instructions that a RUN swallows: behind `&& \`, or behind a continuation at the end of the file.
//!
//! ## Why is this bad?
//! The shell looks for a program called `COPY`.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN make && \
//! COPY a /a
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN make && \
//!     make install
//! COPY a /a
//! ```
//!
//! ## Fix safety
//! No fix: what was meant to follow is not in the file.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#format>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo::new(
    "swallowed-instruction",
    Category::Correctness,
    Severity::Warning,
    "a RUN swallows the instruction below it",
);

const NAMES: [&str; 16] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "ONBUILD",
    "RUN",
    "SHELL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls() {
        let word = call.name_word;
        if NAMES.contains(&word.raw.as_str()) && call.place.script == 0 && call.place.item > 0 {
            let message = format!("this is no instruction but a program `{}` that RUN starts", word.raw);
            sink.push(Found::at(step, word.span, message));
        }
    }
}
