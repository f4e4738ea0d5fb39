//! # change-below-volume
//!
//! ## What it does
//! Finds RUNs and COPYs that change what lies below an earlier VOLUME.
//!
//! ## Why is this bad?
//! The classic builder throws such changes away; BuildKit keeps them. The same file gives two images.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! VOLUME /data
//! RUN touch /data/ready
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN mkdir /data && touch /data/ready
//! VOLUME /data
//! ```
//!
//! ## Fix safety
//! No fix: move the VOLUME down.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#notes-about-specifying-volumes>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo::new(
    "change-below-volume",
    Category::Correctness,
    Severity::Info,
    "some builders lose what is changed below a VOLUME",
);

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for volume in sheet.of(Keyword::Volume).filter(|step| !step.onbuild) {
        let words: Vec<String> = match &volume.instruction.form {
            Form::Exec(words) => words.iter().map(|word| word.raw.to_string()).collect(),
            Form::Shell => volume.instruction.words.iter().map(|word| word.raw.to_string()).collect(),
        };
        let paths: Vec<String> = words
            .iter()
            .filter_map(|word| sheet.value(volume, word))
            .filter(|path| path.starts_with('/') && path.len() > 1)
            .collect();
        let Some(stage) = volume.stage else { continue };
        for step in sheet.stage_steps(stage).filter(|step| step.index > volume.index && !step.onbuild) {
            let Some((span, path)) = changes(sheet, step, &paths) else { continue };
            let message =
                format!("`{path}` lies below the VOLUME of line {}: some builders lose this", volume.instruction.line);
            sink.push(Found::at(step, span, message));
        }
    }
}

/// Where a step changes something below one of the paths.
fn changes(sheet: &Sheet<'_>, step: &Step<'_>, volumes: &[String]) -> Option<(Span, String)> {
    let below = |path: &str| {
        volumes.iter().any(|volume| {
            path.strip_prefix(volume.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    if let Some(copy) = step.instruction.as_copy() {
        let target = copy.destination.and_then(|word| Some((word.span, sheet.value(step, &word.raw)?)));
        return target.filter(|(_, path)| below(path));
    }
    let writes = ["touch", "mkdir", "chown", "chmod", "rm", "mv", "cp", "tar", "unzip", "ln", "install"];
    step.calls.iter().filter(|call| writes.contains(&call.name)).find_map(|call| {
        let last =
            if ["cp", "mv", "ln", "install"].contains(&call.name) { call.args.len().saturating_sub(1) } else { 0 };
        let arg = call.args.iter().skip(last).find(|arg| below(arg.text()))?;
        Some((arg.span(), arg.text().to_owned()))
    })
}
