//! # invalid-healthcheck-option
//!
//! ## What it does
//! Finds durations and retries of HEALTHCHECK that cannot be, unknown types, and `NONE` with arguments.
//!
//! ## Why is this bad?
//! Nothing is built.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! HEALTHCHECK --interval=5 CMD true
//! ```
//! ```dockerfile good
//! FROM debian:12
//! HEALTHCHECK --interval=5s CMD true
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#healthcheck>

use super::super::prelude::*;
use super::refused;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["da:HealthcheckIntervalInvalid", "da:HealthcheckTimeoutInvalid"],
    ..RuleInfo::new(
        "invalid-healthcheck-option",
        Category::Correctness,
        Severity::Error,
        "an option of HEALTHCHECK cannot be",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    refused::report(sheet, sink, RULE.id);
}
