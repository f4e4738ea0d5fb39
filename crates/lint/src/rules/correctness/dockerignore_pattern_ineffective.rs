//! # dockerignore-pattern-ineffective
//!
//! ## What it does
//! Finds lines of the ignore file that do not do what they seem to: comments behind a pattern, and exceptions that a later line
//! takes back.
//!
//! ## Why is this bad?
//! What should stay away goes into the image, and what should go in is missing.
//!
//! ## Example
//! ```dockerfile bad context:app.py,.dockerignore=node_modules+#+packages
//! FROM debian:12
//! COPY . /app
//! ```
//! ```dockerfile good context:app.py,.dockerignore=node_modules
//! FROM debian:12
//! COPY . /app
//! ```
//!
//! ## Fix safety
//! No fix here: the line stands in another file.
//!
//! ## References
//! <https://docs.docker.com/build/concepts/context/#syntax>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[Part::new("comment", &[]), Part::new("taken-back", &[])],
    ..RuleInfo::new(
        "dockerignore-pattern-ineffective",
        Category::Correctness,
        Severity::Warning,
        "a line of the ignore file does nothing",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let copies = |step: &&Step<'_>| {
        step.instruction.as_copy().is_some_and(|copy| copy.from.is_none() && !copy.sources.is_empty())
    };
    let Some(step) = sheet.steps.iter().filter(|step| !step.onbuild).find(copies) else { return };
    let Some((name, text)) = ignore_file(sheet) else { return };
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        if let Some((pattern, _)) = line.split_once(" #") {
            let message = format!(
                "line {} of `{name}` ignores nothing: what stands behind `{}` belongs to the pattern",
                at + 1,
                pattern.trim()
            );
            sink.push(Found::at(step, step.instruction.keyword_span, message).part("comment"));
        }
        let Some(exception) = line.strip_prefix('!') else { continue };
        let later = lines
            .iter()
            .enumerate()
            .skip(at + 1)
            .find(|(_, other)| **other == exception.trim() || ["*", "**"].contains(*other));
        if let Some((other, again)) = later {
            let message =
                format!("line {} of `{name}` takes back what line {} lets through: `{again}`", other + 1, at + 1);
            sink.push(Found::at(step, step.instruction.keyword_span, message).part("taken-back"));
        }
    }
}

/// The ignore file in force, with its name.
fn ignore_file(sheet: &Sheet<'_>) -> Option<(String, String)> {
    let own = sheet.settings.path.as_ref().map(|path| format!("{path}.dockerignore"));
    own.into_iter().chain([".dockerignore".to_owned()]).find_map(|name| {
        let bytes = sheet.world.read(&name, 1 << 16)?;
        Some((name, String::from_utf8(bytes).ok()?))
    })
}
