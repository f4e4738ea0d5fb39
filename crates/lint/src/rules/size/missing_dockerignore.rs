//! # missing-dockerignore
//!
//! ## What it does
//! Finds files that copy folders of a context without any ignore file.
//!
//! ## Why is this bad?
//! `.git`, `node_modules`, logs and secrets go to the builder, and with `COPY .` into the image.
//!
//! ## Example
//! ```dockerfile bad context:app.py
//! FROM debian:12
//! COPY . /app
//! ```
//! ```dockerfile good context:app.py,.dockerignore
//! FROM debian:12
//! COPY . /app
//! ```
//!
//! ## Fix safety
//! No fix here: `jettison optimize` writes one that fits.
//!
//! ## References
//! <https://docs.docker.com/build/concepts/context/#dockerignore-files>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DF033"],
    ..RuleInfo::new("missing-dockerignore", Category::Size, Severity::Warning, "there is no ignore file")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let Some(paths) = sheet.world.paths("**", true) else { return };
    let is_ignore = |path: &String| path == ".dockerignore" || path.ends_with(".dockerignore");
    if paths.iter().any(is_ignore) {
        return;
    }
    for step in sheet.steps.iter().filter(|step| !step.onbuild) {
        let Some(copy) = step.instruction.as_copy().filter(|copy| copy.from.is_none()) else { continue };
        let folder = copy.sources.iter().find(|source| {
            let path = source.raw.trim_start_matches("./").trim_end_matches('/');
            [".", "", "*"].contains(&path)
                || paths.iter().any(|known| known.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
        });
        if let Some(source) = folder {
            sink.push(Found::at(step, source.span, "no ignore file keeps anything from the builder"));
            return;
        }
    }
}
