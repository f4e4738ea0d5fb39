//! # required-label-missing
//!
//! ## What it does
//! Finds final images without a label that your policy requires.
//!
//! ## Why is this bad?
//! Whoever finds the image cannot tell what it is.
//!
//! ## Example
//! ```dockerfile bad label:maintainer:text
//! FROM debian:12
//! ```
//! ```dockerfile good label:maintainer:text
//! FROM debian:12 AS base
//! LABEL maintainer=me
//! FROM base
//! ```
//!
//! ## Fix safety
//! No fix: the value is not in the file.
//!
//! ## References
//! <https://github.com/opencontainers/image-spec/blob/main/annotations.md>

use super::super::prelude::*;
use super::labels;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3049"],
    roles: Roles::FINAL,
    on_by_default: false,
    ..RuleInfo::new("required-label-missing", Category::Metadata, Severity::Info, "a required label is missing")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.finals() {
        let steps = sheet.lineage(stage.index).filter(|step| step.keyword() == Keyword::Label && !step.onbuild);
        let present: Vec<String> = steps.flat_map(|step| labels::of(sheet, step)).map(|label| label.key).collect();
        for key in sheet.settings.labels.keys().filter(|key| !present.contains(key)) {
            sink.push(Found::stage(stage.index, sheet.span_of_from(stage.index), format!("label `{key}` is missing")));
        }
    }
}
