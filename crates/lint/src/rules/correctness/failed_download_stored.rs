//! # failed-download-stored
//!
//! ## What it does
//! Finds `curl` that keeps the server's error page: it saves or pipes a body without `-f`.
//!
//! ## Why is this bad?
//! The step succeeds, and the page with the error is cached as the file.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN curl -sSL -o /tool https://example.com/tool
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN curl -f -sSL -o /tool https://example.com/tool
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN curl -fsSL -o /tool https://example.com/tool && curl https://example.com/
//! ```
//!
//! ## Fix safety
//! Unsafe: a download may have failed so far without anybody minding.
//!
//! ## References
//! <https://curl.se/docs/manpage.html#-f>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DF035"],
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "failed-download-stored",
        Category::Correctness,
        Severity::Warning,
        "an error page becomes the file",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls_of(Tool::Curl) {
        let arguments = Arguments::of(call);
        let fails = arguments.has(&[
            "-f",
            "--fail",
            "--fail-with-body",
            "-I",
            "--head",
            "-w",
            "--write-out",
            "-V",
            "--version",
        ]);
        let (at, length) = call.place.pipe;
        let piped = at + 1 < length && pipes_on(step, call);
        let stored = arguments.has(&["-o", "--output", "-O", "--remote-name", "-J"])
            || call.simple.redirects.iter().any(|one| one.raw.starts_with('>'));
        let dropped = arguments.value(&["-o", "--output"]) == Some("/dev/null");
        let checked = step
            .calls
            .iter()
            .any(|other| other.name.ends_with("sum") || ["gpg", "cosign", "minisign"].contains(&other.name));
        if fails || dropped || checked || !(stored || piped) || arguments.unknown {
            continue;
        }
        let found = Found::at(step, call.span(), "without `-f` an error page of the server becomes the file");
        sink.push(found.risky("add -f", vec![Edit::insert(call.name_word.span.end as usize, " -f")]));
    }
}

/// Whether what reads the pipe keeps it: an interpreter or an unpacker fails by itself on a page.
fn pipes_on(step: &Step<'_>, call: &Call<'_>) -> bool {
    let mut behind =
        step.calls.iter().filter(|other| other.place.item == call.place.item && other.place.pipe.0 > call.place.pipe.0);
    behind.any(|other| ["sh", "bash", "tee", "apt-key", "python", "python3"].contains(&other.name))
}
