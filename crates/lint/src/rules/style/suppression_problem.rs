//! # suppression-problem
//!
//! ## What it does
//! Finds comments that allow what is not there, rules that do not exist, and permissions whose time is over.
//!
//! ## Why is this bad?
//! They hide what comes later, or hide nothing while everybody believes they do.
//!
//! ## Example
//! ```dockerfile bad also:latest-tag
//! FROM debian:12
//! # jettison: allow=latest-tag we like it
//! RUN id
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN id
//! ```
//! ```dockerfile good also:latest-tag
//! # jettison: allow=latest-tag we follow it on purpose
//! FROM debian:latest
//! ```
//!
//! ## Fix safety
//! Safe: the comment has no effect.
//!
//! ## References
//! <https://github.com/hadolint/hadolint#ignoring-rules>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[
        Part::new("unused", &[]),
        Part::new("unknown", &[]),
        Part::new("expired", &[]).severity(Severity::Warning),
        Part::new("no-reason", &[]),
        Part::new("forbidden", &["DL1001"]).off(),
    ],
    fix: FixKind::Safe,
    ..RuleInfo::new("suppression-problem", Category::Style, Severity::Info, "a comment that silences findings is wrong")
};

/// The runner knows what is silenced: it asks the comments themselves.
pub(super) fn check(_: &Sheet<'_>, _: &mut Sink<'_>) {}
