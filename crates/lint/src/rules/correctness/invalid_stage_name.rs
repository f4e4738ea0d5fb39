//! # invalid-stage-name
//!
//! ## What it does
//! Finds stages called `scratch` or `context`, and names that no stage can have.
//!
//! ## Why is this bad?
//! `scratch` and `context` mean something else wherever a stage can be named.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12 AS scratch
//! ```
//! ```dockerfile bad
//! FROM debian:12 AS 1st
//! ```
//! ```dockerfile good
//! FROM debian:12 AS first.stage
//! ```
//!
//! ## Fix safety
//! No fix: who builds this stage by name is not in the file.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/reserved-stage-name/>

use super::super::prelude::*;
use super::refused;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[Part::new("reserved", &["DL3063", "ReservedStageName"]), Part::new("form", &["da:FromInvalidStageName"])],
    ..RuleInfo::new(
        "invalid-stage-name",
        Category::Correctness,
        Severity::Error,
        "a stage's name is reserved or invalid",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    refused::report(sheet, sink, RULE.id);
    for stage in &sheet.graph.stages {
        let from = sheet.instructions().get(stage.from).and_then(|from| from.as_from());
        let Some(name) = from.and_then(|from| from.name) else { continue };
        let reserved = ["scratch", "context"].iter().any(|word| name.raw.eq_ignore_ascii_case(word));
        if reserved {
            let message = format!("`{}` means something else wherever a stage can be named", name.raw);
            sink.push(Found::stage(stage.index, name.span, message).part("reserved"));
        }
    }
}
