//! # untagged-base
//!
//! ## What it does
//! Finds a FROM whose image has neither tag nor digest.
//!
//! ## Why is this bad?
//! It is `latest` in other words: the image changes under you.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ```
//! ```dockerfile good
//! FROM debian:12 AS base
//! FROM base
//! ```
//! ```dockerfile good
//! ARG BASE
//! FROM $BASE
//! ```
//!
//! ## Fix safety
//! No fix: which version you mean is not in the file.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#pin-base-image-versions>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3006", "CKV_DOCKER_7", "DS-0001", "k:image_version_not_explicit"],
    ..RuleInfo::new("untagged-base", Category::Reproducibility, Severity::Warning, "the base image has no tag")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let Base::Image(image) = &stage.base else { continue };
        let Ok(reference) = image.parse::<jettison_model::ImageRef>() else { continue };
        let Some(written) = sheet.instructions().get(stage.from).and_then(|from| from.words.first()) else { continue };
        let pinned = reference.tag.is_some() || reference.digest.is_some();
        // A name put together from variables may be one of the stages.
        let composed =
            written.raw.contains('$') && (!is_known(sheet, &written.raw) || names_stage(sheet, &written.raw));
        let named = sheet.settings.contexts.iter().any(|context| context == image);
        let earlier = &sheet.graph.stages[..stage.index.min(sheet.graph.stages.len())];
        let is_stage =
            earlier.iter().filter_map(|other| other.name.as_deref()).any(|name| name.eq_ignore_ascii_case(image));
        if pinned || composed || named || is_stage {
            continue;
        }
        let message = format!("`{}` has no tag, so it is whatever `latest` is that day", written.raw);
        sink.push(Found::stage(stage.index, written.span, message));
    }
}

/// Whether no build arg is needed to know the name.
fn is_known(sheet: &Sheet<'_>, written: &str) -> bool {
    let variables = jettison_dockerfile::expand::variables(written, sheet.dockerfile.escape());
    variables
        .iter()
        .all(|name| sheet.graph.global_args.contains_key(name) || sheet.graph.platform_args.contains_key(name))
}

/// Whether `base-${TARGETARCH}` is the name of stages.
fn names_stage(sheet: &Sheet<'_>, written: &str) -> bool {
    let mut pattern = String::new();
    let mut rest = written;
    while let Some(at) = rest.find('$') {
        pattern.push_str(&rest[..at]);
        pattern.push('*');
        let behind = &rest[at + 1..];
        let end = match behind.strip_prefix('{') {
            Some(inside) => inside.find('}').map_or(behind.len(), |end| end + 2),
            None => {
                behind.find(|symbol: char| !symbol.is_ascii_alphanumeric() && symbol != '_').unwrap_or(behind.len())
            }
        };
        rest = &behind[end..];
    }
    pattern.push_str(rest);
    pattern != "*" && sheet.stage_names().any(|name| crate::sheet::matches(&pattern.to_lowercase(), name))
}
