//! # too-many-layers
//!
//! ## What it does
//! Finds final images with so many layers that builders and engines refuse one more.
//!
//! ## Why is this bad?
//! The storage drivers end at 127 layers, those of the base included.
//!
//! ## Example
//! ```dockerfile bad layers:130
//! FROM debian:12
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN true
//! ```
//!
//! ## Fix safety
//! No fix: see `consecutive-runs`.
//!
//! ## References
//! <https://docs.docker.com/engine/storage/drivers/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DD064"],
    roles: Roles::FINAL,
    ..RuleInfo::new("too-many-layers", Category::Correctness, Severity::Warning, "the image has too many layers")
};

/// Layers of a base of which nothing is known.
const BASE: usize = 10;

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.finals() {
        let adds = [Keyword::Run, Keyword::Copy, Keyword::Add, Keyword::Workdir];
        let own = sheet.lineage(stage.index).filter(|step| adds.contains(&step.keyword()) && !step.onbuild);
        let base = match sheet.base_config(stage.index) {
            Some(config) => config.diff_ids.len(),
            None if sheet.is_scratch(stage.index) => 0,
            None => BASE,
        };
        let (count, last) = own.fold((0, None), |(count, _), step| (count + 1, Some(step)));
        let Some(step) = last.filter(|_| count + base >= 100) else { continue };
        let about = if sheet.base_config(stage.index).is_some() { "" } else { "about " };
        let message = format!("the image has {about}{} layers: 127 is where it ends", count + base);
        let found = Found::stage(stage.index, step.instruction.keyword_span, message);
        sink.push(if count >= 127 { found.severity(Severity::Error) } else { found.likely() });
    }
}
