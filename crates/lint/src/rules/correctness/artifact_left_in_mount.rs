//! # artifact-left-in-mount
//!
//! ## What it does
//! Finds paths inside of a cache or tmpfs mount that a later step copies from the stage.
//!
//! ## Why is this bad?
//! What lies on a mount is in no layer: the later step finds nothing.
//!
//! ## Example
//! ```dockerfile bad
//! FROM rust:1.90 AS build
//! WORKDIR /app
//! RUN --mount=type=cache,target=/app/target cargo build --release
//! FROM debian:12-slim
//! COPY --from=build /app/target/release/app /app
//! ```
//! ```dockerfile good
//! FROM rust:1.90 AS build
//! WORKDIR /app
//! RUN --mount=type=cache,target=/app/target cargo build --release && cp target/release/app /app/bin
//! FROM debian:12-slim
//! COPY --from=build /app/bin /app
//! ```
//!
//! ## Fix safety
//! No fix: copy the file out of the mount in the same RUN.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#run---mounttypecache>

use jettison_dockerfile::stages::Source;

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo::new(
    "artifact-left-in-mount",
    Category::Correctness,
    Severity::Error,
    "what is copied lies on a mount, and in no layer",
);

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Copy).filter(|step| !step.onbuild) {
        let Some(copy) = step.instruction.as_copy() else { continue };
        let Some(Source::Stage(from)) = copy.from.map(|from| sheet.graph.source(from)) else { continue };
        for source in &copy.sources {
            let Some(path) = sheet.value(step, &source.raw) else { continue };
            let path = format!("/{}", path.trim_start_matches("./").trim_start_matches('/'));
            let Some((run, target)) = mount_over(sheet, from, &path) else { continue };
            if !is_made_elsewhere(sheet, from, run, &path, &target) {
                let name = copy.from.unwrap_or_default();
                let line = run.instruction.line;
                let message = format!("`{path}` lies on the mount of line {line}: it is in no layer of `{name}`");
                sink.push(Found::at(step, source.span, message));
            }
        }
    }
}

/// The RUN of the stage that has a mount at the path or above it.
fn mount_over<'s, 'f>(sheet: &'s Sheet<'f>, stage: usize, path: &str) -> Option<(&'s Step<'f>, String)> {
    sheet.stage_steps(stage).filter(|step| step.keyword() == Keyword::Run).find_map(|step| {
        let kept = step.mounts.iter().filter(|mount| mount.kind == "cache" || mount.kind == "tmpfs");
        let mut targets = kept.filter_map(|mount| {
            let target = sheet.value(step, mount.target.as_deref()?)?;
            let workdir = step.state.workdir.as_deref();
            let absolute = if target.starts_with('/') { target } else { format!("{}/{target}", workdir?) };
            Some(absolute.trim_end_matches('/').to_owned())
        });
        let rest = |target: &String| path.strip_prefix(target.as_str()).map(str::to_owned);
        let above = |target: &String| rest(target).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        targets.find(above).map(|target| (step, target))
    })
}

/// Whether another step of the stage, without that mount, may make the path.
fn is_made_elsewhere(sheet: &Sheet<'_>, stage: usize, run: &Step<'_>, path: &str, target: &str) -> bool {
    let name = name_of(target);
    sheet.lineage(stage).filter(|other| other.index != run.index).any(|other| {
        let text = other.instruction.body.text.as_str();
        let unmounted = other.keyword() == Keyword::Run && !other.mounts_over(path);
        let builds = text.contains(name) || other.calls.iter().any(|call| compiler(call).is_some());
        let copies = matches!(other.keyword(), Keyword::Copy | Keyword::Add);
        unmounted && builds || copies && text.contains(name)
    })
}
