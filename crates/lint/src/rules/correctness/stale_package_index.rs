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
//! ```dockerfile fixed
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl
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
//! Safe where the RUN directly below it installs, and both are plain lists of commands: the index is fetched there. No fix elsewhere.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#apt-get>

use jettison_dockerfile::shell::Script;

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    fix: FixKind::Safe,
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
            sink.push(
                Found::at(step, call.span(), message).safe("fetch it where it is used", merged(sheet, step, call)),
            );
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

/// The index fetched by the RUN below instead, where that one begins with an install and nothing else stands in this one.
fn merged(sheet: &Sheet<'_>, step: &Step<'_>, call: &Call<'_>) -> Vec<Edit> {
    let Some(next) = sheet.of(Keyword::Run).find(|other| other.index == step.index + 1) else { return Vec::new() };
    let plain = |step: &Step<'_>| {
        let flat = step.understood().is_some_and(Script::is_flat);
        !step.onbuild && flat && step.instruction.flags.is_empty() && step.instruction.heredocs.is_empty()
    };
    let alone = step.calls.len() == 1 && call.place.top && call.place.script == 0 && call.simple.assignments.is_empty();
    let installs = next
        .calls
        .first()
        .is_some_and(|first| first.tool == call.tool && !fetches(first) && first.place.top && first.place.script == 0);
    let redirected = !call.simple.redirects.is_empty();
    let text = sheet.exact(step.instruction.body.span).map(str::trim).filter(|text| !text.contains(['\n', '#']));
    let Some(text) = text.filter(|_| alone && installs && !redirected && plain(step) && plain(next)) else {
        return Vec::new();
    };
    let start = next.instruction.body.span.start as usize;
    vec![
        jettison_dockerfile::edit::delete_instruction(sheet.dockerfile, step.index, false),
        Edit::insert(start, format!("{text} && ")),
    ]
}

/// Whether a later RUN of the same stage installs.
fn used_later(sheet: &Sheet<'_>, step: &Step<'_>, update: &Call<'_>) -> bool {
    let mut later = sheet.of(Keyword::Run).filter(|other| other.index > step.index && other.stage == step.stage);
    later.any(|other| {
        let fetched = other.calls.iter().position(fetches).unwrap_or(usize::MAX);
        other.calls.iter().position(|call| call.tool == update.tool && !fetches(call)).is_some_and(|at| at < fetched)
    })
}
