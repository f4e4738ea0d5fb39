//! # piped-remote-script
//!
//! ## What it does
//! Finds remote content that goes straight to an interpreter: `curl … | sh`.
//!
//! ## Why is this bad?
//! What runs is whatever the server sends that day, and a cut download runs half.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN curl -fsSL https://example.com/install.sh | bash
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN curl -fsSL https://example.com/a.tgz | tar xz && curl -fsSL https://example.com/k | gpg --dearmor -o /k
//! ```
//!
//! ## Fix safety
//! No fix: the checksum is not in the file.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#add---checksum>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DF021", "DD054"],
    ..RuleInfo::new("piped-remote-script", Category::Security, Severity::Warning, "a download goes straight to a shell")
};

const INTERPRETERS: [&str; 10] = ["sh", "bash", "ash", "dash", "zsh", "python", "python3", "node", "perl", "ruby"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        for (at, call) in step.calls.iter().enumerate() {
            let piped = call.place.pipe.0 > 0 && is_bare(call);
            let source = step.calls[..at]
                .iter()
                .rev()
                .take_while(|other| other.place.pipe.1 > 1 && other.place.item == call.place.item);
            let downloads = piped && source.into_iter().any(is_download);
            if downloads {
                let message = format!("`{}` runs whatever the server sends", call.name);
                sink.push(Found::at(step, call.span(), message));
            } else if INTERPRETERS.contains(&call.name) || ["eval", "source", "."].contains(&call.name) {
                inner(step, call, sink);
            }
        }
    }
}

fn is_download(call: &Call<'_>) -> bool {
    matches!(call.tool, Some(Tool::Curl | Tool::Wget))
}

/// An interpreter that reads its standard input.
fn is_bare(call: &Call<'_>) -> bool {
    let first = call.args.iter().map(Arg::text).find(|text| !text.starts_with('-') || *text == "-");
    let reads = call.args.iter().any(|arg| ["-s", "-", "/dev/stdin"].contains(&arg.text()));
    INTERPRETERS.contains(&call.name) && (reads || first.is_none())
}

/// `bash <(curl …)`, `sh -c "$(curl …)"`.
fn inner(step: &Step<'_>, call: &Call<'_>, sink: &mut Sink<'_>) {
    let downloads = call.simple.substitutions.iter().flat_map(|script| script.simple_commands());
    let mut names = downloads.filter_map(|simple| simple.name().map(str::to_owned));
    let own = call.args.iter().any(|arg| {
        arg.word.parts.iter().any(|part| {
            use jettison_dockerfile::shell::PartKind::{Command, Process};
            matches!(part.kind, Command | Process)
        })
    });
    if own && names.any(|name| ["curl", "wget"].contains(&name.as_str())) {
        sink.push(Found::at(step, call.span(), format!("`{}` runs whatever the server sends", call.name)));
    }
}
