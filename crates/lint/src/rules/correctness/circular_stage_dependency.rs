//! # circular-stage-dependency
//!
//! ## What it does
//! Finds stages that copy from themselves, directly or through others.
//!
//! ## Why is this bad?
//! Nothing is built.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12 AS base
//! COPY --from=base /a /b
//! ```
//! ```dockerfile good
//! FROM debian:12 AS base
//! FROM debian:12
//! COPY --from=base /a /b
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/build/building/multi-stage/>

use jettison_dockerfile::stages::Source;

use super::super::prelude::*;
use super::refused;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:circular-stage-deps"],
    parts: &[Part::new("self", &["DL3023", "DS-0006", "DF050"])],
    ..RuleInfo::new("circular-stage-dependency", Category::Correctness, Severity::Error, "a stage needs itself")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let mut own = false;
    for step in sheet.of(Keyword::Copy).filter(|step| !step.onbuild) {
        let Some(from) = step.instruction.as_copy().and_then(|copy| copy.from) else { continue };
        let is_self =
            matches!((sheet.graph.source(from), step.stage), (Source::Stage(used), Some(stage)) if used == stage);
        if is_self {
            own = true;
            let span = step.instruction.flag("from").map_or(step.instruction.keyword_span, |flag| flag.span);
            sink.push(Found::at(step, span, format!("`{from}` is the stage that this stands in")).part("self"));
        }
    }
    if !own {
        refused::report(sheet, sink, RULE.id);
    }
}
