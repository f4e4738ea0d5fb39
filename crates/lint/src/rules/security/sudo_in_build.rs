//! # sudo-in-build
//!
//! ## What it does
//! Finds `sudo` in RUN.
//!
//! ## Why is this bad?
//! RUN is root unless USER says otherwise; sudo changes terminals and signals in ways nobody expects.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN sudo make install
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN make install
//! ```
//! ```dockerfile good
//! FROM debian:12
//! USER root
//! RUN make install
//! ```
//!
//! ## Fix safety
//! Unsafe: sudo also resets the environment. Offered only where the user in force is root and sudo has no options.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#user>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3004", "DS-0010", "CKV2_DOCKER_1", "DF010", "DD021"],
    fix: FixKind::Unsafe,
    ..RuleInfo::new("sudo-in-build", Category::Security, Severity::Warning, "sudo is called in a build")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls() {
        let own = call.is("sudo").then_some(call.name_word);
        let sudo = own.or_else(|| call.wrappers.iter().find(|word| word.raw == "sudo" || word.raw == "/usr/bin/sudo"));
        let Some(sudo) = sudo else { continue };
        let user = step.state.user.as_deref();
        let root = user.is_some_and(|user| ["root", "0"].contains(&user))
            || user.is_none() && step.stage.is_some_and(|stage| sheet.distro(stage) != Distro::Unknown);
        let plain = call.wrappers.first() == Some(sudo) && call.wrappers.len() == 1;
        let edits = if root && plain {
            vec![Edit::delete(Span { start: sudo.span.start, end: call.name_word.span.start })]
        } else {
            Vec::new()
        };
        let gap = edits.first().is_none_or(|edit| !sheet.text(edit.span).contains('\n'));
        let found = Found::at(step, sudo.span, "`sudo` in a build: USER says who runs a step");
        let found = if user.is_some() && !root { found.severity(Severity::Info) } else { found };
        sink.push(found.risky("leave sudo out", if gap { edits } else { Vec::new() }));
    }
}
