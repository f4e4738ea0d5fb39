//! # apt-cli-in-script
//!
//! ## What it does
//! Finds `apt` where `apt-get` or `apt-cache` is meant for scripts.
//!
//! ## Why is this bad?
//! `apt` is made for people: it warns that its output and options may change.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN apt update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl && apt-mark manual curl && rm -rf /var/lib/apt/lists/*
//! ```
//!
//! ## Fix safety
//! Safe: both do the same here.
//!
//! ## References
//! <https://manpages.debian.org/apt>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3027", "CKV_DOCKER_9", "DF059", "DD024", "k:run_using_apt"],
    fix: FixKind::Safe,
    ..RuleInfo::new(
        "apt-cli-in-script",
        Category::Correctness,
        Severity::Info,
        "apt is made for people, not for scripts",
    )
};

const GET: [&str; 11] = [
    "install",
    "remove",
    "purge",
    "update",
    "upgrade",
    "autoremove",
    "clean",
    "autoclean",
    "dist-upgrade",
    "build-dep",
    "source",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls_of(Tool::Apt).filter(|(_, call)| call.is("apt")) {
        let arguments = Arguments::of(call);
        let better = match arguments.verb() {
            verb if GET.contains(&verb) => Some("apt-get"),
            "full-upgrade" => Some("apt-get"),
            "search" | "show" | "policy" => Some("apt-cache"),
            _ => None,
        };
        // `apt` takes words that `apt-get` does not: `apt install x` with `--color`, `full-upgrade`.
        let same = arguments.verb() != "full-upgrade" && call.name_word.raw == "apt" && arguments.verb() != "policy";
        let edits =
            better.filter(|_| same).map(|better| Edit::replace(call.name_word.span, better)).into_iter().collect();
        let found =
            Found::at(step, call.name_word.span, "`apt` is made for people; scripts use `apt-get` or `apt-cache`");
        sink.push(found.safe("use the command for scripts", edits));
    }
}
