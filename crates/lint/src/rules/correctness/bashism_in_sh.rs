//! # bashism-in-sh
//!
//! ## What it does
//! Finds what only bash understands in scripts that dash runs: `source`, `pushd`, `[[`, `<( )`, arrays.
//!
//! ## Why is this bad?
//! On Debian and Ubuntu `/bin/sh` is dash: the step fails, or does something else.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN source /etc/profile && make
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN . /etc/profile && make
//! ```
//! ```dockerfile good
//! FROM debian:12
//! SHELL ["/bin/bash", "-c"]
//! RUN source /etc/profile && make
//! ```
//! ```dockerfile good
//! FROM alpine:3.22
//! RUN source /etc/profile && make
//! ```
//!
//! ## Fix safety
//! Safe for `source` with a path: dash has no such command, so that the step could only fail.
//!
//! ## References
//! <https://wiki.ubuntu.com/DashAsBinSh>

use jettison_dockerfile::shell::PartKind;

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DF066"],
    fix: FixKind::Safe,
    ..RuleInfo::new("bashism-in-sh", Category::Correctness, Severity::Warning, "only bash understands this")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run).filter(|step| is_dash(sheet, step)) {
        for call in step.calls.iter().filter(|call| call.place.script == 0) {
            let process = call.args.iter().flat_map(|arg| &arg.word.parts).find(|part| part.kind == PartKind::Process);
            if let Some(part) = process {
                sink.push(Found::at(step, part.span, "only bash understands `<( )`; /bin/sh is dash here").likely());
            } else if ["source", "pushd", "popd", "shopt", "declare", "[["].contains(&call.name_word.raw.as_str()) {
                let message = format!("only bash understands `{}`; /bin/sh is dash here", call.name);
                let path = call.is("source") && call.args.len() == 1 && call.args[0].text().contains('/');
                let edits = if path { vec![Edit::replace(call.name_word.span, ".")] } else { Vec::new() };
                sink.push(Found::at(step, call.name_word.span, message).likely().safe("use `.`", edits));
            }
        }
    }
}

/// Whether dash runs the step: Debian's and Ubuntu's /bin/sh, and nothing else said.
fn is_dash(sheet: &Sheet<'_>, step: &Step<'_>) -> bool {
    let Some(stage) = step.stage.filter(|_| step.shell().is_none()) else { return false };
    let debian = matches!(sheet.distro(stage), Distro::Debian | Distro::Ubuntu);
    let heredoc = step.instruction.heredocs.iter().any(|heredoc| sheet.text(heredoc.body).starts_with("#!"))
        || !step.instruction.heredocs.is_empty();
    // Somebody may have put bash in its place.
    let relinked = sheet.lineage(stage).take_while(|other| other.index <= step.index).any(|other| {
        let text = sheet.text(other.instruction.span);
        text.contains("/bin/sh") && (text.contains("ln ") || text.contains("mv ") || text.contains("rm "))
            || text.contains("dpkg-reconfigure")
    });
    debian && !heredoc && !relinked
}
