//! # cache-mount-not-writable
//!
//! ## What it does
//! Finds cache mounts in RUNs of a user that may not write there: without `uid=` or `mode=` a mount belongs to root.
//!
//! ## Why is this bad?
//! The tool fails, or goes on without its cache and says so in a line that nobody reads.
//!
//! ## Example
//! ```dockerfile bad
//! FROM python:3.13-slim
//! USER 1000
//! RUN --mount=type=cache,target=/home/app/.cache/pip pip install flask==3.1.0
//! ```
//! ```dockerfile fixed
//! FROM python:3.13-slim
//! USER 1000
//! RUN --mount=type=cache,target=/home/app/.cache/pip,uid=1000 pip install flask==3.1.0
//! ```
//! ```dockerfile good
//! FROM python:3.13-slim
//! USER 1000
//! RUN --mount=type=cache,target=/home/app/.cache/pip,uid=1000,gid=1000 pip install flask==3.1.0
//! ```
//! ```dockerfile good
//! FROM python:3.13-slim
//! RUN --mount=type=cache,target=/root/.cache/pip pip install flask==3.1.0
//! ```
//!
//! ## Fix safety
//! Safe: the mount belongs to the user who writes to it.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#run---mounttypecache>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    fix: FixKind::Safe,
    ..RuleInfo::new(
        "cache-mount-not-writable",
        Category::Correctness,
        Severity::Warning,
        "a cache mount belongs to root, and another user writes to it",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run).filter(|step| !step.onbuild) {
        let Some(user) = step.state.user.as_deref().map(|user| user.split(':').next().unwrap_or(user)) else {
            continue;
        };
        let sudo = step.calls.iter().any(|call| call.has_wrapper("sudo"));
        if ["root", "0", ""].contains(&user) || user.contains('$') || sudo {
            continue;
        }
        for mount in step.mounts.iter().filter(|mount| mount.kind == "cache" && mount.from.is_none()) {
            let keys = ["uid", "gid", "mode", "ro", "readonly"];
            let says = mount.other.iter().any(|(key, _)| keys.contains(&key.as_str()));
            let Some(target) = mount.target.as_deref().filter(|_| !says) else { continue };
            let Some(option) = mount.options.iter().find(|option| option.value.as_deref() == Some(target)) else {
                continue;
            };
            let numeric = user.bytes().all(|byte| byte.is_ascii_digit());
            let plain = numeric && !sheet.text(option.span).contains('"');
            let edits =
                if plain { vec![Edit::insert(option.span.end as usize, format!(",uid={user}"))] } else { Vec::new() };
            let message = format!("the mount belongs to root, and `{user}` may not write to it");
            sink.push(Found::at(step, option.span, message).safe("give it to the user", edits));
        }
    }
}
