//! # copy-ignored-path
//!
//! ## What it does
//! Finds COPY and ADD of files that the ignore file keeps from the builder.
//!
//! ## Why is this bad?
//! The build fails, or goes on with less than was meant.
//!
//! ## Example
//! ```dockerfile bad context:.env,app.py ignore:.env
//! FROM debian:12
//! COPY .env /app/
//! ```
//! ```dockerfile good context:.env,app.py ignore:.env
//! FROM debian:12
//! COPY app.py /app/
//! COPY . /app/
//! ```
//!
//! ## Fix safety
//! No fix: which of the two is wrong is not in the files.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/copy-ignored-file/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["CopyIgnoredFile"],
    ..RuleInfo::new(
        "copy-ignored-path",
        Category::Correctness,
        Severity::Warning,
        "the ignore file hides what is copied",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.steps.iter().filter(|step| !step.onbuild) {
        let Some(copy) = step.instruction.as_copy().filter(|copy| copy.from.is_none()) else { continue };
        for source in &copy.sources {
            let Some(path) = sheet.value(step, &source.raw).filter(|path| !path.contains("://")) else { continue };
            let path = path.trim_start_matches("./").trim_matches('/').to_owned();
            if path.is_empty() || path == "." || path.starts_with('!') {
                continue;
            }
            let count = |ignored| sheet.world.paths(&path, ignored).map(|paths| paths.len());
            if let (Some(all), Some(0)) = (count(true), count(false))
                && all > 0
            {
                sink.push(Found::at(step, source.span, format!("the ignore file hides `{path}` from the builder")));
            }
        }
    }
}
