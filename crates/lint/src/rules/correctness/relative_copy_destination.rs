//! # relative-copy-destination
//!
//! ## What it does
//! Finds COPY to a relative path where no WORKDIR has been set.
//!
//! ## Why is this bad?
//! Where the files go depends on the base image.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! COPY app .
//! ```
//! ```dockerfile good
//! FROM debian:12 AS base
//! WORKDIR /app
//! FROM base
//! COPY app .
//! COPY app /srv/
//! COPY app $HOME/
//! ```
//!
//! ## Fix safety
//! No fix: which folder you mean is not in the file.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#workdir>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3045", "DF063", "DD041"],
    ..RuleInfo::new(
        "relative-copy-destination",
        Category::Correctness,
        Severity::Warning,
        "a relative destination and no WORKDIR",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.steps.iter().filter(|step| matches!(step.keyword(), Keyword::Copy | Keyword::Add)) {
        let Some(copy) = step.instruction.as_copy().filter(|copy| !(copy.is_add && sheet.is_hadolint())) else {
            continue;
        };
        let (Some(target), Some(stage)) = (copy.destination, step.stage) else { continue };
        let written = target.raw.trim_matches(['"', '\'']);
        let drive = written.as_bytes().get(1) == Some(&b':');
        if written.starts_with(['/', '$', '\\']) || drive || has_workdir(sheet, step, stage) {
            continue;
        }
        let known = sheet.base_config(stage).is_some_and(|config| !["", "/"].contains(&config.workdir.as_str()));
        if !known {
            let message = format!("no WORKDIR says what `{written}` is relative to");
            sink.push(Found::at(step, target.span, message));
        }
    }
}

fn has_workdir(sheet: &Sheet<'_>, step: &Step<'_>, stage: usize) -> bool {
    let before = |other: &&Step<'_>| other.stage != step.stage || other.index < step.index;
    sheet
        .lineage(stage)
        .filter(before)
        .any(|other| other.keyword() == Keyword::Workdir && other.onbuild <= step.onbuild)
}
