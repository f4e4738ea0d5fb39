//! # redundant-target-platform
//!
//! ## What it does
//! Finds `FROM --platform=$TARGETPLATFORM`.
//!
//! ## Why is this bad?
//! It is what a FROM without the flag does.
//!
//! ## Example
//! ```dockerfile bad
//! FROM --platform=$TARGETPLATFORM debian:12
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! ```
//! ```dockerfile good
//! FROM --platform=$BUILDPLATFORM debian:12
//! ```
//!
//! ## Fix safety
//! Safe: the same image is used.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/redundant-target-platform/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["RedundantTargetPlatform", "DL3065"],
    fix: FixKind::Safe,
    ..RuleInfo::new(
        "redundant-target-platform",
        Category::Correctness,
        Severity::Info,
        "--platform says what holds without it",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let Some(flag) = sheet.instructions().get(stage.from).and_then(|from| from.flag("platform")) else { continue };
        let redundant = ["$TARGETPLATFORM", "${TARGETPLATFORM}"].contains(&flag.value.as_deref().unwrap_or_default());
        // An ARG of that name may hold something else.
        if redundant && !is_declared(sheet) {
            let edit = jettison_dockerfile::edit::remove_flag(sheet.dockerfile, stage.from, "platform");
            let found = Found::stage(stage.index, flag.span, "this is what a FROM without the flag does");
            sink.push(found.safe("remove the flag", edit.into_iter().collect()));
        }
    }
}

fn is_declared(sheet: &Sheet<'_>) -> bool {
    let globals = sheet.of(Keyword::Arg).filter(|step| step.stage.is_none());
    globals
        .flat_map(|step| step.instruction.pairs())
        .any(|pair| pair.raw_key == "TARGETPLATFORM" && pair.value.is_some())
}
