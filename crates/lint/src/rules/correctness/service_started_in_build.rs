//! # service-started-in-build
//!
//! ## What it does
//! Finds services that a RUN starts as its last act.
//!
//! ## Why is this bad?
//! Processes end with the RUN; the image starts what CMD says.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN service nginx start
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN service postgresql start && createdb app && service postgresql stop
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/engine/containers/multi-service_container/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo::new(
    "service-started-in-build",
    Category::Correctness,
    Severity::Warning,
    "a service ends with the RUN that starts it",
);

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        let Some(call) = step.calls.last() else { continue };
        let words: Vec<&str> = call.args.iter().map(Arg::text).collect();
        let starts = match call.name {
            "service" | "rc-service" => ["start", "restart"].contains(words.get(1).unwrap_or(&"")),
            "systemctl" => ["start", "restart"].contains(words.first().unwrap_or(&"")),
            _ => {
                call.name_word.raw.starts_with("/etc/init.d/")
                    && ["start", "restart"].contains(words.first().unwrap_or(&""))
            }
        };
        if starts && !call.place.conditional {
            sink.push(Found::at(step, call.span(), "what this starts ends with the RUN"));
        }
    }
}
