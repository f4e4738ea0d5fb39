//! # cache-mount-conflict
//!
//! ## What it does
//! Finds cache mounts of package managers that cannot share their folder, without `sharing=locked`.
//!
//! ## Why is this bad?
//! Two builds at a time write to it, and one of them fails.
//!
//! ## Example
//! ```dockerfile bad
//! FROM alpine:3.22
//! RUN --mount=type=cache,target=/var/cache/apt apt-get install -y curl
//! ```
//! ```dockerfile fixed
//! FROM alpine:3.22
//! RUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get install -y curl
//! ```
//! ```dockerfile good
//! FROM alpine:3.22
//! RUN --mount=type=cache,target=/var/cache/apt,sharing=private apt-get install -y curl
//! ```
//!
//! ## Fix safety
//! Safe: another build waits.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#run---mounttypecache>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[Part::new("lock", &[])],
    fix: FixKind::Safe,
    ..RuleInfo::new(
        "cache-mount-conflict",
        Category::Cache,
        Severity::Warning,
        "two builds at a time write to one cache",
    )
};

const ONE_AT_A_TIME: [&str; 9] = [
    "/var/cache/apt",
    "/var/lib/apt",
    "/var/lib/apt/lists",
    "/var/cache/apt/archives",
    "/var/cache/yum",
    "/var/cache/dnf",
    "/var/cache/libdnf5",
    "/var/cache/zypp",
    "/var/cache/pacman/pkg",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        for mount in step.mounts.iter().filter(|mount| mount.kind == "cache" && mount.sharing.is_none()) {
            let Some(target) = mount.target.as_deref().map(|target| target.trim_end_matches('/')) else { continue };
            let option = mount
                .options
                .iter()
                .find(|option| option.value.as_deref().is_some_and(|value| value.trim_end_matches('/') == target));
            if let Some(option) = option.filter(|_| ONE_AT_A_TIME.contains(&target)) {
                let quoted = sheet.text(option.span).contains('"');
                let edit = Edit::insert(option.span.end as usize, ",sharing=locked");
                let found = Found::at(step, option.span, format!("`{target}` is for one build at a time")).part("lock");
                sink.push(found.safe("lock the cache", if quoted { Vec::new() } else { vec![edit] }));
            }
        }
    }
}
