//! # emulated-compile
//!
//! ## What it does
//! Finds compilers that run on the platform that is asked for, in files that are built for several, where the compiler could be
//! told to compile for another.
//!
//! ## Why is this bad?
//! On a foreign platform the compiler is emulated, five to twenty times slower.
//!
//! ## Example
//! ```dockerfile bad
//! FROM golang:1.25 AS build
//! ARG TARGETARCH
//! COPY . .
//! RUN go build -o /app .
//! FROM alpine:3.22
//! COPY --from=build /app /app
//! ```
//! ```dockerfile good
//! FROM --platform=$BUILDPLATFORM golang:1.25 AS build
//! ARG TARGETARCH
//! COPY . .
//! RUN GOARCH=$TARGETARCH go build -o /app .
//! FROM alpine:3.22
//! COPY --from=build /app /app
//! ```
//! ```dockerfile good
//! FROM golang:1.25 AS build
//! COPY . .
//! RUN go build -o /app .
//! FROM alpine:3.22
//! COPY --from=build /app /app
//! ```
//!
//! ## Fix safety
//! No fix: what else the stage does may be for the platform that is asked for.
//!
//! ## References
//! <https://docs.docker.com/build/building/multi-platform/#cross-compilation>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    roles: Roles { lineage: crate::Where::Off, ..Roles::ALL },
    ..RuleInfo::new(
        "emulated-compile",
        Category::Performance,
        Severity::Info,
        "a compiler is emulated that could cross-compile",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let several = sheet.settings.platforms.len() > 1;
    for stage in sheet.graph.stages.iter().filter(|stage| !sheet.role(Some(stage.index)).ships()) {
        let chain = sheet.chain(stage.index);
        let flagged = chain.iter().filter_map(|one| sheet.graph.stages.get(*one)).any(|one| one.platform.is_some());
        let minds = sheet.lineage(stage.index).any(|step| {
            let text = sheet.text(step.instruction.span);
            ["TARGETARCH", "TARGETPLATFORM", "TARGETOS"].iter().any(|name| text.contains(name))
        });
        let compiles = sheet.stage_steps(stage.index).find_map(|step| {
            let calls = step.calls.iter();
            let mut crosses = calls.filter(|call| matches!(compiler(call), Some(Compiler::Go | Compiler::Dotnet)));
            Some((step, crosses.next()?))
        });
        let Some((step, call)) = compiles.filter(|_| !flagged && (several || minds)) else { continue };
        let cgo = step.variable("CGO_ENABLED") == Some("1") || call.assigned("CGO_ENABLED") == Some("1");
        if !cgo {
            let message = format!(
                "`{}` is emulated on foreign platforms: with `--platform=$BUILDPLATFORM` it compiles for them",
                call.name
            );
            let found = Found::at(step, call.span(), message).likely();
            sink.push(if several { found.severity(Severity::Warning) } else { found });
        }
    }
}
