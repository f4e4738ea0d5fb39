//! # dependency-layer-missing
//!
//! ## What it does
//! Finds compilers that fetch all dependencies in the step that compiles: every change of a source downloads them again.
//!
//! ## Why is this bad?
//! A step that fetches what the manifest names, before the sources are copied, comes from the cache until the manifest changes.
//!
//! ## Example
//! ```dockerfile bad
//! FROM golang:1.25 AS build
//! WORKDIR /src
//! COPY . .
//! RUN go build -o /app .
//! FROM scratch
//! COPY --from=build /app /app
//! ```
//! ```dockerfile good
//! FROM golang:1.25 AS build
//! WORKDIR /src
//! COPY go.mod go.sum ./
//! RUN go mod download
//! COPY . .
//! RUN go build -o /app .
//! FROM scratch
//! COPY --from=build /app /app
//! ```
//! ```dockerfile good
//! FROM golang:1.25 AS build
//! WORKDIR /src
//! COPY . .
//! RUN --mount=type=cache,target=/go/pkg/mod go build -o /app .
//! FROM scratch
//! COPY --from=build /app /app
//! ```
//!
//! ## Fix safety
//! No fix here: `jettison optimize` knows which files the fetch reads, and proves that they are enough.
//!
//! ## References
//! <https://docs.docker.com/build/cache/optimize/#order-your-layers>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[
        Part::new("go", &[]),
        Part::new("cargo", &[]),
        Part::new("maven", &[]),
        Part::new("gradle", &[]),
        Part::new("dotnet", &[]),
    ],
    roles: Roles { test: crate::Where::Off, ..Roles::ALL },
    ..RuleInfo::new(
        "dependency-layer-missing",
        Category::Cache,
        Severity::Info,
        "any change of a source fetches all dependencies anew",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let mut sources: Option<&Step<'_>> = None;
        for step in sheet.stage_steps(stage.index).filter(|step| !step.onbuild) {
            if takes_sources(step) {
                sources = sources.or(Some(step));
            }
            let Some(call) = step.calls.iter().find(|call| part(call).is_some()) else { continue };
            let (Some(copy), Some((part, fetch))) = (sources, part(call)) else { break };
            let mounted = step.mounts.iter().any(|mount| mount.kind == "cache" || mount.kind == "bind");
            let offline = call.args.iter().any(|arg| {
                ["-mod=vendor", "--offline", "-o", "--no-restore"].contains(&arg.text())
                    && !(arg.text() == "-o" && part == "go")
                    && !(arg.text() == "-o" && part == "dotnet")
            });
            if !mounted && !offline && !is_fetched(sheet, stage.index, step) {
                let message = format!(
                    "line {} copies the sources before anything is fetched: `{fetch}` in a step above would stay in the cache",
                    copy.instruction.line
                );
                sink.push(Found::at(step, call.span(), message).part(part).likely());
            }
            break;
        }
    }
}

fn part(call: &Call<'_>) -> Option<(&'static str, &'static str)> {
    Some(match compiler(call)? {
        Compiler::Go => ("go", "go mod download"),
        Compiler::Cargo => ("cargo", "cargo fetch"),
        Compiler::Maven => ("maven", "mvn dependency:go-offline"),
        Compiler::Gradle => ("gradle", "gradle dependencies"),
        Compiler::Dotnet => ("dotnet", "dotnet restore"),
        Compiler::C | Compiler::Other => return None,
    })
}

/// Whether a step copies more than manifests.
fn takes_sources(step: &Step<'_>) -> bool {
    let Some(copy) = step.instruction.as_copy().filter(|copy| copy.from.is_none()) else { return false };
    copy.sources.iter().any(|source| [".", "./", "/", "*"].contains(&source.raw.as_str()))
}

/// Whether a step before it fetches, or compiles with a stand-in for the sources.
fn is_fetched(sheet: &Sheet<'_>, stage: usize, step: &Step<'_>) -> bool {
    let fetches = |call: &Call<'_>| {
        let verb = call.verb().unwrap_or_default();
        let words =
            ["download", "vendor", "fetch", "restore", "chef", "dependencies", "go-offline", "get", "resolve", "build"];
        let known = matches!(call.tool, Some(Tool::Go | Tool::Cargo))
            || ["mvn", "mvnw", "gradle", "gradlew", "dotnet"].contains(&call.name);
        known
            && (words.iter().any(|word| verb.contains(word))
                || call.args.iter().any(|arg| words.iter().any(|word| arg.text().ends_with(word))))
    };
    let earlier = sheet.lineage(stage).filter(|other| other.index < step.index);
    earlier.flat_map(|other| &other.calls).any(fetches)
        || step.calls.iter().any(|call| call.tool == Some(Tool::Go) && call.verb() == Some("mod"))
}
