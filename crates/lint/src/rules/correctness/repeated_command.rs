//! # repeated-command
//!
//! ## What it does
//! Finds stages with two CMDs, two ENTRYPOINTs or two HEALTHCHECKs.
//!
//! ## Why is this bad?
//! Only the last one counts.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! CMD ["a"]
//! CMD ["b"]
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! CMD ["b"]
//! ```
//! ```dockerfile good
//! FROM debian:12 AS base
//! CMD ["a"]
//! FROM base
//! CMD ["b"]
//! ```
//!
//! ## Fix safety
//! Safe: the earlier one has no effect.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/multiple-instructions-disallowed/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["MultipleInstructionsDisallowed"],
    parts: &[
        Part::new("cmd", &["DL4003", "DS-0016", "DF038", "DD036"]),
        Part::new("entrypoint", &["DL4004", "DS-0007", "DF039", "DD037"]),
        Part::new("healthcheck", &["DL3012", "DS-0023", "DF041", "DD049"]),
    ],
    fix: FixKind::Safe,
    ..RuleInfo::new("repeated-command", Category::Correctness, Severity::Warning, "only the last of these counts")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let kinds = [(Keyword::Cmd, "cmd"), (Keyword::Entrypoint, "entrypoint"), (Keyword::Healthcheck, "healthcheck")];
    for stage in &sheet.graph.stages {
        for (keyword, part) in kinds {
            let own: Vec<&Step<'_>> =
                sheet.stage_steps(stage.index).filter(|step| step.keyword() == keyword && !step.onbuild).collect();
            for pair in own.windows(2) {
                let [earlier, later] = pair else { continue };
                let edit = jettison_dockerfile::edit::delete_instruction(sheet.dockerfile, earlier.index, false);
                let place = if sheet.is_hadolint() { later } else { earlier };
                let message = format!("the {} on line {} takes its place", keyword.as_str(), later.instruction.line);
                let found = Found::at(place, place.instruction.keyword_span, message).part(part);
                sink.push(found.safe("remove what has no effect", vec![edit]));
            }
        }
    }
}
