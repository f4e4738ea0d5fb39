//! # sparse-user-database
//!
//! ## What it does
//! Finds `useradd` with a large UID and without `--no-log-init`.
//!
//! ## Why is this bad?
//! `lastlog` and `faillog` are sparse files as long as the largest UID. Layers do not know holes: they can become gigabytes.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN useradd -u 123456 app
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN useradd -l -u 123456 app
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN useradd -u 65534 app
//! ```
//!
//! ## Fix safety
//! Safe: only the entries in these two logs are left out.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#user>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3046", "DF064"],
    fix: FixKind::Safe,
    ..RuleInfo::new(
        "sparse-user-database",
        Category::Size,
        Severity::Warning,
        "useradd with a large UID writes huge sparse logs",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls_of(Tool::Useradd) {
        let arguments = Arguments::of(call);
        let Some(uid) = arguments.value(&["-u", "--uid"]) else { continue };
        // hadolint counts digits.
        let large = if sheet.is_hadolint() { uid.len() > 5 } else { uid.parse::<u64>().is_ok_and(|uid| uid > 65535) };
        if large && !arguments.has(&["-l", "--no-log-init"]) {
            let found = Found::at(step, call.span(), format!("`useradd` with UID {uid} writes huge sparse log files"));
            let edit = Edit::insert(call.name_word.span.end as usize, " -l");
            sink.push(found.safe("add -l", vec![edit]));
        }
    }
}
