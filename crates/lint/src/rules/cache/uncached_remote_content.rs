//! # uncached-remote-content
//!
//! ## What it does
//! Finds arguments that exist only to make the cache useless (`CACHEBUST`), where ADD asks the server itself.
//!
//! ## Why is this bad?
//! Everything below is built anew each time. `ADD https://…` and `ADD repository.git` build anew when the content is another,
//! and only then.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! ARG CACHEBUST=1
//! RUN git clone https://example.com/app.git /app
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ADD https://example.com/app.git#v1.2.3 /app
//! ```
//!
//! ## Fix safety
//! No fix: ADD has no login and no submodules of its own.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#add>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo::new(
    "uncached-remote-content",
    Category::Cache,
    Severity::Info,
    "the cache is defeated on purpose, where ADD would ask for what is new",
);

const NAMES: [&str; 7] =
    ["CACHEBUST", "CACHE_BUST", "CACHEBUSTER", "CACHE_BUSTER", "CACHE_DATE", "BUST_CACHE", "CACHE_KEY_DATE"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Arg).filter(|step| !step.onbuild) {
        let Some(stage) = step.stage else { continue };
        let pairs = step.instruction.pairs();
        let Some(pair) = pairs.iter().find(|pair| NAMES.contains(&pair.raw_key.to_ascii_uppercase().as_str())) else {
            continue;
        };
        let below =
            sheet.stage_steps(stage).filter(|other| other.index > step.index && other.keyword() == Keyword::Run);
        let fetch = below.flat_map(|other| &other.calls).find(|call| match call.tool {
            Some(Tool::Git) => call.verb() == Some("clone"),
            Some(Tool::Curl | Tool::Wget) => true,
            _ => false,
        });
        if let Some(call) = fetch {
            let message = format!("`{}` builds everything below anew each time, for `{}`", pair.raw_key, call.name);
            sink.push(Found::at(step, pair.span, message).guess());
        }
    }
}
