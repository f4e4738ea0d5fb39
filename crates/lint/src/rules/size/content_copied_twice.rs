//! # content-copied-twice
//!
//! ## What it does
//! Finds one and the same source that is copied to two places of an image.
//!
//! ## Why is this bad?
//! Its bytes ship twice. A link, or one of the two places, is enough.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! COPY assets/ /srv/assets
//! COPY assets/ /usr/share/app/assets
//! ```
//! ```dockerfile good
//! FROM debian:12
//! COPY assets /srv/assets
//! RUN ln -s /srv/assets /usr/share/app/assets
//! ```
//! ```dockerfile good
//! FROM debian:12
//! COPY app.conf /etc/app.conf
//! COPY app.conf /usr/share/app/app.conf
//! ```
//!
//! ## Fix safety
//! No fix: a program may mind a link.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    roles: Roles::SHIPPED,
    ..RuleInfo::new("content-copied-twice", Category::Size, Severity::Info, "the same files are in the image twice")
};

/// Endings of files of which a second one does not matter.
const SMALL: [&str; 16] = [
    ".conf",
    ".json",
    ".sh",
    ".toml",
    ".yaml",
    ".yml",
    ".txt",
    ".cfg",
    ".ini",
    ".md",
    ".xml",
    ".lock",
    ".properties",
    ".env",
    ".repo",
    ".py",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let copies: Vec<&Step<'_>> =
            sheet.stage_steps(stage.index).filter(|step| step.keyword() == Keyword::Copy && !step.onbuild).collect();
        for (at, step) in copies.iter().enumerate() {
            let Some((from, source, target)) = single(step) else { continue };
            let small =
                SMALL.iter().any(|ending| source.ends_with(ending)) || !source.contains('/') && source.starts_with('.');
            let earlier = copies.iter().take(at).find(|other| {
                single(other).is_some_and(|(first, same, elsewhere)| {
                    first == from && same == source && elsewhere.trim_end_matches('/') != target.trim_end_matches('/')
                })
            });
            // Of a single file of the context nobody knows whether it matters.
            let large = from.is_some() || name_of(&source).contains(".jar") || sheet.copied_bytes(step).is_some();
            let folder = !name_of(&source).contains('.') && source.ends_with('/');
            let Some(other) = earlier.filter(|_| !small && (large || folder)) else { continue };
            let bytes = sheet.copied_bytes(step);
            if bytes.is_some_and(|bytes| bytes < 1_000_000) {
                continue;
            }
            let message = format!("`{source}` is in the image already: line {} copies it too", other.instruction.line);
            sink.push(Found::at(step, step.instruction.body.span, message).costs_modelled(bytes).guess());
        }
    }
}

/// Where from, the source and the destination of a COPY of one thing, if they stand there.
fn single(step: &Step<'_>) -> Option<(Option<String>, String, String)> {
    let copy = step.instruction.as_copy()?;
    let ([source], Some(target)) = (copy.sources.as_slice(), copy.destination) else { return None };
    let plain = !source.raw.contains('$') && !target.raw.contains('$') && copy.excludes.is_empty();
    let whole = [".", "./", "/", "*"].contains(&source.raw.as_str());
    (plain && !whole).then(|| (copy.from.map(str::to_owned), source.raw.to_string(), target.raw.to_string()))
}
