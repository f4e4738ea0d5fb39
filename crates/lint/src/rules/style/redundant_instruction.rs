//! # redundant-instruction
//!
//! ## What it does
//! Finds instructions that set what is set already: USER, WORKDIR, SHELL, EXPOSE.
//!
//! ## Why is this bad?
//! They change nothing and are read by everybody.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! WORKDIR /app
//! RUN make
//! WORKDIR /app
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! WORKDIR /app
//! RUN make
//! ```
//! ```dockerfile good
//! FROM debian:12
//! USER app
//! WORKDIR /app
//! USER root
//! ```
//!
//! ## Fix safety
//! Safe: the image stays the same.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DD044", "DD048", "DD065", "DD047"],
    fix: FixKind::Safe,
    ..RuleInfo::new("redundant-instruction", Category::Style, Severity::Info, "an instruction sets what is set already")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let mut exposed: Vec<(Option<usize>, String)> = Vec::new();
    for step in sheet.steps.iter().filter(|step| !step.onbuild && step.stage.is_some()) {
        let redundant = match step.keyword() {
            Keyword::User => value(sheet, step).is_some_and(|user| step.state.user.as_deref() == Some(&user)),
            Keyword::Workdir => {
                let set = sheet
                    .lineage(step.stage.unwrap_or_default())
                    .any(|other| other.keyword() == Keyword::Workdir && other.index < step.index);
                set && value(sheet, step).is_some_and(|path| {
                    path.starts_with('/') && step.state.workdir.as_deref() == Some(path.trim_end_matches('/'))
                })
            }
            Keyword::Expose => {
                let ports = step
                    .instruction
                    .words
                    .iter()
                    .map(|word| (step.stage, word.raw.trim_end_matches("/tcp").to_owned()));
                let (old, new): (Vec<_>, Vec<_>) = ports.partition(|port| exposed.contains(port));
                let all = new.is_empty() && !old.is_empty() && !old.iter().any(|(_, port)| port.contains('$'));
                exposed.extend(new);
                all
            }
            _ => false,
        };
        if redundant {
            let what = step.keyword().as_str();
            let found = Found::at(step, step.instruction.span, format!("{what} sets what is set already"));
            let edit = jettison_dockerfile::edit::delete_instruction(sheet.dockerfile, step.index, false);
            sink.push(found.safe("remove what has no effect", vec![edit]));
        }
    }
}

fn value(sheet: &Sheet<'_>, step: &Step<'_>) -> Option<String> {
    sheet.value(step, &step.instruction.words.first()?.raw)
}
