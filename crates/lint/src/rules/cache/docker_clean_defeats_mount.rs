//! # docker-clean-defeats-mount
//!
//! ## What it does
//! Finds cache mounts for apt's archives in Debian and Ubuntu images whose `docker-clean` hook is still there.
//!
//! ## Why is this bad?
//! The hook deletes every archive once it is installed: the mount stays empty.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y curl
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN --mount=type=cache,target=/var/cache/apt,sharing=locked rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update && apt-get install -y curl
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN rm -f /etc/apt/apt.conf.d/docker-clean
//! RUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y curl
//! ```
//!
//! ## Fix safety
//! Unsafe: without the hook, apt keeps archives in containers too.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#run---mounttypecache>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "docker-clean-defeats-mount",
        Category::Cache,
        Severity::Warning,
        "a hook of the base image empties the cache mount",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run).filter(|step| !step.onbuild) {
        let Some(stage) = step.stage else { continue };
        let official = matches!(sheet.distro(stage), Distro::Debian | Distro::Ubuntu);
        let archives = ["/var/cache/apt", "/var/cache/apt/archives"];
        let mount = step.mounts.iter().find(|mount| {
            mount.kind == "cache"
                && mount.target.as_deref().is_some_and(|target| archives.contains(&target.trim_end_matches('/')))
        });
        let installs =
            step.calls.iter().any(|call| call.tool == Some(Tool::Apt) && Arguments::of(call).does(&["install"]));
        let (Some(_), true, true) = (mount, official, installs) else { continue };
        let mut earlier = sheet.lineage(stage).take_while(|other| other.index <= step.index);
        if earlier.any(|other| {
            let text = sheet.text(other.instruction.span);
            text.contains("docker-clean") || text.contains("Keep-Downloaded-Packages")
        }) {
            continue;
        }
        let span = step.instruction.flag("mount").map_or(step.instruction.keyword_span, |flag| flag.span);
        let plain = step.understood().is_some() && step.instruction.heredocs.is_empty() && step.state.user.is_none();
        let edits = if plain {
            vec![Edit::insert(step.instruction.body.span.start as usize, "rm -f /etc/apt/apt.conf.d/docker-clean && ")]
        } else {
            Vec::new()
        };
        let found = Found::at(step, span, "the base image's docker-clean hook empties this mount after every install");
        sink.push(found.likely().risky("remove the hook first", edits));
    }
}
