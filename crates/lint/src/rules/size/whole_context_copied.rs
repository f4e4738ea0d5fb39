//! # whole-context-copied
//!
//! ## What it does
//! Finds `COPY . /somewhere` in final stages.
//!
//! ## Why is this bad?
//! Everything that lies beside the Dockerfile ships, also what comes there tomorrow, and any change of it rebuilds the step.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! COPY . /app
//! ```
//! ```dockerfile good
//! FROM debian:12
//! COPY src config /app/
//! ```
//!
//! ## Fix safety
//! No fix here: `jettison optimize` finds out what the image needs.
//!
//! ## References
//! <https://docs.docker.com/build/concepts/context/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DF007", "DD070", "DF026"],
    roles: Roles::FINAL,
    ..RuleInfo::new("whole-context-copied", Category::Size, Severity::Info, "everything beside the Dockerfile ships")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.steps.iter().filter(|step| !step.onbuild) {
        let Some(copy) = step.instruction.as_copy().filter(|copy| copy.from.is_none()) else { continue };
        let whole = copy.sources.iter().find(|source| [".", "./", "/", "*", "./*"].contains(&source.raw.as_str()));
        let narrowed = !copy.excludes.is_empty() || is_allow_list(sheet);
        if let Some(source) = whole.filter(|_| !narrowed) {
            sink.push(Found::at(step, source.span, "everything beside the Dockerfile ships").likely());
        }
    }
}

/// Whether the ignore file takes everything away and gives some of it back.
fn is_allow_list(sheet: &Sheet<'_>) -> bool {
    let Some(text) = sheet.world.read(".dockerignore", 1 << 16) else { return false };
    let text = String::from_utf8_lossy(&text).into_owned();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.next().is_some_and(|first| ["*", "**", "/*", "**/*"].contains(&first))
        && lines.any(|line| line.starts_with('!'))
}
