//! # instruction-before-from
//!
//! ## What it does
//! Finds instructions other than ARG above the first FROM, and files without a FROM.
//!
//! ## Why is this bad?
//! Nothing is built.
//!
//! ## Example
//! ```dockerfile bad
//! LABEL a=b
//! FROM debian:12
//! ```
//! ```dockerfile good
//! # a comment
//! ARG VERSION=12
//! FROM debian:$VERSION
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#from>

use super::super::prelude::*;
use super::refused;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3061", "DF037", "t:require-stages"],
    ..RuleInfo::new(
        "instruction-before-from",
        Category::Correctness,
        Severity::Error,
        "an instruction stands above the first FROM",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    refused::report(sheet, sink, RULE.id);
}
