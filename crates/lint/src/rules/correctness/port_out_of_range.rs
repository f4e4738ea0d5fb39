//! # port-out-of-range
//!
//! ## What it does
//! Finds ports in EXPOSE that no port can be.
//!
//! ## Why is this bad?
//! Nothing is built.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! EXPOSE 80000
//! ```
//! ```dockerfile good
//! FROM debian:12
//! EXPOSE 8000-8010/udp
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#expose>

use super::super::prelude::*;
use super::refused;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3011", "DS-0008", "DF040", "DD038"],
    ..RuleInfo::new("port-out-of-range", Category::Correctness, Severity::Error, "EXPOSE names what is no port")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    refused::report(sheet, sink, RULE.id);
}
