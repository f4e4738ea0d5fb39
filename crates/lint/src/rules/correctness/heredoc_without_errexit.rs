//! # heredoc-without-errexit
//!
//! ## What it does
//! Finds a RUN whose here-document is a script of several commands without `set -e`.
//!
//! ## Why is this bad?
//! Only the last command decides whether the step fails: what fails before it is cached as good.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN <<EOF
//! make
//! make install
//! EOF
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN <<EOF
//! set -e
//! make
//! make install
//! EOF
//! ```
//! ```dockerfile good
//! FROM debian:12
//! SHELL ["/bin/bash", "-e", "-c"]
//! RUN <<EOF
//! make
//! make install
//! EOF
//! ```
//!
//! ## Fix safety
//! Unsafe: a command may have failed so far without anybody minding.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#here-documents>

use jettison_dockerfile::shell::Join;

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "heredoc-without-errexit",
        Category::Correctness,
        Severity::Warning,
        "a here-document goes on after a command failed",
    )
};

/// Commands that do not fail.
const SURE: [&str; 9] = ["echo", "printf", "true", ":", "set", "export", "unset", "exit", "umask"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run).filter(|step| step.instruction.heredocs.len() == 1) {
        let heredoc = &step.instruction.heredocs[0];
        let Some(script) = step.understood() else { continue };
        if !script.items.first().is_some_and(|item| heredoc.body.contains(item.span)) || script.items.len() < 2 {
            continue;
        }
        let goes_on = script.items.iter().skip(1).any(|item| item.join == Join::Then);
        let last = script.items.len() - 1;
        let masked = step.calls.iter().find(|call| {
            let options = call.simple.options;
            let next = script.items.get(call.place.item + 1);
            let alone = next.is_some_and(|next| next.join == Join::Then);
            let risky = call.place.top
                && call.place.script == 0
                && call.place.item < last
                && alone
                && !SURE.contains(&call.name);
            risky && options.errexit == Some(false)
        });
        let Some(call) = masked.filter(|_| goes_on) else { continue };
        let found = Found::at(step, call.span(), "the script goes on when this fails: it has no `set -e`");
        let body = sheet.text(heredoc.body);
        let plain = !body.starts_with("#!") && sheet.dockerfile.line_end() == "\n";
        let edits = if plain { vec![Edit::insert(heredoc.body.start as usize, "set -e\n")] } else { Vec::new() };
        sink.push(found.risky("begin with set -e", edits));
    }
}
