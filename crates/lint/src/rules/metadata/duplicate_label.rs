//! # duplicate-label
//!
//! ## What it does
//! Finds labels that a stage sets twice.
//!
//! ## Why is this bad?
//! Only the last one counts.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! LABEL version=1
//! LABEL version=2
//! ```
//! ```dockerfile good
//! FROM debian:12
//! LABEL version=1 vendor=me
//! ```
//!
//! ## Fix safety
//! No fix: which of them was meant is not in the file.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#label>

use super::super::prelude::*;
use super::labels;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:labels/no-duplicate-keys"],
    ..RuleInfo::new("duplicate-label", Category::Metadata, Severity::Info, "a label is set twice")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let mut seen: Vec<String> = Vec::new();
        for step in sheet.stage_steps(stage.index).filter(|step| step.keyword() == Keyword::Label && !step.onbuild) {
            for label in labels::of(sheet, step) {
                if seen.contains(&label.key) {
                    sink.push(Found::at(step, label.key_span, format!("`{}` has a value already", label.key)));
                }
                seen.push(label.key);
            }
        }
    }
}
