//! # cache-disabled-on-mount
//!
//! ## What it does
//! Finds installs with a cache mount and a switch that keeps the cache empty.
//!
//! ## Why is this bad?
//! The mount is there to keep downloads, and never gets any.
//!
//! ## Example
//! ```dockerfile bad
//! FROM python:3.13
//! RUN --mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir -r requirements.txt
//! ```
//! ```dockerfile fixed
//! FROM python:3.13
//! RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt
//! ```
//! ```dockerfile good
//! FROM python:3.13
//! RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt
//! ```
//!
//! ## Fix safety
//! Safe: the cache is in the mount, not in the layer.
//!
//! ## References
//! <https://docs.docker.com/build/cache/optimize/#use-cache-mounts>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    fix: FixKind::Safe,
    ..RuleInfo::new("cache-disabled-on-mount", Category::Cache, Severity::Info, "a cache mount is kept empty")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        let mounted = |path: &str| {
            let below = |target: &str| {
                path.strip_prefix(target.trim_end_matches('/'))
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            step.mounts.iter().any(|mount| mount.kind == "cache" && mount.target.as_deref().is_some_and(below))
        };
        for call in &step.calls {
            let (folder, switch) = match call.tool {
                Some(Tool::Pip) => ("/root/.cache/pip", "--no-cache-dir"),
                Some(Tool::Apk) => ("/etc/apk/cache", "--no-cache"),
                Some(Tool::Uv) => ("/root/.cache/uv", "--no-cache"),
                _ => continue,
            };
            let arguments = Arguments::of(call);
            let switches = [switch];
            let Some(option) = arguments.all(&switches).next().filter(|_| mounted(folder)) else { continue };
            let place = option.arg.span();
            let source = sheet.dockerfile.source();
            let blank = source.get(place.start.saturating_sub(1) as usize) == Some(&b' ') && option.arg.literal;
            let edits =
                if blank { vec![Edit::delete(Span { start: place.start - 1, end: place.end })] } else { Vec::new() };
            let found = Found::at(step, place, format!("`{switch}` keeps the cache mount empty"));
            sink.push(found.safe("leave the switch out", edits));
        }
    }
}
