//! # sudo-shipped
//!
//! ## What it does
//! Finds final images with sudo, or with rights for it without a password.
//!
//! ## Why is this bad?
//! Whoever gets into the program is root with one word.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN apt-get update && apt-get install -y sudo && rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#user>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    roles: Roles::FINAL,
    ..RuleInfo::new("sudo-shipped", Category::Security, Severity::Warning, "the image ships sudo")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls() {
        let system = matches!(call.tool, Some(Tool::Apt | Tool::Apk | Tool::Dnf | Tool::Yum | Tool::Zypper));
        let installs = system && Arguments::of(call).does(&["install", "add", "in"]);
        let package = call.args.iter().find(|arg| installs && ["sudo", "doas"].contains(&arg.text()));
        let rights = call.args.iter().find(|arg| arg.word.raw.contains("NOPASSWD"));
        if let Some(arg) = package {
            sink.push(Found::at(step, arg.span(), format!("`{}` makes root of whoever gets in", arg.text())));
        } else if let Some(arg) = rights {
            sink.push(Found::at(step, arg.span(), "NOPASSWD makes root of whoever gets in"));
        }
    }
}
