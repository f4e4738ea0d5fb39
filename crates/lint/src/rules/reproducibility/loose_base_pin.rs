//! # loose-base-pin
//!
//! ## What it does
//! Finds base images without a digest.
//!
//! ## Why is this bad?
//! A tag can be moved to another image by whoever owns the repository; a digest cannot.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! ```
//! ```dockerfile good
//! FROM debian:12@sha256:0000000000000000000000000000000000000000000000000000000000000000
//! ```
//!
//! ## Fix safety
//! Safe where a registry can be asked: the digest that the tag has now is added, the tag stays.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#pin-base-image-versions>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[Part::new("digest", &[]).off()],
    roles: Roles::SHIPPED,
    fix: FixKind::Safe,
    on_by_default: false,
    ..RuleInfo::new("loose-base-pin", Category::Reproducibility, Severity::Info, "the base image has no digest")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let Base::Image(image) = &stage.base else { continue };
        let Ok(reference) = image.parse::<jettison_model::ImageRef>() else { continue };
        let Some(written) = sheet.instructions().get(stage.from).and_then(|from| from.words.first()) else { continue };
        if reference.digest.is_some() {
            continue;
        }
        let literal = !written.raw.contains(['$', '"', '\'', sheet.dockerfile.escape()]);
        let digest = sheet.world.resolved(&reference).filter(|_| literal);
        let edits = digest.map(|digest| Edit::insert(written.span.end as usize, format!("@{digest}")));
        let message = format!("`{}` has no digest", written.raw);
        let found = Found::stage(stage.index, written.span, message).part("digest");
        sink.push(found.safe("add the digest that the tag has now", edits.into_iter().collect()));
    }
}
