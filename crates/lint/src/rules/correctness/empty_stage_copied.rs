//! # empty-stage-copied
//!
//! ## What it does
//! Finds copies from a stage that stands on nothing and puts nothing into itself.
//!
//! ## Why is this bad?
//! There is nothing to copy: the build fails.
//!
//! ## Example
//! ```dockerfile bad
//! FROM scratch AS files
//! LABEL a=b
//! FROM debian:12
//! COPY --from=files /a /a
//! ```
//! ```dockerfile good
//! FROM scratch AS files
//! COPY a /a
//! FROM debian:12
//! COPY --from=files /a /a
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/build/building/multi-stage/>

use jettison_dockerfile::stages::Source;

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:copy-from-empty-scratch-stage"],
    ..RuleInfo::new(
        "empty-stage-copied",
        Category::Correctness,
        Severity::Error,
        "there is nothing in the stage to copy",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Copy).filter(|step| !step.onbuild) {
        let Some(copy) = step.instruction.as_copy() else { continue };
        let Some(from) = copy.from else { continue };
        // All of nothing can be copied.
        if copy.sources.iter().all(|source| ["/", "/*", ".", "/."].contains(&source.raw.as_str())) {
            continue;
        }
        let Source::Stage(stage) = sheet.graph.source(from) else { continue };
        let fills = [Keyword::Copy, Keyword::Add, Keyword::Run, Keyword::Workdir];
        let filled = sheet.lineage(stage).any(|other| fills.contains(&other.keyword()));
        let context = sheet.settings.contexts.iter().any(|context| context.eq_ignore_ascii_case(from));
        if sheet.is_scratch(stage) && !filled && !context && Some(stage) < step.stage {
            let span = step.instruction.flag("from").map_or(step.instruction.keyword_span, |flag| flag.span);
            // A named build context may stand in its place.
            sink.push(Found::at(step, span, format!("`{from}` is empty")).likely());
        }
    }
}
