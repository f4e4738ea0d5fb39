//! # secret-deleted-too-late
//!
//! ## What it does
//! Finds secret files that one step brings or writes and a later one deletes.
//!
//! ## Why is this bad?
//! The layer of the first step keeps the file: whoever has the image can read it there.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! COPY id_rsa /root/.ssh/id_rsa
//! RUN git clone git@example.com:acme/app
//! RUN rm /root/.ssh/id_rsa
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN --mount=type=ssh git clone git@example.com:acme/app
//! ```
//!
//! ## Fix safety
//! No fix: a secret mount or an ssh mount brings the file for one RUN only.
//!
//! ## References
//! <https://docs.docker.com/build/building/secrets/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo::new(
    "secret-deleted-too-late",
    Category::Security,
    Severity::Error,
    "a deleted secret stays in an earlier layer",
);

/// Ends of paths that hold secrets by their name.
const SECRET: [&str; 16] = [
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    ".netrc",
    ".pypirc",
    ".npmrc",
    ".git-credentials",
    ".pgpass",
    ".env",
    ".aws/credentials",
    ".docker/config.json",
    ".kube/config",
    "master.key",
    ".p12",
    ".ssh",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run).filter(|step| !step.onbuild) {
        let Some(stage) = step.stage else { continue };
        for call in step.calls.iter().filter(|call| call.is("rm") || call.is("shred")) {
            let Some((arg, path)) = call.args.iter().find_map(|arg| Some((arg, secret(&arg.word.raw)?))) else {
                continue;
            };
            let name = name_of(path);
            let earlier = || sheet.lineage(stage).filter(|other| other.index < step.index && !other.onbuild);
            let brought = earlier().find(|other| brings(other, name));
            if let Some(other) = brought.filter(|_| !step.mounts_over(path)) {
                let message = format!(
                    "`{name}` stays in the layer of line {}, for whoever has the image",
                    other.instruction.line
                );
                sink.push(Found::at(step, arg.span(), message));
                break;
            }
        }
    }
}

/// The path, if it is a secret's.
fn secret(raw: &str) -> Option<&str> {
    let path = raw.trim_matches(['"', '\'']).trim_end_matches(['/', '*']);
    SECRET.iter().any(|end| path.ends_with(end)).then_some(path)
}

/// Whether a step copies a file of that name, or writes one and keeps it.
fn brings(step: &Step<'_>, name: &str) -> bool {
    let ends = |word: &str| word.trim_matches(['"', '\'']).trim_end_matches('/').ends_with(name);
    match step.keyword() {
        Keyword::Copy | Keyword::Add => step.instruction.as_copy().is_some_and(|copy| {
            copy.from.is_none()
                && (copy.sources.iter().any(|source| ends(&source.raw))
                    || copy.destination.is_some_and(|word| ends(&word.raw)))
        }),
        Keyword::Run if name != ".ssh" => step.calls.iter().any(|call| {
            let into = call.simple.redirects.iter().any(|redirect| redirect.raw.contains('>') && ends(&redirect.raw));
            into && ["echo", "printf", "cat"].contains(&call.name)
        }),
        _ => false,
    }
}
