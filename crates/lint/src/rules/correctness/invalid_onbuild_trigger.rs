//! # invalid-onbuild-trigger
//!
//! ## What it does
//! Finds ONBUILD of ONBUILD, FROM, MAINTAINER, or of a word that is no instruction.
//!
//! ## Why is this bad?
//! The first three are refused at once; the last one in every image that builds on this one.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! ONBUILD FROM alpine:3.22
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ONBUILD COPY . /app
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#onbuild>

use super::super::prelude::*;
use super::refused;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3043", "t:invalid-onbuild-trigger", "DF068"],
    ..RuleInfo::new(
        "invalid-onbuild-trigger",
        Category::Correctness,
        Severity::Error,
        "ONBUILD triggers what cannot be triggered",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    refused::report(sheet, sink, RULE.id);
    for step in sheet.of(Keyword::Onbuild).filter(|step| !step.onbuild) {
        let word = step.instruction.words.first().map(|word| word.raw.as_str()).unwrap_or_default();
        let refused = ["ONBUILD", "FROM", "MAINTAINER"].iter().any(|name| word.eq_ignore_ascii_case(name));
        if !word.is_empty() && !refused && step.instruction.trigger.is_none() {
            sink.push(Found::at(step, step.instruction.keyword_span, format!("`{word}` is no instruction")));
        }
    }
}
