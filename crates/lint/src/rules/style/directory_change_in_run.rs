//! # directory-change-in-run
//!
//! ## What it does
//! Finds RUNs that begin with `cd /somewhere`.
//!
//! ## Why is this bad?
//! WORKDIR says the same, and says it for the steps that follow. Off by default.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN cd /usr/src/app && make
//! ```
//! ```dockerfile good
//! FROM debian:12
//! WORKDIR /usr/src/app
//! RUN make && (cd docs && make)
//! ```
//!
//! ## Fix safety
//! No fix: later steps would run in that folder too.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#workdir>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3003", "DS-0013", "DF008", "DD045", "k:run_command_cd_instead_of_workdir"],
    on_by_default: false,
    ..RuleInfo::new("directory-change-in-run", Category::Style, Severity::Info, "cd is used where WORKDIR is meant")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        let changes: Vec<&Call<'_>> = step.calls.iter().filter(|call| call.is("cd")).collect();
        let found = if sheet.is_hadolint() {
            changes.first().copied()
        } else {
            let leading = changes.first().filter(|call| call.place.top && call.place.item == 0);
            let absolute =
                leading.filter(|call| call.args.first().is_some_and(|arg| arg.literal && arg.text().starts_with('/')));
            absolute.filter(|_| changes.len() == 1).copied()
        };
        if let Some(call) = found {
            sink.push(Found::at(step, call.span(), "`cd` is gone after this RUN; WORKDIR stays"));
        }
    }
}
