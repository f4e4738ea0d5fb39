//! # unverified-remote-add
//!
//! ## What it does
//! Finds ADD of remote files without a checksum.
//!
//! ## Why is this bad?
//! What is built is whatever the server sends that day.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! ADD https://example.com/tool.tar.gz /opt/
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 https://example.com/t /t
//! ```
//!
//! ## Fix safety
//! No fix: the checksum is not in the file.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#add---checksum>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DD059"],
    ..RuleInfo::new(
        "unverified-remote-add",
        Category::Security,
        Severity::Info,
        "a remote file is added without a checksum",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Add) {
        let Some(copy) = step.instruction.as_copy().filter(|copy| copy.checksum.is_none()) else { continue };
        for source in &copy.sources {
            let git = source.raw.ends_with(".git") || source.raw.contains(".git#") || source.raw.starts_with("git@");
            if source.raw.starts_with("http") && source.raw.contains("://") && !git {
                sink.push(Found::at(step, source.span, "nothing says what this file must be: it has no checksum"));
            }
        }
    }
}
