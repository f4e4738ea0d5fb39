//! # yarn-cache-kept
//!
//! ## What it does
//! Finds a RUN that installs with yarn and leaves its cache in the layer.
//!
//! ## Why is this bad?
//! The cache holds about as much as `node_modules`, a second time.
//!
//! ## Example
//! ```dockerfile bad
//! FROM node:22
//! RUN yarn install --frozen-lockfile
//! ```
//! ```dockerfile fixed
//! FROM node:22
//! RUN yarn install --frozen-lockfile \
//!     && yarn cache clean
//! ```
//! ```dockerfile good
//! FROM node:22
//! RUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install --frozen-lockfile
//! ```
//!
//! ## Fix safety
//! Safe: the cache is filled again when needed.
//!
//! ## References
//! <https://classic.yarnpkg.com/lang/en/docs/cli/cache/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3060", "DF055"],
    roles: Roles::SHIPPED,
    fix: FixKind::Safe,
    ..RuleInfo::new("yarn-cache-kept", Category::Size, Severity::Info, "yarn's cache stays in the layer")
};

/// Where Yarn 1 keeps its cache for root, and for users with a home.
const CACHES: [&str; 3] = ["/usr/local/share/.cache/yarn", "/root/.cache/yarn", "/root/.yarn"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        let does = |call: &Call<'_>, verbs: &[&str]| {
            call.tool == Some(Tool::Yarn) && verbs.contains(&call.verb().unwrap_or_default())
        };
        let installs: &[&str] = if sheet.is_hadolint() { &["install"] } else { &["install", "add", ""] };
        let installs = |call: &Call<'_>| does(call, installs) && !is_question(call);
        let Some(at) = step.calls.iter().rposition(installs) else { continue };
        let cleaned = step.calls.iter().skip(at + 1).any(|call| does(call, &["cache"]));
        let deleted = CACHES.iter().any(|cache| step.deletes_after(at, cache));
        if cleaned || deleted || is_mounted(step) || is_modern(sheet, step) {
            continue;
        }
        let script = step.understood().filter(|_| !step.onbuild && step.calls[at].place.script == 0);
        let edit = script.and_then(|script| {
            jettison_rewrite::append_command(sheet.dockerfile, step.instruction, script, "yarn cache clean")
        });
        let found = Found::at(step, step.calls[at].span(), "yarn's cache stays in the layer");
        sink.push(found.safe("clean the cache in the same RUN", edit.into_iter().collect()));
    }
}

fn is_question(call: &Call<'_>) -> bool {
    call.args.iter().any(|arg| ["--version", "-v", "--help", "-h"].contains(&arg.text()))
}

fn is_mounted(step: &Step<'_>) -> bool {
    let named = |target: &str| target.contains("yarn") || target.ends_with("/.cache");
    step.mounts
        .iter()
        .any(|mount| ["cache", "tmpfs"].contains(&mount.kind.as_str()) && mount.target.as_deref().is_some_and(named))
}

/// Whether the file sets up Yarn 2 or later, whose cache may be the project's own.
fn is_modern(sheet: &Sheet<'_>, step: &Step<'_>) -> bool {
    let Some(stage) = step.stage else { return false };
    let signs =
        [".yarnrc.yml", "yarn set version", "yarn@2", "yarn@3", "yarn@4", "yarn@stable", "yarn@berry", ".yarn/"];
    let immutable = step.calls.iter().any(|call| call.args.iter().any(|arg| arg.text() == "--immutable"));
    immutable
        || sheet.lineage(stage).take_while(|other| other.index <= step.index).any(|other| {
            let text = sheet.text(other.instruction.span);
            signs.iter().any(|sign| text.contains(sign))
        })
}
