//! # unsupported-substitution
//!
//! ## What it does
//! Finds `${name…}` forms that the builder does not know: `${x:=y}`, `${x^^}`, `${x:0:3}`.
//!
//! ## Why is this bad?
//! The builder is no shell: outside of RUN it knows `:-`, `:+`, `:?` and patterns, and refuses everything else.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! ARG CHANNEL
//! ENV MODE=${CHANNEL:=stable}
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! ARG CHANNEL
//! ENV MODE=${CHANNEL:-stable}
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ARG CHANNEL
//! ENV MODE=${CHANNEL:-stable}
//! RUN echo ${CHANNEL:=stable} ${CHANNEL^^}
//! ```
//!
//! ## Fix safety
//! Unsafe: `:-` gives the value, and does not keep it as `:=` does in a shell.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#environment-replacement>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "unsupported-substitution",
        Category::Correctness,
        Severity::Error,
        "the builder does not know this form of a variable",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let mut last = None;
    for (diagnostic, rule, _) in sheet.refused() {
        if *rule != RULE.id || last == Some(diagnostic.span) {
            continue;
        }
        last = Some(diagnostic.span);
        let text = sheet.exact(diagnostic.span).unwrap_or_default();
        let places = text.match_indices(":=").filter(|(at, _)| is_modifier(&text[..*at]));
        let start = diagnostic.span.start as usize;
        let edits = places
            .map(|(at, _)| Edit::replace(Span::new(start + at, start + at + 2), ":-".to_owned()))
            .collect::<Vec<Edit>>();
        let message = diagnostic.message.lines().next().unwrap_or_default().to_owned();
        sink.push(Found::file(diagnostic.span, message).risky("write `:-`", edits));
    }
}

/// Whether a text ends in `${NAME`.
fn is_modifier(before: &str) -> bool {
    let name = before.rsplit("${").next().unwrap_or_default();
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    plain && before.len() > name.len() + 1
}
