//! # whole-system-upgrade
//!
//! ## What it does
//! Finds upgrades of all packages of the base image.
//!
//! ## Why is this bad?
//! Every upgraded package is in the image twice, and which ones are depends on the day. A newer base image does better.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN apt-get update && apt-get upgrade -y && rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN apt-get update && apt-get install -y --only-upgrade openssl && rm -rf /var/lib/apt/lists/*
//! ```
//!
//! ## Fix safety
//! No fix: patching a stale base may be what you want.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &[
        "DL3005",
        "DL3017",
        "DL3031",
        "DL3039",
        "DS-0024",
        "DF044",
        "DD013",
        "DD026",
        "k:use_of_apk_upgrade",
        "k:run_using_upgrade_commands",
    ],
    parts: &[Part::new("zypper-dup", &["DL3035"]).severity(Severity::Warning)],
    roles: Roles::SHIPPED,
    ..RuleInfo::new(
        "whole-system-upgrade",
        Category::Reproducibility,
        Severity::Info,
        "all packages of the base image are upgraded",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls() {
        let arguments = Arguments::of(call);
        let unnamed = arguments.rest().is_empty() && !arguments.unknown;
        let upgrades = match call.tool {
            Some(Tool::Apt) => arguments.does(&["upgrade", "dist-upgrade", "full-upgrade"]) && unnamed,
            Some(Tool::Apk) => arguments.does(&["upgrade"]) && unnamed,
            Some(Tool::Yum | Tool::Dnf) => {
                let filtered = arguments.has(&["--security", "--advisory", "--bugfix", "--cve", "--sec-severity"]);
                arguments.does(&["update", "upgrade"]) && unnamed && !filtered
            }
            Some(Tool::Zypper) if arguments.does(&["dup", "dist-upgrade"]) => {
                let message = "`zypper dup` moves the image to another release of its packages";
                sink.push(Found::at(step, call.span(), message).part("zypper-dup"));
                false
            }
            Some(Tool::Zypper) => arguments.does(&["up", "update"]) && unnamed,
            _ => false,
        };
        if upgrades {
            let message = format!(
                "`{} {}` changes every package of the base, a second time in a layer",
                call.name,
                arguments.verb()
            );
            sink.push(Found::at(step, call.span(), message));
        }
    }
}
