//! # noisy-download-log
//!
//! ## What it does
//! Finds wget that writes its progress into the build's log. Off by default.
//!
//! ## Why is this bad?
//! Thousands of lines in which nobody finds the error.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN wget https://example.com/a.tgz
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN wget -q https://example.com/a.tgz && wget --progress=dot:giga https://example.com/b.tgz
//! ```
//!
//! ## Fix safety
//! No fix here: Busybox' wget has no `--progress`.
//!
//! ## References
//! <https://www.gnu.org/software/wget/manual/wget.html>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3047", "DF056"],
    on_by_default: false,
    ..RuleInfo::new("noisy-download-log", Category::Performance, Severity::Info, "wget fills the log with its progress")
};

const QUIET: [&str; 11] = [
    "-q",
    "--quiet",
    "-nv",
    "--no-verbose",
    "--progress",
    "-o",
    "--output-file",
    "-a",
    "--append-output",
    "--report-speed",
    "-b",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls_of(Tool::Wget) {
        let bundled = call.args.iter().any(|arg| arg.text().starts_with("-nv"));
        if !bundled && !Arguments::of(call).has(&QUIET) && !call.args.is_empty() {
            sink.push(Found::at(step, call.span(), "wget writes its progress into the log"));
        }
    }
}
