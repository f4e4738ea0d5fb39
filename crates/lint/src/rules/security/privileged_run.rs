//! # privileged-run
//!
//! ## What it does
//! Finds RUNs with `--security=insecure` or `--network=host`.
//!
//! ## Why is this bad?
//! The step can reach the machine that builds.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN --network=host make
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN --network=none make
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#run---security>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DD060"],
    ..RuleInfo::new("privileged-run", Category::Security, Severity::Warning, "a step can reach the machine that builds")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        for (name, value) in [("security", "insecure"), ("network", "host")] {
            let flag = step.instruction.flag(name).filter(|flag| flag.value.as_deref() == Some(value));
            if let Some(flag) = flag {
                sink.push(Found::at(
                    step,
                    flag.span,
                    format!("`--{name}={value}` lets the step reach the machine that builds"),
                ));
            }
        }
    }
}
