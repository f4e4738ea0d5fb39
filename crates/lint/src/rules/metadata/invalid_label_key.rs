//! # invalid-label-key
//!
//! ## What it does
//! Finds keys of labels outside of Docker's guidelines.
//!
//! ## Why is this bad?
//! Tools may not take them, and `com.docker.*`, `io.docker.*`, `org.dockerproject.*` are reserved.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! LABEL "my key"=1
//! ```
//! ```dockerfile good
//! FROM debian:12
//! LABEL org.example.my-key=1
//! ```
//!
//! ## Fix safety
//! No fix: somebody may read the label by its key.
//!
//! ## References
//! <https://docs.docker.com/engine/manage-resources/labels/>

use super::super::prelude::*;
use super::labels;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3048", "t:labels/valid-key"],
    ..RuleInfo::new(
        "invalid-label-key",
        Category::Metadata,
        Severity::Info,
        "a label's key is outside of the guidelines",
    )
};

const RESERVED: [&str; 3] = ["com.docker.", "io.docker.", "org.dockerproject."];

/// Reserved, and meant to be used by others.
const DOCUMENTED: [&str; 3] = ["com.docker.compose", "com.docker.extension", "com.docker.desktop"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Label) {
        for label in labels::of(sheet, step) {
            let key = &label.key;
            let edge = |symbol: Option<char>| {
                symbol.is_some_and(|symbol| symbol.is_ascii_lowercase() || symbol.is_ascii_digit())
            };
            let starts = key.starts_with(|symbol: char| symbol.is_ascii_lowercase());
            let upper = if sheet.is_hadolint() { key.clone() } else { key.to_ascii_lowercase() };
            let starts = starts || !sheet.is_hadolint() && key.starts_with(|symbol: char| symbol.is_ascii_alphabetic());
            let allowed = upper
                .chars()
                .all(|symbol| symbol.is_ascii_lowercase() || symbol.is_ascii_digit() || "._-/".contains(symbol));
            let doubled = ["..", "--"].iter().any(|pair| key.contains(pair));
            let reserved = RESERVED.iter().any(|prefix| key.starts_with(prefix))
                && !DOCUMENTED.iter().any(|prefix| key.starts_with(prefix));
            let slash = sheet.is_hadolint() && key.contains('/');
            if !starts || !edge(upper.chars().last()) || !allowed || doubled || reserved || slash {
                let why = if reserved { "is reserved" } else { "is outside of the guidelines for keys" };
                sink.push(Found::at(step, label.key_span, format!("`{key}` {why}")));
            }
        }
    }
}
