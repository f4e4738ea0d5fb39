//! # stale-package-index
//!
//! ## What it does
//! Finds a RUN that fetches a package index and installs nothing.
//!
//! ## Why is this bad?
//! The index is cached for months while the archive moves on: a later install asks for packages that are gone.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN apt-get update
//! RUN apt-get install -y curl
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN --mount=type=cache,target=/var/lib/apt apt-get update
//! ```
//!
//! ## Fix safety
//! No fix here; see *late-delete* and *consecutive-runs*.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#apt-get>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DS-0017", "CKV_DOCKER_5", "DF028", "DD002", "k:update_instruction_alone"],
    ..RuleInfo::new(
        "stale-package-index",
        Category::Correctness,
        Severity::Error,
        "a package index is fetched alone, and cached for months",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        let Some((at, call)) = step.calls.iter().enumerate().find(|(_, call)| fetches(call)) else { continue };
        let folder = match call.tool {
            Some(Tool::Apt) => "/var/lib/apt/lists",
            Some(Tool::Apk) => "/var/cache/apk",
            _ => "/var/cache/zypp",
        };
        let used = step.calls.iter().skip(at + 1).any(|other| !fetches(other) && uses(other, call));
        let unclear = step.understood().is_none()
            || step
                .calls
                .iter()
                .any(|other| other.tool.is_none() && other.args.iter().any(|arg| arg.text() == "install"));
        if !used
            && !unclear
            && !step.mounts_over(folder)
            && !step.deletes_after(at, folder)
            && used_later(sheet, step, call)
        {
            let message = format!(
                "`{} {}` alone is cached while the archive moves on",
                call.name,
                call.verb().unwrap_or_default()
            );
            sink.push(Found::at(step, call.span(), message));
        }
    }
}

fn fetches(call: &Call<'_>) -> bool {
    let arguments = Arguments::of(call);
    match call.tool {
        Some(Tool::Apt) => arguments.does(&["update"]),
        Some(Tool::Apk) => arguments.does(&["update"]) && !arguments.has(&["--no-cache"]),
        Some(Tool::Zypper) => arguments.does(&["refresh", "ref"]),
        _ => false,
    }
}

/// Whether a command reads the index that another fetched.
fn uses(call: &Call<'_>, update: &Call<'_>) -> bool {
    let script = call.name.ends_with(".sh") || ["sh", "bash", "make", "."].contains(&call.name);
    call.tool == update.tool
        || script
        || call.name.starts_with("apt-")
        || ["gdebi", "mk-build-deps", "debootstrap", "rosdep", "playwright", "npx"].contains(&call.name)
}

/// Whether a later RUN of the same stage installs.
fn used_later(sheet: &Sheet<'_>, step: &Step<'_>, update: &Call<'_>) -> bool {
    let mut later = sheet.of(Keyword::Run).filter(|other| other.index > step.index && other.stage == step.stage);
    later.any(|other| {
        let fetched = other.calls.iter().position(fetches).unwrap_or(usize::MAX);
        other.calls.iter().position(|call| call.tool == update.tool && !fetches(call)).is_some_and(|at| at < fetched)
    })
}
