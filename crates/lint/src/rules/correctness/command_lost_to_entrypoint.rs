//! # command-lost-to-entrypoint
//!
//! ## What it does
//! Finds CMDs that are never used: beside an ENTRYPOINT in shell form, or of a base image whose CMD an ENTRYPOINT resets.
//!
//! ## Why is this bad?
//! `/bin/sh -c` gives its program no arguments: what CMD says is dropped without a word.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! ENTRYPOINT /usr/bin/app
//! CMD ["--port", "80"]
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ENTRYPOINT ["/usr/bin/app"]
//! CMD ["--port", "80"]
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ENTRYPOINT /usr/bin/app
//! ```
//!
//! ## Fix safety
//! No fix: exec form starts the program in another way.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    roles: Roles::SHIPPED,
    ..RuleInfo::new(
        "command-lost-to-entrypoint",
        Category::Correctness,
        Severity::Warning,
        "CMD is dropped because of how ENTRYPOINT is written",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.finals() {
        let Some(entrypoint) = sheet.last(stage.index, Keyword::Entrypoint) else { continue };
        let text = entrypoint.instruction.body.text.trim();
        let cmd = sheet.last(stage.index, Keyword::Cmd);
        let empty = |step: &&Step<'_>| matches!(&step.instruction.form, Form::Exec(words) if words.is_empty());
        let usual = sheet.distro(stage.index) != Distro::Windows && entrypoint.instruction.shell.is_none();
        let shell = entrypoint.instruction.form == Form::Shell && !text.is_empty() && usual;
        // A CMD of a stage below is reset by the ENTRYPOINT anyway.
        let lost =
            cmd.filter(|cmd| shell && !empty(cmd) && (cmd.stage == entrypoint.stage || cmd.index > entrypoint.index));
        if let Some(cmd) = lost {
            let message =
                format!("the ENTRYPOINT of line {} is in shell form, and drops this", entrypoint.instruction.line);
            sink.push(Found::stage(stage.index, cmd.instruction.body.span, message));
        }
        let base =
            sheet.base_config(stage.index).and_then(|config| config.cmd.as_ref()).filter(|words| !words.is_empty());
        if let Some(words) = base.filter(|_| cmd.is_none() && !text.is_empty()) {
            let message = format!("this resets the base image's CMD `{}`", words.join(" "));
            let found = Found::stage(stage.index, entrypoint.instruction.keyword_span, message);
            sink.push(found.severity(Severity::Info));
        }
    }
}
