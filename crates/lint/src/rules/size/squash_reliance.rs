//! # squash-reliance
//!
//! ## What it does
//! Finds images that are flattened: everything of a stage is copied to nothing, so that one layer remains.
//!
//! ## Why is this bad?
//! The waste is gone, and so are shared layers, the cache of pulls, and all that the stage said of environment, user and
//! command. The fault is in the layers below.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12 AS big
//! RUN apt-get update && apt-get install -y curl
//! FROM scratch
//! COPY --from=big / /
//! CMD ["bash"]
//! ```
//! ```dockerfile good
//! FROM debian:12 AS big
//! RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
//! CMD ["bash"]
//! ```
//!
//! ## Fix safety
//! No fix: repair the layers, and leave the flattening out.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    roles: Roles::FINAL,
    ..RuleInfo::new(
        "squash-reliance",
        Category::Size,
        Severity::Info,
        "the image is flattened to hide what its layers waste",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.finals().filter(|stage| stage.base == Base::Scratch) {
        for step in sheet.stage_steps(stage.index).filter(|step| step.keyword() == Keyword::Copy) {
            let Some(copy) = step.instruction.as_copy() else { continue };
            let Some(from) = copy.from else { continue };
            let whole = copy.sources.iter().any(|source| ["/", "/*", "/."].contains(&source.raw.as_str()));
            let root = copy.destination.is_some_and(|word| ["/", "./", "."].contains(&word.raw.as_str()));
            let stage_source = matches!(sheet.graph.source(from), jettison_dockerfile::stages::Source::Stage(_));
            if whole && root && stage_source {
                let message =
                    format!("`{from}` is flattened to one layer: what it said of environment and command is lost");
                sink.push(Found::at(step, step.instruction.keyword_span, message).guess());
            }
        }
    }
}
