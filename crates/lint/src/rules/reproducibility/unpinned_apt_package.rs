//! # unpinned-apt-package
//!
//! ## What it does
//! Finds packages that apt installs without a version.
//!
//! ## Why is this bad?
//! Another day installs another version. But Debian and Ubuntu remove superseded versions, so that a pin breaks the build within
//! weeks and says nothing of dependencies: a base image with a digest and a dated snapshot repository do better. Off by default.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl=7.88.1-10 && rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ARG CURL="curl=7.88.1-10"
//! RUN apt-get update && apt-get install -y -t bookworm-backports $CURL ./local.deb && rm -rf /var/lib/apt/lists/*
//! ```
//!
//! ## Fix safety
//! No fix: the versions are not in the file.
//!
//! ## References
//! <https://snapshot.debian.org/>

use super::super::prelude::*;
use super::packages;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3008", "DF005", "DD022", "k:apt_get_install_pin_version_not_defined"],
    on_by_default: false,
    ..RuleInfo::new(
        "unpinned-apt-package",
        Category::Reproducibility,
        Severity::Warning,
        "apt installs packages without versions",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls_of(Tool::Apt) {
        let arguments = Arguments::of(call);
        let foreign = sheet.is_hadolint() && !call.is("apt-get");
        if !arguments.does(&["install"]) || foreign {
            continue;
        }
        let unpinned: Vec<&Arg<'_>> = arguments.rest().iter().copied().filter(|arg| !is_pinned(arg)).collect();
        packages::report(step, &unpinned, None, sink);
    }
}

fn is_pinned(arg: &Arg<'_>) -> bool {
    let text = arg.text();
    packages::is_unknown(arg)
        || text.contains(['=', '/', '^'])
        || text.ends_with(".deb")
        || text.ends_with(['-', '+']) && !text.ends_with("++")
}
