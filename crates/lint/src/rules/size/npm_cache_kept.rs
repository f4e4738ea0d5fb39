//! # npm-cache-kept
//!
//! ## What it does
//! Finds a RUN that installs with npm and leaves its cache in the layer.
//!
//! ## Why is this bad?
//! The cache holds a third to a half of what `node_modules` holds, a second time.
//!
//! ## Example
//! ```dockerfile bad
//! FROM node:22
//! RUN npm ci
//! ```
//! ```dockerfile fixed
//! FROM node:22
//! RUN npm ci \
//!     && npm cache clean --force
//! ```
//! ```dockerfile good
//! FROM node:22
//! RUN --mount=type=cache,target=/root/.npm npm ci
//! ```
//!
//! ## Fix safety
//! Safe: the cache is filled again when needed.
//!
//! ## References
//! <https://docs.npmjs.com/cli/commands/npm-cache>

use super::super::prelude::*;
use crate::sheet::weights;

pub(super) const RULE: RuleInfo = RuleInfo {
    roles: Roles::SHIPPED,
    fix: FixKind::Safe,
    ..RuleInfo::new("npm-cache-kept", Category::Size, Severity::Info, "npm's cache stays in the layer")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        let does = |call: &Call<'_>, verbs: &[&str]| call.tool == Some(Tool::Npm) && Arguments::of(call).does(verbs);
        let installs = ["ci", "install", "i", "add", "clean-install"];
        let Some(at) = step.calls.iter().rposition(|call| does(call, &installs)) else { continue };
        let cleaned = step.calls.iter().skip(at + 1).any(|call| does(call, &["cache"]));
        let mounted =
            step.mounts.iter().any(|mount| mount.target.as_deref().is_some_and(|target| target.contains("npm")));
        let elsewhere = step.state.variables.keys().any(|name| name.eq_ignore_ascii_case("npm_config_cache"));
        let deleted = step.deletes_after(at, "/root/.npm");
        if cleaned
            || mounted
            || elsewhere
            || deleted
            || step.calls.iter().any(|call| call.args.iter().any(|arg| arg.text() == "--cache"))
        {
            continue;
        }
        let script = step.understood().filter(|_| !step.onbuild && step.calls[at].place.script == 0);
        let edit = script.and_then(|script| {
            jettison_rewrite::append_command(sheet.dockerfile, step.instruction, script, "npm cache clean --force")
        });
        let bytes = weights::npm(sheet).map(|lock| lock.cache);
        let found = Found::at(step, step.calls[at].span(), "npm's cache stays in the layer").costs_modelled(bytes);
        sink.push(found.safe("clean the cache in the same RUN", edit.into_iter().collect()));
    }
}
