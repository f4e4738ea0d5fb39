//! # pointless-container-command
//!
//! ## What it does
//! Finds commands that mean nothing in a build: `shutdown`, `systemctl`, `mount`, `top`, …
//!
//! ## Why is this bad?
//! There is no system to administrate while an image is built, and nobody to look.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN systemctl restart nginx
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN apt-get update && apt-get install -y vim && rm -rf /var/lib/apt/lists/*
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3001", "DF060", "k:run_utilities_and_posix_commands"],
    ..RuleInfo::new(
        "pointless-container-command",
        Category::Correctness,
        Severity::Info,
        "a command means nothing while an image is built",
    )
};

const POINTLESS: [&str; 8] = ["shutdown", "reboot", "systemctl", "mount", "ifconfig", "top", "vim", "halt"];

/// hadolint's list.
const HADOLINT: [&str; 10] = ["free", "ifconfig", "kill", "mount", "ps", "service", "shutdown", "ssh", "top", "vim"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let list: &[&str] = if sheet.is_hadolint() { &HADOLINT } else { &POINTLESS };
    for (step, call) in sheet.calls().filter(|(_, call)| list.contains(&call.name)) {
        // `systemctl enable` only makes links, which an image with an init wants.
        let links = ["enable", "disable", "mask", "set-default", "preset"].contains(&call.verb().unwrap_or_default());
        if !(call.is("systemctl") && links) {
            sink.push(Found::at(step, call.span(), format!("`{}` means nothing while an image is built", call.name)));
        }
    }
}
