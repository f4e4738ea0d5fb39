//! # unparsable-dockerfile
//!
//! ## What it does
//! Finds what the builder refuses: missing arguments, bad quoting, a here-document that does not end.
//!
//! ## Why is this bad?
//! Nothing is built.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! ENV PATH
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ENV PATH=/usr/bin
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
    aliases: &["DL1000"],
    ..RuleInfo::new("unparsable-dockerfile", Category::Correctness, Severity::Error, "the builder refuses the file")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    refused::report(sheet, sink, RULE.id);
}
