//! # whole-stage-copied
//!
//! ## What it does
//! Finds `COPY --from=stage / /` in a final stage.
//!
//! ## Why is this bad?
//! Everything of the other stage ships, with what was only needed to build.
//!
//! ## Example
//! ```dockerfile bad
//! FROM golang:1.25 AS build
//! RUN go build -o /app
//! FROM debian:12
//! COPY --from=build / /
//! ```
//! ```dockerfile good
//! FROM golang:1.25 AS build
//! RUN go build -o /app
//! FROM debian:12
//! COPY --from=build /app /app
//! ```
//!
//! ## Fix safety
//! No fix: what the image needs is yours to say.
//!
//! ## References
//! <https://docs.docker.com/build/building/multi-stage/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3067"],
    roles: Roles::FINAL,
    ..RuleInfo::new("whole-stage-copied", Category::Size, Severity::Warning, "a whole stage is copied into the image")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Copy) {
        let Some(copy) = step.instruction.as_copy().filter(|copy| copy.from.is_some()) else { continue };
        let whole = copy.sources.iter().find(|source| ["/", "/*", "/.", "/./"].contains(&source.raw.as_str()));
        // Into a folder one copies what a stage was made for.
        let root = copy.destination.is_some_and(|word| ["/", "/.", "./"].contains(&word.raw.as_str()));
        let Some(source) = whole.filter(|_| root) else { continue };
        let flattens = step.stage.is_some_and(|stage| {
            sheet.is_scratch(stage) && sheet.stage_steps(stage).all(|other| other.keyword() != Keyword::Run)
        });
        // `squash-reliance` speaks of those.
        if !flattens || sheet.is_foreign() {
            sink.push(Found::at(step, source.span, format!("all of `{}` ships", copy.from.unwrap_or_default())));
        }
    }
}
