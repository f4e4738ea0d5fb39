//! # cleartext-download
//!
//! ## What it does
//! Finds downloads by http, ftp and git without encryption.
//!
//! ## Why is this bad?
//! Whoever is on the way can change what is built.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN curl -fsSLO http://example.com/tool
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN curl -fsSLO https://example.com/tool && curl http://localhost:8080/health
//! ```
//!
//! ## Fix safety
//! Unsafe: the server may not speak https.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#add---checksum>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    fix: FixKind::Unsafe,
    ..RuleInfo::new("cleartext-download", Category::Security, Severity::Warning, "a download can be changed on its way")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls().filter(|(_, call)| fetches(call)) {
        for arg in &call.args {
            report(step, arg.text(), arg.word.raw.as_str(), arg.span(), sink);
        }
    }
    for step in sheet.of(Keyword::Add) {
        let sources = step.instruction.as_copy().map(|copy| copy.sources).unwrap_or_default();
        sources.iter().for_each(|source| report(step, &source.raw, &source.raw, source.span, sink));
    }
}

fn fetches(call: &Call<'_>) -> bool {
    let clones =
        call.tool == Some(Tool::Git) && ["clone", "fetch", "submodule"].contains(&call.verb().unwrap_or_default());
    matches!(call.tool, Some(Tool::Curl | Tool::Wget)) || clones
}

fn report(step: &Step<'_>, text: &str, raw: &str, span: Span, sink: &mut Sink<'_>) {
    let scheme = ["http://", "ftp://", "git://"].iter().find(|scheme| text.starts_with(**scheme));
    let Some(scheme) = scheme else { return };
    let host = text[scheme.len()..].split(['/', ':']).next().unwrap_or_default();
    let local = host.is_empty()
        || ["localhost", "127.0.0.1", "0.0.0.0", "host.docker.internal"].contains(&host)
        || host.contains('$')
        || !host.contains('.');
    if local {
        return;
    }
    let in_place = raw.starts_with("http://") && *scheme == "http://" && span.len() == raw.len();
    let start = span.start as usize;
    let edits = if in_place { vec![Edit::replace(Span::new(start, start + 4), "https")] } else { Vec::new() };
    let message = format!("`{scheme}{host}` can be changed on its way");
    sink.push(Found::at(step, span, message).risky("use https", edits));
}
