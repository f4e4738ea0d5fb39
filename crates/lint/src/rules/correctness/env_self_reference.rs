//! # env-self-reference
//!
//! ## What it does
//! Finds an ENV that reads a variable which the same ENV introduces.
//!
//! ## Why is this bad?
//! All values of one ENV are put in before the first is set: the variable is empty.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! ENV APP=/app APP_BIN=$APP/bin
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ENV APP=/app
//! ENV APP_BIN=$APP/bin PATH=/x:$PATH
//! ```
//!
//! ## Fix safety
//! No fix: programs may rely on what the value has been so far.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#environment-replacement>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3044", "DF062"],
    ..RuleInfo::new(
        "env-self-reference",
        Category::Correctness,
        Severity::Warning,
        "an ENV reads a variable that it introduces itself",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Env) {
        let pairs = step.instruction.pairs();
        for pair in &pairs {
            let Some(value) = &pair.value else { continue };
            let read = jettison_dockerfile::expand::variables(value, sheet.dockerfile.escape());
            let new = pairs.iter().find(|other| {
                let known = |name: &str| step.state.variables.contains_key(name) || step.state.unknown.contains(name);
                // With a default of its own it may be unset.
                let optional =
                    [":-", "-", ":+", "+"].iter().any(|sign| value.contains(&format!("${{{}{sign}", other.key)));
                let before = known(other.key.as_str()) || optional;
                other.key != pair.key.as_str() && read.contains(other.key.as_str()) && !before && other.key != "PATH"
            });
            if let Some(new) = new {
                let message = format!("`{}` is not set yet: this ENV sets it only afterwards", new.key);
                sink.push(Found::at(step, pair.value_span.unwrap_or(pair.span), message));
            }
        }
    }
}
