//! # unsuitable-stopsignal
//!
//! ## What it does
//! Finds signals in STOPSIGNAL that do not exist, that end a program at once, or that are spelled unusually.
//!
//! ## Why is this bad?
//! `SIGKILL` leaves a program no time to finish; a signal that does not exist stops the build.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! STOPSIGNAL SIGKILL
//! ```
//! ```dockerfile bad
//! FROM debian:12
//! STOPSIGNAL QUIT
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! STOPSIGNAL SIGQUIT
//! ```
//! ```dockerfile good
//! FROM debian:12
//! STOPSIGNAL SIGTERM
//! ```
//!
//! ## Fix safety
//! Safe: the same signal with its usual name.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#stopsignal>

use super::super::prelude::*;
use super::refused;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[
        Part::new("invalid", &["DD079"]).severity(Severity::Error),
        Part::new("ungraceful", &["t:no-ungraceful-stopsignal"]),
        Part::new("spelling", &["t:prefer-canonical-stopsignal"]).severity(Severity::Info),
    ],
    fix: FixKind::Safe,
    ..RuleInfo::new(
        "unsuitable-stopsignal",
        Category::Correctness,
        Severity::Warning,
        "the stop signal is not a good one",
    )
};

const NAMES: [(&str, &str); 9] = [
    ("1", "SIGHUP"),
    ("2", "SIGINT"),
    ("3", "SIGQUIT"),
    ("9", "SIGKILL"),
    ("10", "SIGUSR1"),
    ("12", "SIGUSR2"),
    ("15", "SIGTERM"),
    ("19", "SIGSTOP"),
    ("28", "SIGWINCH"),
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    refused::report(sheet, sink, RULE.id);
    for step in sheet.of(Keyword::Stopsignal) {
        let Some(word) = step.instruction.words.first() else { continue };
        let upper = word.raw.to_ascii_uppercase();
        let known = NAMES
            .iter()
            .find(|(number, name)| upper == *number || upper == *name || name.strip_prefix("SIG") == Some(&upper));
        let Some((_, name)) = known else { continue };
        if ["SIGKILL", "SIGSTOP"].contains(name) {
            let message = format!("`{}` leaves the program no time to finish", word.raw);
            sink.push(Found::at(step, word.span, message).part("ungraceful"));
        } else if word.raw != *name {
            let found =
                Found::at(step, word.span, format!("`{}` is usually written `{name}`", word.raw)).part("spelling");
            sink.push(found.safe("write its name", vec![Edit::replace(word.span, *name)]));
        }
    }
}
