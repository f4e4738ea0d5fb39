//! # hard-coded-base-platform
//!
//! ## What it does
//! Finds a FROM with a constant `--platform`.
//!
//! ## Why is this bad?
//! The image is of that platform wherever it is built, and emulated elsewhere.
//!
//! ## Example
//! ```dockerfile bad
//! FROM --platform=linux/amd64 debian:12
//! ```
//! ```dockerfile good
//! FROM --platform=$BUILDPLATFORM golang:1.25 AS build
//! FROM --platform=linux/arm64 debian:12 AS final-arm64
//! ```
//!
//! ## Fix safety
//! No fix: what needs that platform is not in the file.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/from-platform-flag-const-disallowed/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3029", "FromPlatformFlagConstDisallowed", "DF061", "k:using_platform_with_from"],
    ..RuleInfo::new(
        "hard-coded-base-platform",
        Category::Correctness,
        Severity::Warning,
        "a FROM is bound to one platform",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let Some(from) = sheet.instructions().get(stage.from) else { continue };
        let Some(flag) = from.flag("platform") else { continue };
        let Some(value) = flag.value.as_deref().filter(|value| !value.contains('$') && !value.is_empty()) else {
            continue;
        };
        let name = stage.name.as_deref().unwrap_or_default();
        let named = !sheet.is_hadolint() && value.split('/').any(|part| name.contains(&part.to_lowercase()));
        let sole = sheet.settings.platforms == [value];
        if !named && !sole {
            sink.push(Found::stage(
                stage.index,
                flag.span,
                format!("this stage is for `{value}` only, wherever it is built"),
            ));
        }
    }
}
