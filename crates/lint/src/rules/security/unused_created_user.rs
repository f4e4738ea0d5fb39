//! # unused-created-user
//!
//! ## What it does
//! Finds users that a final image creates and never becomes.
//!
//! ## Why is this bad?
//! The image looks as if it ran without root, and does not.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN useradd app
//! CMD ["app"]
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN useradd app
//! USER app
//! CMD ["app"]
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN useradd app
//! ENTRYPOINT ["gosu", "app", "app"]
//! ```
//!
//! ## Fix safety
//! No fix: what the program may do as that user is not in the file.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#user>

use super::super::prelude::*;
use super::root_final_user::drops;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:user-created-but-never-used"],
    roles: Roles::FINAL,
    ..RuleInfo::new("unused-created-user", Category::Security, Severity::Warning, "a user is created and never used")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.finals() {
        let steps: Vec<&Step<'_>> = sheet.lineage(stage.index).collect();
        let becomes = steps.iter().any(|step| step.keyword() == Keyword::User);
        let script = steps.iter().any(|step| {
            let entry = [Keyword::Entrypoint, Keyword::Cmd].contains(&step.keyword());
            let text = step.instruction.body.text.as_str();
            entry
                && [".sh", "entrypoint", "supervisord", "su ", "sudo", "/init", "systemd"]
                    .iter()
                    .any(|sign| text.contains(sign))
        });
        if becomes || script || drops(sheet, stage.index) {
            continue;
        }
        let own = steps.iter().filter(|step| step.stage == Some(stage.index) && step.keyword() == Keyword::Run);
        for (step, call) in own.flat_map(|step| step.calls.iter().map(move |call| (step, call))) {
            let system = call.args.iter().any(|arg| ["-r", "--system", "-S"].contains(&arg.text()));
            let creates = ["useradd", "adduser"].contains(&call.name) && !system;
            let name = call.args.last().map(Arg::text).unwrap_or_default();
            if creates && !call.place.conditional {
                sink.push(Found::at(step, call.span(), format!("the image never becomes `{name}`")).likely());
                break;
            }
        }
    }
}
