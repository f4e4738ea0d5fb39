//! # moving-download
//!
//! ## What it does
//! Finds downloads of whatever is newest: `/latest/`, `/master/`, `/nightly/`.
//!
//! ## Why is this bad?
//! Another day builds another image, and the cache keeps the old one for as long as it likes.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN curl -fsSLO https://example.com/tool/releases/latest/download/tool
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN curl -fsSLO https://example.com/tool/releases/download/v1.2.3/tool
//! ```
//!
//! ## Fix safety
//! No fix: the version is not in the file.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#leverage-build-cache>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo =
    RuleInfo::new("moving-download", Category::Reproducibility, Severity::Warning, "a download is whatever is newest");

const MOVING: [&str; 7] = ["/latest/", "/master/", "/main/", "/nightly/", "/HEAD/", "/latest.", "-latest."];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls().filter(|(_, call)| matches!(call.tool, Some(Tool::Curl | Tool::Wget))) {
        let url = call.args.iter().find(|arg| arg.word.raw.contains("://"));
        let Some(url) = url else { continue };
        if let Some(part) =
            MOVING.iter().find(|part| url.word.raw.contains(**part) || url.word.raw.ends_with("/latest"))
        {
            let part = part.trim_matches(['/', '.', '-']);
            sink.push(Found::at(step, url.span(), format!("`{part}` is another file every few weeks")).likely());
        }
    }
    for step in sheet.of(Keyword::Add) {
        for source in step.instruction.as_copy().map(|copy| copy.sources).unwrap_or_default() {
            if source.raw.contains("://") && MOVING.iter().any(|part| source.raw.contains(part)) {
                sink.push(Found::at(step, source.span, "this is another file every few weeks").likely());
            }
        }
    }
}
