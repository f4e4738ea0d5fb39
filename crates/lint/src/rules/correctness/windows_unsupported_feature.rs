//! # windows-unsupported-feature
//!
//! ## What it does
//! Finds mounts, `--chown`, `--chmod` and STOPSIGNAL in stages on Windows.
//!
//! ## Why is this bad?
//! Windows has no such owners, modes and signals: the build fails, or ignores them.
//!
//! ## Example
//! ```dockerfile bad
//! FROM mcr.microsoft.com/windows/servercore:ltsc2022
//! COPY --chown=app app.exe C:/app/
//! ```
//! ```dockerfile good
//! FROM mcr.microsoft.com/windows/servercore:ltsc2022
//! COPY app.exe C:/app/
//! ```
//!
//! ## Fix safety
//! Unsafe: a flag that was ignored is taken away.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#copy---chown---chmod>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:windows/no-run-mounts", "t:windows/no-chown-flag", "t:windows/no-stopsignal"],
    ..RuleInfo::new(
        "windows-unsupported-feature",
        Category::Correctness,
        Severity::Warning,
        "Windows does not have this",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in &sheet.steps {
        if !step.stage.is_some_and(|stage| sheet.distro(stage) == Distro::Windows) {
            continue;
        }
        for flag in
            step.instruction.flags.iter().filter(|flag| ["mount", "chown", "chmod"].contains(&flag.name.as_str()))
        {
            let found = Found::at(step, flag.span, format!("Windows has no `--{}`", flag.name));
            sink.push(if flag.name == "mount" { found.severity(Severity::Error) } else { found });
        }
        if step.keyword() == Keyword::Stopsignal {
            sink.push(Found::at(step, step.instruction.keyword_span, "Windows has no signals"));
        }
    }
}
