//! # mistaken-stage-reference
//!
//! ## What it does
//! Finds a FROM that names a stage in other letter case, or a stage that comes later, and takes an image instead.
//!
//! ## Why is this bad?
//! FROM compares names as they are, and stage names are kept in lower case: `FROM Builder` asks a registry.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12 AS builder
//! FROM Builder
//! ```
//! ```dockerfile fixed
//! FROM debian:12 AS builder
//! FROM builder
//! ```
//! ```dockerfile bad
//! FROM later
//! FROM debian:12 AS later
//! ```
//! ```dockerfile good
//! FROM debian:12 AS Builder
//! FROM alpine:3.22
//! COPY --from=BUILDER /a /a
//! ```
//!
//! ## Fix safety
//! Safe for the letter case: an image's name has no capitals, so that the build could only fail.
//!
//! ## References
//! <https://docs.docker.com/build/building/multi-stage/>

use super::super::prelude::*;
use super::refused;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[Part::new("case", &[]), Part::new("order", &[])],
    fix: FixKind::Safe,
    ..RuleInfo::new(
        "mistaken-stage-reference",
        Category::Correctness,
        Severity::Error,
        "a FROM means a stage and gets an image",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    refused::report(sheet, sink, RULE.id);
    for stage in &sheet.graph.stages {
        let Base::Image(image) = &stage.base else { continue };
        let Some(word) = sheet.instructions().get(stage.from).and_then(|from| from.words.first()) else { continue };
        let named = sheet.graph.stages.iter().find(|other| {
            other.index != stage.index && other.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(image))
        });
        let Some(named) = named else { continue };
        if named.index > stage.index {
            let message = format!("stage `{image}` comes later: this is an image of that name");
            sink.push(Found::file(word.span, message).part("order").likely());
        } else {
            let lower = image.to_lowercase();
            let edits =
                if word.raw == image.as_str() { vec![Edit::replace(word.span, lower.clone())] } else { Vec::new() };
            let message = format!("stage `{lower}` is not found as `{image}`: FROM compares letter case");
            sink.push(Found::file(word.span, message).part("case").safe("write the name in lower case", edits));
        }
    }
}
