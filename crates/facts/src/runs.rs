//! RUN as a flat list of classified commands, where it is one.

use jettison_dockerfile::shell::{Node, Parsed, Script, Simple, Word};
use jettison_dockerfile::stages::Effective;
use jettison_dockerfile::{Dockerfile, Form, Instruction};
use jettison_model::Span;

use crate::classify::classify;
use crate::{RunFacts, Segment};

pub(crate) fn read(
    dockerfile: &Dockerfile,
    index: usize,
    instruction: &Instruction,
    before: &Effective,
) -> Option<RunFacts> {
    let run = instruction.as_run()?;
    let mounts = !run.mounts.is_empty() || !run.devices.is_empty();
    let special = mounts || !instruction.heredocs.is_empty() || run.network.is_some() || run.security.is_some();
    let script = match instruction.form {
        Form::Exec(_) => None,
        Form::Shell if before.shell.as_deref().is_some_and(|shell| !is_posix(shell)) => None,
        Form::Shell => instruction.script(dockerfile),
    };
    let segments = script.as_ref().and_then(Parsed::script).and_then(segments);
    Some(RunFacts { instruction: index, segments, special, user: before.user.clone(), workdir: before.workdir.clone() })
}

/// `/bin/sh -c`, `/bin/bash -eo pipefail -c`, …; not PowerShell, Python or `conda run`.
fn is_posix(shell: &[String]) -> bool {
    let known = |program: &String| ["ash", "bash", "dash", "sh"].contains(&crate::path::base_name(program));
    shell.first().is_some_and(known) && shell.last().is_some_and(|last| last.starts_with('-') && last.ends_with('c'))
}

fn segments(script: &Script) -> Option<Vec<Segment>> {
    if !script.is_flat() {
        return None;
    }
    let segment = |item: &jettison_dockerfile::shell::Item| match &item.node {
        Node::Simple(command) => Some(segment(command)),
        _ => None,
    };
    script.items.iter().map(segment).collect()
}

fn segment(command: &Simple) -> Segment {
    let words = command.words.iter().map(|word| word.literal.clone()).collect();
    Segment { kind: classify(command), span: span(command), text: text(command), words }
}

/// From the first assignment or word to the last word or redirection.
fn span(command: &Simple) -> Span {
    let parts = command.assignments.iter().map(|(_, value)| value).chain(&command.words).chain(&command.redirects);
    let end = parts.map(|word| word.span.end).max().unwrap_or(command.span.end);
    Span { start: command.span.start.min(end), end }
}

/// The command on one line, words as written.
fn text(command: &Simple) -> String {
    let assignments = command.assignments.iter().map(|(name, value)| format!("{name}={}", value.raw));
    let raw = |word: &Word| word.raw.clone();
    let words = assignments.chain(command.words.iter().map(raw)).chain(command.redirects.iter().map(raw));
    words.collect::<Vec<_>>().join(" ")
}
