//! # default-shell-relinked
//!
//! ## What it does
//! Finds RUNs that put another shell in the place of `/bin/sh`.
//!
//! ## Why is this bad?
//! Every script of the distribution gets another shell than it was written for. `SHELL` says what RUNs should use.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN ln -sf /bin/bash /bin/sh
//! ```
//! ```dockerfile good
//! FROM debian:12
//! SHELL ["/bin/bash", "-c"]
//! RUN ln -s /bin/sh /usr/local/bin/shell
//! ```
//!
//! ## Fix safety
//! No fix: programs in the image may have come to rely on it.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#shell>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL4005", "k:changing_default_shell_using_run_command"],
    ..RuleInfo::new(
        "default-shell-relinked",
        Category::Correctness,
        Severity::Warning,
        "/bin/sh is replaced where SHELL is meant",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls_of(Tool::Ln) {
        let arguments = Arguments::of(call);
        let is_shell = |arg: &&Arg<'_>| arg.text() == "/bin/sh";
        let replaced = if sheet.is_hadolint() {
            arguments.operands.iter().any(is_shell)
        } else {
            arguments.operands.last().is_some_and(is_shell) && arguments.operands.len() > 1
        };
        if replaced {
            sink.push(Found::at(step, call.span(), "this gives every script another shell; SHELL is for RUNs alone"));
        }
    }
}
