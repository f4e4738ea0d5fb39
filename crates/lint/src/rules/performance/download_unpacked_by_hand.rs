//! # download-unpacked-by-hand
//!
//! ## What it does
//! Finds RUNs that only download a public archive and unpack it, or clone a repository: ADD does both.
//!
//! ## Why is this bad?
//! `ADD` caches by content, checks checksums and needs no curl and no git in the image.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN curl -fsSL https://example.com/tool-1.2.3.tar.gz | tar -xz -C /opt
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ADD --unpack=true https://example.com/tool-1.2.3.tar.gz /opt/
//! ```
//!
//! ## Fix safety
//! No fix: what was downloaded with headers or filters needs more than ADD.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#add>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:prefer-add-unpack", "t:prefer-add-git"],
    on_by_default: false,
    ..RuleInfo::new(
        "download-unpacked-by-hand",
        Category::Performance,
        Severity::Info,
        "ADD would do what this RUN does",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run).filter(|step| !step.onbuild) {
        let plain = ["curl", "wget", "tar", "unzip", "rm", "mkdir", "git", "cd", "set"];
        if step.calls.is_empty() || !step.calls.iter().all(|call| plain.contains(&call.name)) {
            continue;
        }
        let fetch = step.calls.iter().find(|call| {
            let clones = call.tool == Some(Tool::Git) && call.verb() == Some("clone");
            let unpacks = step.calls.iter().any(|other| ["tar", "unzip"].contains(&other.name));
            clones || matches!(call.tool, Some(Tool::Curl | Tool::Wget)) && unpacks
        });
        let simple =
            fetch.filter(|call| !Arguments::of(call).has(&["-H", "--header", "-u", "--user", "-d", "--data", "-b"]));
        if let Some(call) = simple {
            let what = if call.is("git") { "`ADD repository.git#ref`" } else { "`ADD --unpack=true`" };
            sink.push(Found::at(step, call.span(), format!("{what} does this, and caches by content")).likely());
        }
    }
}
