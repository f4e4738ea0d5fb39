//! # literal-tilde-path
//!
//! ## What it does
//! Finds `~` at the beginning of paths in WORKDIR, COPY, ADD and ENV.
//!
//! ## Why is this bad?
//! Only a shell knows what it means: here it makes a folder that is called `~`.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! WORKDIR ~/app
//! ```
//! ```dockerfile good
//! FROM debian:12
//! WORKDIR /root/app
//! RUN ls ~/app
//! ```
//!
//! ## Fix safety
//! No fix: whose home is meant is not in the file.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#workdir>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo =
    RuleInfo::new("literal-tilde-path", Category::Correctness, Severity::Warning, "~ means nothing to the builder");

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in &sheet.steps {
        let word = match step.keyword() {
            Keyword::Workdir => step.instruction.words.first().map(|word| (word.raw.to_string(), word.span)),
            Keyword::Copy | Keyword::Add => {
                let copy = step.instruction.as_copy();
                copy.and_then(|copy| copy.destination).map(|word| (word.raw.to_string(), word.span))
            }
            Keyword::Env => step.instruction.pairs().into_iter().find_map(|pair| {
                let value = pair.value.as_deref()?.trim_matches(['"', '\'']).to_owned();
                let home = value.starts_with("~/") || value.contains(":~/");
                home.then_some((value, pair.value_span?))
            }),
            _ => None,
        };
        let Some((text, span)) = word else { continue };
        if text == "~" || text.starts_with("~/") || text.contains(":~/") {
            sink.push(Found::at(step, span, "`~` is not expanded here: it is a folder of that name"));
        }
    }
}
