//! # duplicate-stage-name
//!
//! ## What it does
//! Finds two stages with the same name, in any letter case.
//!
//! ## Why is this bad?
//! Which of them `--from` and `--target` mean depends on who reads the file.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12 AS base
//! FROM alpine:3.22 AS Base
//! ```
//! ```dockerfile good
//! FROM debian:12 AS base
//! FROM alpine:3.22 AS small
//! ```
//!
//! ## Fix safety
//! No fix: which of them was meant is not in the file.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/duplicate-stage-name/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DuplicateStageName", "DL3024", "DS-0012", "CKV_DOCKER_11", "DF042"],
    ..RuleInfo::new("duplicate-stage-name", Category::Correctness, Severity::Error, "two stages have the same name")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let stages = &sheet.graph.stages;
    for (at, stage) in stages.iter().enumerate().filter(|(_, stage)| stage.name.is_some()) {
        if stages[..at].iter().any(|earlier| earlier.name == stage.name) {
            let name = sheet.instructions().get(stage.from).and_then(|from| from.as_from()?.name);
            let Some(name) = name else { continue };
            sink.push(Found::file(name.span, format!("there is a stage `{}` already", name.raw)));
        }
    }
}
