//! # invalid-flag
//!
//! ## What it does
//! Finds flags that an instruction does not have, and values that a flag does not take.
//!
//! ## Why is this bad?
//! Nothing is built.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! COPY --chwon=1000 a /a
//! ```
//! ```dockerfile good
//! FROM debian:12
//! COPY --chown=1000 --link --exclude=*.md a /a
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/>

use super::super::prelude::*;
use super::refused;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["da:RunInvalidNetworkFlag", "da:RunInvalidSecurityFlag", "da:FromInvalidPlatform"],
    ..RuleInfo::new("invalid-flag", Category::Correctness, Severity::Error, "a flag or its value is not allowed here")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    refused::report(sheet, sink, RULE.id);
}
