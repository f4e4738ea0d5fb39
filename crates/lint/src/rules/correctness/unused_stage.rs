//! # unused-stage
//!
//! ## What it does
//! Finds stages that no other stage and no target needs.
//!
//! ## Why is this bad?
//! They are read by people and never built.
//!
//! ## Example
//! ```dockerfile bad
//! FROM golang:1.25 AS build
//! RUN go build -o /app
//! FROM debian:12
//! COPY app /app
//! ```
//! ```dockerfile good
//! FROM golang:1.25 AS test
//! RUN go test ./...
//! FROM golang:1.25 AS build
//! RUN go build -o /app
//! FROM debian:12
//! COPY --from=build /app /app
//! ```
//!
//! ## Fix safety
//! No fix: somebody may build the stage by name.
//!
//! ## References
//! <https://docs.docker.com/build/building/multi-stage/#stop-at-a-specific-build-stage>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:no-unreachable-stages", "DD066"],
    ..RuleInfo::new("unused-stage", Category::Correctness, Severity::Info, "nothing needs this stage")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let variable = sheet.steps.iter().any(|step| {
        let from = step.instruction.as_copy().and_then(|copy| copy.from);
        from.is_some_and(|from| from.contains('$'))
    });
    for stage in sheet.graph.stages.iter().filter(|stage| sheet.role(Some(stage.index)) == Role::Unused && !variable) {
        let name =
            stage.name.as_deref().map_or_else(|| format!("stage {}", stage.index), |name| format!("stage `{name}`"));
        let span = sheet.span_of_from(stage.index);
        sink.push(Found::stage(stage.index, span, format!("nothing needs {name}")).likely());
    }
}
