//! # latest-tag
//!
//! ## What it does
//! Finds a FROM with the tag `latest`, or with a channel (`stable`, `edge`, `nightly`, …) that moves.
//!
//! ## Why is this bad?
//! The image changes under you, and with it what you build.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:latest
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ```
//! ```dockerfile good
//! FROM gcr.io/distroless/static-debian12:latest
//! ```
//!
//! ## Fix safety
//! No fix: which version you mean is not in the file.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#pin-base-image-versions>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3007", "DS-0001", "CKV_DOCKER_7", "DF001", "DF024", "DD001", "k:image_version_using_latest"],
    ..RuleInfo::new("latest-tag", Category::Reproducibility, Severity::Warning, "the base image's tag moves")
};

/// Tags that move as much as `latest` does.
const CHANNELS: [&str; 9] = ["stable", "edge", "nightly", "lts", "main", "master", "current", "rolling", "testing"];

/// Images that publish no tags of versions.
const UNVERSIONED: [&str; 2] = ["distroless/", "chainguard/"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let Base::Image(image) = &stage.base else { continue };
        let Ok(reference) = image.parse::<jettison_model::ImageRef>() else { continue };
        let Some(written) = sheet.instructions().get(stage.from).and_then(|from| from.words.first()) else { continue };
        let Some(tag) = reference.tag.as_deref().filter(|_| reference.digest.is_none()) else { continue };
        let unversioned = UNVERSIONED.iter().any(|part| reference.repository.starts_with(part));
        if unversioned && !sheet.is_hadolint() {
            continue;
        }
        if tag == "latest" {
            let message = format!("`{}` is another image every few weeks", written.raw);
            sink.push(Found::stage(stage.index, written.span, message));
        } else if CHANNELS.contains(&tag) && !sheet.is_foreign() {
            let message = format!("`{tag}` is a channel: `{}` changes under you", written.raw);
            sink.push(Found::stage(stage.index, written.span, message).severity(Severity::Info));
        }
    }
}
