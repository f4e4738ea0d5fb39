//! # platform-not-available
//!
//! ## What it does
//! Finds base images that are known to be for another platform than the one that is asked for.
//!
//! ## Why is this bad?
//! The build warns, and the container does not start.
//!
//! ## Example
//! ```dockerfile bad base:example.com/tool:1=arm64
//! FROM --platform=linux/amd64 example.com/tool:1
//! ```
//! ```dockerfile good base:example.com/tool:1=amd64
//! FROM --platform=linux/amd64 example.com/tool:1
//! ```
//! ```dockerfile good
//! FROM --platform=linux/amd64 example.com/tool:1
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/invalid-base-image-platform/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:platform-mismatch", "InvalidBaseImagePlatform"],
    ..RuleInfo::new(
        "platform-not-available",
        Category::Correctness,
        Severity::Error,
        "the base image is for another platform",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.graph.stages.iter().filter(|stage| matches!(stage.base, Base::Image(_))) {
        let (Some(config), Some(wanted)) = (sheet.base_config(stage.index), stage.platform.as_deref()) else {
            continue;
        };
        let mut parts = wanted.split('/');
        let (os, arch) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let known = !config.os.is_empty() && !config.architecture.is_empty() && !arch.is_empty();
        if known && (config.os != os || config.architecture != arch) {
            let message =
                format!("the image that is here is for {}/{}, not for {wanted}", config.os, config.architecture);
            sink.push(Found::stage(stage.index, sheet.span_of_from(stage.index), message));
        }
    }
}
