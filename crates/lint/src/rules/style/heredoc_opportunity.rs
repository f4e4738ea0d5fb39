//! # heredoc-opportunity
//!
//! ## What it does
//! Finds RUNs of five commands and more that are chained with `&&`, which a here-document writes one a line.
//!
//! ## Why is this bad?
//! A script without backslashes is easier to read and to change.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN mkdir /a && touch /a/1 && touch /a/2 && touch /a/3 && chmod 700 /a
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN <<SCRIPT
//! set -e
//! mkdir /a
//! touch /a/1
//! SCRIPT
//! ```
//!
//! ## Fix safety
//! No fix: what fails inside of a list behaves otherwise.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#here-documents>

use jettison_dockerfile::shell::Join;

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:prefer-run-heredoc", "t:prefer-copy-heredoc"],
    on_by_default: false,
    ..RuleInfo::new("heredoc-opportunity", Category::Style, Severity::Info, "a here-document would read better")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run).filter(|step| step.instruction.heredocs.is_empty() && !step.onbuild) {
        let Some(script) = step.understood().filter(|script| script.items.len() >= 5 && script.is_flat()) else {
            continue;
        };
        if script.items.iter().skip(1).all(|item| item.join == Join::And) {
            let message = format!("{} commands in one list: a here-document writes one a line", script.items.len());
            sink.push(Found::at(step, step.instruction.keyword_span, message));
        }
    }
}
