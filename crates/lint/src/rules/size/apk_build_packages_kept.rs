//! # apk-build-packages-kept
//!
//! ## What it does
//! Finds compilers and headers that `apk add` brings to a shipped stage, and that the same RUN does not take away again.
//!
//! ## Why is this bad?
//! They serve the build only, and ship. Under a name of their own (`--virtual`) one command takes them all away.
//!
//! ## Example
//! ```dockerfile bad
//! FROM python:3.13-alpine
//! RUN apk add --no-cache gcc musl-dev
//! RUN pip install --no-cache-dir uwsgi==2.0.30
//! CMD ["uwsgi"]
//! ```
//! ```dockerfile good
//! FROM python:3.13-alpine
//! RUN apk add --no-cache --virtual .build gcc musl-dev && pip install --no-cache-dir uwsgi==2.0.30 && apk del .build
//! CMD ["uwsgi"]
//! ```
//! ```dockerfile good
//! FROM alpine:3.22
//! RUN apk add --no-cache gcc musl-dev
//! CMD ["sh"]
//! ```
//!
//! ## Fix safety
//! No fix here: `jettison optimize` splits the stage, and proves that the program works without.
//!
//! ## References
//! <https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DD063"],
    roles: Roles::SHIPPED,
    ..RuleInfo::new("apk-build-packages-kept", Category::Size, Severity::Info, "compilers and headers ship")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        let Some(stage) = step.stage.filter(|stage| !super::build_packages_shipped::is_workbench(sheet, *stage)) else {
            continue;
        };
        let deletes = |from: usize| {
            step.calls.iter().skip(from).any(|call| call.tool == Some(Tool::Apk) && call.verb() == Some("del"))
        };
        for (at, call) in step.calls.iter().enumerate().filter(|(_, call)| call.tool == Some(Tool::Apk)) {
            let packages: Vec<&str> = system_packages(call).into_iter().filter(|name| is_build_package(name)).collect();
            let Some(first) = packages.first().filter(|_| !deletes(at) && !deleted_later(sheet, step, stage)) else {
                continue;
            };
            let span = call.args.iter().find(|arg| arg.text().starts_with(first)).map_or(call.span(), |arg| arg.span());
            let more = if packages.len() > 1 { format!(" and {} more", packages.len() - 1) } else { String::new() };
            let verb = if packages.len() > 1 { "serve" } else { "serves" };
            let message = format!("`{first}`{more} {verb} the build only, and may ship for nothing");
            sink.push(Found::at(step, span, message).likely().costs(bytes(&packages)));
        }
    }
}

/// `late-delete` speaks of these.
fn deleted_later(sheet: &Sheet<'_>, step: &Step<'_>, stage: usize) -> bool {
    let mut later = sheet.stage_steps(stage).filter(|other| other.index > step.index).flat_map(|other| &other.calls);
    later.any(|call| call.tool == Some(Tool::Apk) && call.verb() == Some("del"))
}

/// What they weigh with what they need, by the sizes of Alpine's packages.
fn bytes(packages: &[&str]) -> u64 {
    let has = |names: &[&str]| packages.iter().any(|name| names.contains(name));
    let compiler = match () {
        () if has(&["build-base", "g++", "clang"]) => 200_000_000,
        () if has(&["gcc"]) => 140_000_000,
        () if has(&["go", "rust", "cargo"]) => 300_000_000,
        () => 0,
    };
    compiler + 2_000_000 * packages.len() as u64
}
