//! # system-directory-workdir
//!
//! ## What it does
//! Finds WORKDIR and VOLUME in folders of the system.
//!
//! ## Why is this bad?
//! What the app writes lands among the system's files, or in none that last.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! WORKDIR /proc/app
//! ```
//! ```dockerfile good
//! FROM debian:12
//! WORKDIR /etc/nginx
//! WORKDIR /app
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#workdir>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DS-0030"],
    ..RuleInfo::new(
        "system-directory-workdir",
        Category::Security,
        Severity::Warning,
        "the app works in a system folder",
    )
};

const FOLDERS: [&str; 9] = ["/proc", "/sys", "/dev", "/boot", "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/lib"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.steps.iter().filter(|step| matches!(step.keyword(), Keyword::Workdir | Keyword::Volume)) {
        for word in &step.instruction.words {
            let Some(path) = sheet.value(step, &word.raw) else { continue };
            let path = path.trim_end_matches('/');
            let below =
                |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            let volume = step.keyword() == Keyword::Volume && ["", "/etc", "/usr"].contains(&path);
            if FOLDERS.iter().any(|folder| below(folder)) || volume {
                sink.push(Found::at(step, word.span, format!("`{}` is a folder of the system", word.raw)));
            }
        }
    }
}
