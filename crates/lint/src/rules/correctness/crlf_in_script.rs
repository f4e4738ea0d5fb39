//! # crlf-in-script
//!
//! ## What it does
//! Finds scripts whose lines end in a carriage return: here-documents of the file itself, and scripts of the context that are
//! copied.
//!
//! ## Why is this bad?
//! The shell takes the carriage return for part of the last word: `sh\r` is no interpreter, and `apt-get\r` no program.
//!
//! ## Example
//! ```dockerfile bad context:run.sh=CRLF
//! FROM debian:12
//! COPY run.sh /run.sh
//! ```
//! ```dockerfile good context:run.sh=LF
//! FROM debian:12
//! COPY run.sh /run.sh
//! ```
//!
//! ## Fix safety
//! No fix: `.gitattributes` with `*.sh text eol=lf` keeps the file right.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#here-documents>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo =
    RuleInfo::new("crlf-in-script", Category::Correctness, Severity::Warning, "a script has carriage returns");

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.steps.iter().filter(|step| !step.onbuild) {
        for heredoc in &step.instruction.heredocs {
            let body = sheet.text(heredoc.body);
            let script = step.keyword() == Keyword::Run || body.starts_with("#!");
            if script && body.contains("\r\n") {
                sink.push(Found::at(step, heredoc.token, "the lines of this script end in carriage returns"));
            }
        }
        let Some(copy) = step.instruction.as_copy().filter(|copy| copy.from.is_none()) else { continue };
        for source in &copy.sources {
            let path = source.raw.trim_start_matches("./");
            let plain = !path.contains(['*', '$', '?', ':']) && name_of(path).contains('.');
            let Some(head) = plain.then(|| sheet.world.read(path, 512)).flatten() else { continue };
            let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
            if first.starts_with(b"#!") && first.ends_with(b"\r") && !is_converted(sheet, step) {
                let message = format!("the lines of `{path}` end in carriage returns: its interpreter is not found");
                sink.push(Found::at(step, source.span, message));
            }
        }
    }
}

/// Whether a later step takes them away.
fn is_converted(sheet: &Sheet<'_>, copy: &Step<'_>) -> bool {
    sheet.steps.iter().filter(|step| step.index > copy.index).any(|step| {
        let text = sheet.text(step.instruction.span);
        ["dos2unix", "\\r", "\\015", "\\x0d"].iter().any(|sign| text.contains(sign))
    })
}
