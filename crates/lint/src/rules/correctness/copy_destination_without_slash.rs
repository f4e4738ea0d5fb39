//! # copy-destination-without-slash
//!
//! ## What it does
//! Finds COPY with several sources and a destination that does not end in `/`.
//!
//! ## Why is this bad?
//! The builder refuses it: several things cannot become one file.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! COPY a b /srv
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! COPY a b /srv/
//! ```
//! ```dockerfile good
//! FROM debian:12
//! WORKDIR /srv
//! COPY a b ./
//! COPY a b .
//! ```
//!
//! ## Fix safety
//! Safe: without the slash the build only fails.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#copy>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3021", "DS-0011", "DF048", "k:copy_with_more_than_two_arguments_not_ending_with_slash"],
    fix: FixKind::Safe,
    ..RuleInfo::new(
        "copy-destination-without-slash",
        Category::Correctness,
        Severity::Error,
        "several sources go to a destination without a slash",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.steps.iter().filter(|step| matches!(step.keyword(), Keyword::Copy | Keyword::Add)) {
        let Some(copy) = step.instruction.as_copy() else { continue };
        let Some(target) = copy.destination else { continue };
        let written = target.raw.trim_matches(['"', '\'']);
        let folder = written.ends_with(['/', '\\']) || [".", ".."].contains(&written) || written.ends_with("/.");
        let variable = written.contains('$');
        let count = copy.sources.len() + step.instruction.heredocs.len();
        let foreign = sheet.is_hadolint() && copy.is_add;
        if count < 2 || folder || variable || foreign {
            continue;
        }
        let exec = matches!(step.instruction.form, Form::Exec(_));
        let end = target.span.end as usize;
        let at = if exec || target.raw.ends_with(['"', '\'']) { end.saturating_sub(1) } else { end };
        let found = Found::at(step, target.span, format!("`{written}` must end in `/` to take several sources"));
        sink.push(found.safe("add the slash", vec![Edit::insert(at, "/")]));
    }
}
