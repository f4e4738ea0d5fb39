//! # compiler-cache-kept
//!
//! ## What it does
//! Finds shipped stages in which tools are compiled or fetched with go, cargo, maven, gradle or dotnet, and their caches stay.
//!
//! ## Why is this bad?
//! Sources and intermediate files of everything that was compiled ship, several times the size of the tool.
//!
//! ## Example
//! ```dockerfile bad
//! FROM golang:1.25
//! RUN go install example.com/tool@v1.2.3
//! CMD ["tool"]
//! ```
//! ```dockerfile good
//! FROM golang:1.25
//! RUN go install example.com/tool@v1.2.3 && go clean -cache -modcache
//! CMD ["tool"]
//! ```
//! ```dockerfile good
//! FROM golang:1.25
//! RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go install example.com/tool@v1.2.3
//! CMD ["tool"]
//! ```
//! ```dockerfile good
//! FROM golang:1.25 AS build
//! RUN go install example.com/tool@v1.2.3
//! FROM debian:12-slim
//! COPY --from=build /go/bin/tool /usr/local/bin/tool
//! ```
//!
//! ## Fix safety
//! No fix: a stage of its own for the tool is better than a cleanup.
//!
//! ## References
//! <https://go.dev/ref/mod#module-cache>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[Part::new("go", &[]), Part::new("cargo", &[]), Part::new("maven", &[]), Part::new("dotnet", &[])],
    roles: Roles::SHIPPED,
    ..RuleInfo::new("compiler-cache-kept", Category::Size, Severity::Warning, "what was compiled on the way ships")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    // Where the program itself is compiled, that is what one says.
    let compiled: Vec<usize> = sheet
        .finals()
        .map(|stage| stage.index)
        .filter(|stage| super::single_stage_compile::compile(sheet, *stage).is_some())
        .collect();
    for step in sheet.of(Keyword::Run).filter(|step| !step.onbuild) {
        let Some(stage) = step.stage else { continue };
        let finals = sheet.finals().map(|one| one.index).filter(|one| sheet.chain(*one).contains(&stage));
        let finals: Vec<usize> = finals.collect();
        let serves = |one: &usize| !sheet.is_workbench(*one) && !builds_at_start(sheet, *one);
        if !finals.iter().any(serves) || finals.iter().any(|one| compiled.contains(one)) {
            continue;
        }
        for (at, call) in step.calls.iter().enumerate() {
            let Some((part, caches, bytes)) = kind(call) else { continue };
            let gone = caches.iter().any(|cache| step.mounts_over(cache) || step.deletes_after(at, cache));
            if gone || is_cleaned(step, at) {
                continue;
            }
            let message = format!(
                "`{} {}` leaves sources and intermediate files in the layer",
                call.name,
                call.verb().unwrap_or_default()
            );
            sink.push(Found::at(step, call.span(), message).part(part).likely().costs(bytes));
            break;
        }
    }
}

/// Whether the container compiles by itself: then it needs what was fetched.
fn builds_at_start(sheet: &Sheet<'_>, stage: usize) -> bool {
    let command = sheet.command(stage);
    let program = command.first().copied().unwrap_or_default();
    let runs = command.iter().any(|word| ["run", "watch"].contains(word));
    super::single_stage_compile::is_compiler(program) || name_of(program) == "dotnet" && runs
}

fn kind(call: &Call<'_>) -> Option<(&'static str, &'static [&'static str], u64)> {
    let verb = call.verb().unwrap_or_default();
    match (call.tool, call.name) {
        (Some(Tool::Go), _) if verb == "install" || verb == "get" => Some((
            "go",
            &["/go/pkg/mod", "/root/go/pkg/mod", "/root/.cache/go-build", "/go/pkg", "/root/go/pkg"],
            300_000_000,
        )),
        (Some(Tool::Cargo), _) if verb == "install" => {
            Some(("cargo", &["/usr/local/cargo/registry", "/root/.cargo/registry"], 150_000_000))
        }
        (_, "mvn" | "mvnw") if verb.contains("dependency:") => Some(("maven", &["/root/.m2"], 100_000_000)),
        (_, "dotnet") if verb == "restore" => Some(("dotnet", &["/root/.nuget"], 100_000_000)),
        _ => None,
    }
}

fn is_cleaned(step: &Step<'_>, at: usize) -> bool {
    step.calls.iter().skip(at + 1).any(|call| {
        let words = || call.args.iter().map(|arg| arg.word.raw.as_str());
        let cache = words().any(|word| {
            ["cache", ".cargo", "/pkg", "registry", "GOPATH", ".m2", "GOCACHE"].iter().any(|sign| word.contains(sign))
        });
        call.tool == Some(Tool::Go) && call.verb() == Some("clean") || call.is("rm") && cache || call.is("cargo-cache")
    })
}
