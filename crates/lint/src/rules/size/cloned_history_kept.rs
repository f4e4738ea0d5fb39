//! # cloned-history-kept
//!
//! ## What it does
//! Finds `git clone` of a whole history into a shipped layer.
//!
//! ## Why is this bad?
//! Every version that ever was ships, where one is needed.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN git clone https://example.com/app.git
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN git clone --depth 1 --branch v1 https://example.com/app.git
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN git clone https://example.com/app.git && cd app && make && rm -rf .git
//! ```
//!
//! ## Fix safety
//! No fix: a later checkout may need the history.
//!
//! ## References
//! <https://git-scm.com/docs/git-clone>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    roles: Roles::SHIPPED,
    ..RuleInfo::new("cloned-history-kept", Category::Size, Severity::Info, "a whole git history ships")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        for (at, call) in step.calls.iter().enumerate().filter(|(_, call)| call.tool == Some(Tool::Git)) {
            let arguments = Arguments::of(call);
            let shallow = arguments.has(&["--depth", "--filter", "--shallow-since", "--mirror", "--bare"]);
            if !arguments.does(&["clone"]) || shallow {
                continue;
            }
            let name = arguments.rest().last().map(|arg| arg.text()).unwrap_or_default();
            let name = name.trim_end_matches('/').rsplit('/').next().unwrap_or_default().trim_end_matches(".git");
            let removed = step.calls.iter().skip(at + 1).filter(|other| other.tool == Some(Tool::Rm)).any(|other| {
                other.args.iter().any(|arg| {
                    let path = arg.value.as_deref().unwrap_or(&arg.word.raw).trim_end_matches('/');
                    path.ends_with(".git") || !name.is_empty() && path.rsplit('/').next() == Some(name)
                })
            });
            let needs = step.calls.iter().skip(at + 1).any(|other| {
                other.tool == Some(Tool::Git)
                    && ["checkout", "describe", "reset", "log"].contains(&other.verb().unwrap_or_default())
            });
            if !removed && !needs && !step.mounts_over("/tmp") {
                sink.push(Found::at(step, call.span(), "the whole history of the repository ships").likely());
            }
        }
    }
}
