//! # unpinned-apk-package
//!
//! ## What it does
//! Finds packages that apk installs without a version.
//!
//! ## Why is this bad?
//! Another day installs another version. But Alpine removes superseded builds, so that exact pins break the build; `~=` ranges
//! hold longer. Off by default.
//!
//! ## Example
//! ```dockerfile bad
//! FROM alpine:3.22
//! RUN apk add --no-cache curl
//! ```
//! ```dockerfile good
//! FROM alpine:3.22
//! RUN apk add --no-cache --virtual .deps curl~=8.14
//! ```
//!
//! ## Fix safety
//! No fix: the versions are not in the file.
//!
//! ## References
//! <https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper#Package_pinning>

use super::super::prelude::*;
use super::packages;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3018", "DF052", "DD027", "k:unpinned_package_version_in_apk_add"],
    on_by_default: false,
    ..RuleInfo::new(
        "unpinned-apk-package",
        Category::Reproducibility,
        Severity::Warning,
        "apk installs packages without versions",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls_of(Tool::Apk) {
        let arguments = Arguments::of(call);
        if arguments.does(&["add"]) {
            let unpinned: Vec<&Arg<'_>> = arguments.rest().iter().copied().filter(|arg| !is_pinned(arg)).collect();
            packages::report(step, &unpinned, None, sink);
        }
    }
}

fn is_pinned(arg: &Arg<'_>) -> bool {
    let text = arg.text();
    packages::is_unknown(arg)
        || text.contains(['=', '~', '>', '<', '/', '@'])
        || text.starts_with('!')
        || text.ends_with(".apk")
}
