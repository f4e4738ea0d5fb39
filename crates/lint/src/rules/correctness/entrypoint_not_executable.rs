//! # entrypoint-not-executable
//!
//! ## What it does
//! Finds programs of CMD and ENTRYPOINT that are copied from files which may not be executed, or whose first line ends in a
//! carriage return.
//!
//! ## Why is this bad?
//! The container does not start: `permission denied`, or `no such file or directory` for an interpreter called `sh\r`.
//!
//! ## Example
//! ```dockerfile bad context:entrypoint.sh=0644:#!/bin/sh
//! FROM debian:12
//! COPY entrypoint.sh /entrypoint.sh
//! ENTRYPOINT ["/entrypoint.sh"]
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! COPY --chmod=755 entrypoint.sh /entrypoint.sh
//! ENTRYPOINT ["/entrypoint.sh"]
//! ```
//! ```dockerfile good context:entrypoint.sh=0755:#!/bin/sh
//! FROM debian:12
//! COPY entrypoint.sh /entrypoint.sh
//! ENTRYPOINT ["/entrypoint.sh"]
//! ```
//! ```dockerfile good context:entrypoint.sh=0644:#!/bin/sh
//! FROM debian:12
//! COPY entrypoint.sh /entrypoint.sh
//! RUN chmod +x /entrypoint.sh
//! ENTRYPOINT ["/entrypoint.sh"]
//! ```
//! ```dockerfile good context:entrypoint.sh=0644:#!/bin/sh
//! FROM debian:12
//! COPY entrypoint.sh /entrypoint.sh
//! ENTRYPOINT ["sh", "/entrypoint.sh"]
//! ```
//!
//! ## Fix safety
//! Safe: a file that is started must be executable. No fix for line ends.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#copy---chown---chmod>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    roles: Roles::FINAL,
    fix: FixKind::Safe,
    ..RuleInfo::new(
        "entrypoint-not-executable",
        Category::Correctness,
        Severity::Error,
        "the program of the image cannot be started",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.finals() {
        for keyword in [Keyword::Entrypoint, Keyword::Cmd] {
            let Some(step) = sheet.last(stage.index, keyword) else { continue };
            let Form::Exec(words) = &step.instruction.form else { continue };
            let Some(program) = words.first().filter(|word| word.raw.starts_with('/')) else { continue };
            let found = source_of(sheet, stage.index, &program.raw);
            let Some((copy, path)) = found.filter(|(copy, _)| copy.instruction.flag("chmod").is_none()) else {
                continue;
            };
            if keyword == Keyword::Cmd && sheet.last(stage.index, Keyword::Entrypoint).is_some() {
                continue;
            }
            judge(sheet, sink, step, copy, &path, &program.raw);
        }
    }
}

fn judge(sheet: &Sheet<'_>, sink: &mut Sink<'_>, step: &Step<'_>, copy: &Step<'_>, path: &str, program: &str) {
    let head = sheet.world.read(path, 256).unwrap_or_default();
    let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let span = step.instruction.body.span;
    if first.starts_with(b"#!") && first.ends_with(b"\r") && !converted(sheet, copy) {
        let message = format!("the first line of `{path}` ends in a carriage return: its interpreter is not found");
        sink.push(Found::at(step, span, message).severity(Severity::Error));
    }
    let changed =
        sheet.lineage(copy.stage.unwrap_or_default()).any(|other| makes_executable(sheet, other, copy, program));
    if sheet.world.is_executable(path) == Some(false) && !changed {
        let message = format!("`{path}` may not be executed: the container does not start");
        let flag = jettison_dockerfile::edit::add_flag(sheet.dockerfile, copy.index, "--chmod=755");
        let single = copy.instruction.as_copy().is_some_and(|copy| copy.sources.len() == 1);
        let edits = flag.filter(|_| single && copy.keyword() == Keyword::Copy).into_iter().collect();
        sink.push(Found::at(step, span, message).safe("make it executable where it is copied", edits));
    }
}

/// The COPY that brings a program from the context, and the file that it comes from.
fn source_of<'s, 'f>(sheet: &'s Sheet<'f>, stage: usize, program: &str) -> Option<(&'s Step<'f>, String)> {
    let steps =
        sheet.lineage(stage).filter(|step| matches!(step.keyword(), Keyword::Copy | Keyword::Add) && !step.onbuild);
    let mut found = None;
    for step in steps {
        let Some(copy) = step.instruction.as_copy().filter(|copy| copy.from.is_none()) else { continue };
        let (Some(target), [source]) = (copy.destination, copy.sources.as_slice()) else { continue };
        let Some(target) = sheet.value(step, &target.raw) else { continue };
        let path = source.raw.trim_start_matches("./").trim_end_matches('/');
        let into = if target.ends_with('/') { format!("{target}{}", name_of(path)) } else { target };
        if into == program && !path.contains(['*', '?', '[', '$']) {
            found = Some((step, path.to_owned()));
        }
    }
    found
}

/// Whether a later RUN may change the mode.
fn makes_executable(sheet: &Sheet<'_>, other: &Step<'_>, copy: &Step<'_>, program: &str) -> bool {
    let text = sheet.text(other.instruction.span);
    let later = other.keyword() == Keyword::Run && other.index > copy.index;
    later && (text.contains("chmod") || text.contains("install ") && text.contains(name_of(program)))
}

fn converted(sheet: &Sheet<'_>, copy: &Step<'_>) -> bool {
    sheet.steps.iter().filter(|step| step.index > copy.index).any(|step| {
        let text = sheet.text(step.instruction.span);
        text.contains("dos2unix") || text.contains("\\r") || text.contains("\\015")
    })
}
