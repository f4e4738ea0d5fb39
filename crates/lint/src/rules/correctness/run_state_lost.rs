//! # run-state-lost
//!
//! ## What it does
//! Finds RUNs that do nothing but change the folder or set variables of their shell.
//!
//! ## Why is this bad?
//! Every RUN has a shell of its own: both are gone when it ends.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN cd /app
//! RUN make
//! ```
//! ```dockerfile bad
//! FROM debian:12
//! RUN export MODE=fast
//! ```
//! ```dockerfile good
//! FROM debian:12
//! WORKDIR /app
//! ENV MODE=fast
//! RUN export LEVEL=3 && make
//! ```
//!
//! ## Fix safety
//! Unsafe: WORKDIR and ENV hold for all that follows.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#workdir>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[Part::new("cd", &[]), Part::new("env", &[])],
    fix: FixKind::None,
    ..RuleInfo::new("run-state-lost", Category::Correctness, Severity::Warning, "what a RUN sets is gone when it ends")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        let Some(script) = step.understood() else { continue };
        let flat = script.is_flat() && !script.items.is_empty() && step.calls.len() == script.items.len();
        let all = |names: &[&str]| {
            flat && step.calls.iter().all(|call| {
                names.contains(&call.name) && call.simple.redirects.is_empty() && call.simple.substitutions.is_empty()
            })
        };
        let span = step.calls.first().map(Call::span).unwrap_or_default();
        if all(&["cd", "pushd"]) {
            sink.push(Found::at(step, span, "the folder is changed for this RUN alone; WORKDIR stays").part("cd"));
        } else if all(&["export", "alias", "ulimit", "source", ".", "umask"]) {
            let message = format!("what `{}` sets is gone when this RUN ends", step.calls[0].name);
            sink.push(Found::at(step, span, message).part("env"));
        }
    }
}
