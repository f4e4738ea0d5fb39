//! # moving-git-source
//!
//! ## What it does
//! Finds `git clone` of a default branch without a checkout of a tag or commit.
//!
//! ## Why is this bad?
//! Another day builds another image, and the cache keeps the old one for as long as it likes.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN git clone --depth 1 https://example.com/app.git
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN git clone --depth 1 --branch v1.2.3 https://example.com/app.git
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN git clone https://example.com/app.git && cd app && git checkout 0123abc
//! ```
//!
//! ## Fix safety
//! No fix: the version is not in the file.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#add>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo =
    RuleInfo::new("moving-git-source", Category::Reproducibility, Severity::Info, "a clone is whatever is newest");

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        for (at, call) in step.calls.iter().enumerate().filter(|(_, call)| call.tool == Some(Tool::Git)) {
            let arguments = Arguments::of(call);
            let branch = arguments.value(&["-b", "--branch"]);
            let moving = branch.is_none_or(|branch| ["master", "main", "develop", "dev", "trunk"].contains(&branch));
            let later = step.calls.iter().skip(at + 1);
            let settled = later
                .filter(|other| other.tool == Some(Tool::Git))
                .any(|other| ["checkout", "reset", "switch", "fetch"].contains(&Arguments::of(other).verb()));
            if arguments.does(&["clone"]) && moving && !settled && !arguments.unknown {
                sink.push(Found::at(step, call.span(), "the clone is whatever the branch is that day").likely());
            }
        }
    }
}
