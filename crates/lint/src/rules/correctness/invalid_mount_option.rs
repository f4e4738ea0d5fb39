//! # invalid-mount-option
//!
//! ## What it does
//! Finds `--mount` fields that the mount's type does not have, and values that a field does not take.
//!
//! ## Why is this bad?
//! Nothing is built.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN --mount=type=cache,target=/c,sharing=always make
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN --mount=sharing=locked,dst=/c,type=cache make
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#run---mount>

use super::super::prelude::*;
use super::refused;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["da:RunInvalidMountFlag"],
    ..RuleInfo::new(
        "invalid-mount-option",
        Category::Correctness,
        Severity::Error,
        "a mount has a field it cannot have",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    refused::report(sheet, sink, RULE.id);
}
