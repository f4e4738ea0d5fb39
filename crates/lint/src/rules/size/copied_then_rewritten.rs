//! # copied-then-rewritten
//!
//! ## What it does
//! Finds `chmod` and `chown` of what an earlier COPY brought in.
//!
//! ## Why is this bad?
//! Every file whose owner or mode changes is in the image twice.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! COPY app /app
//! RUN chown -R 1000:1000 /app
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! COPY --chown=1000:1000 app /app
//! ```
//! ```dockerfile good
//! FROM debian:12
//! COPY --chown=1000:1000 app /app
//! RUN mkdir /data && chown 1000 /data
//! ```
//!
//! ## Fix safety
//! Safe for a RUN of one command directly below the COPY, with a numeric owner or mode.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#copy---chown---chmod>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[Part::new("chown", &[]), Part::new("chmod", &["t:prefer-copy-chmod"])],
    roles: Roles::SHIPPED,
    fix: FixKind::Unsafe,
    ..RuleInfo::new("copied-then-rewritten", Category::Size, Severity::Warning, "copied files are in the image twice")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run).filter(|step| !step.onbuild) {
        let Some(stage) = step.stage else { continue };
        for call in step.calls.iter().filter(|call| call.is("chown") || call.is("chmod")) {
            let part = if call.is("chown") { "chown" } else { "chmod" };
            let words: Vec<&Arg<'_>> = call.args.iter().filter(|arg| !arg.text().starts_with('-')).collect();
            let Some((value, paths)) = words.split_first() else { continue };
            let recursive = call
                .args
                .iter()
                .any(|arg| arg.text().starts_with('-') && arg.text().contains('R') || arg.text() == "--recursive");
            let copies = sheet
                .stage_steps(stage)
                .filter(|other| other.index < step.index && matches!(other.keyword(), Keyword::Copy | Keyword::Add));
            let copied = copies.filter_map(|other| Some((other, destination(other)?))).find(|(_, target)| {
                paths.iter().any(|path| touches(path.text(), target, recursive, &other_workdir(step)))
            });
            let Some((copy, target)) = copied else { continue };
            let message =
                format!("what line {} copied to `{target}` is in the image a second time", copy.instruction.line);
            let edits = fix(sheet, step, call, value, paths, copy, &target, recursive);
            let found = Found::at(step, call.span(), message).part(part).risky("say it where it is copied", edits);
            let found = found.costs_modelled(sheet.copied_bytes(copy));
            let small = !recursive && [".sh", ".py", ".conf", ".json"].iter().any(|ending| target.ends_with(ending));
            sink.push(if small { found.severity(Severity::Info) } else { found });
            break;
        }
    }
}

fn other_workdir(step: &Step<'_>) -> String {
    step.state.workdir.clone().unwrap_or_default()
}

/// Where a COPY puts things, absolute.
fn destination(step: &Step<'_>) -> Option<String> {
    let copy = step.instruction.as_copy()?;
    let target = copy.destination?.raw.as_str();
    if target.contains('$') {
        return None;
    }
    let target = target.strip_prefix("./").unwrap_or(target);
    let absolute = match (target.starts_with('/'), step.state.workdir.as_deref()) {
        (true, _) => target.to_owned(),
        (false, Some(workdir)) if [".", ""].contains(&target) => workdir.to_owned(),
        (false, Some(workdir)) => format!("{}/{target}", workdir.trim_end_matches('/')),
        (false, None) => return None,
    };
    let single = copy.sources.len() == 1 && absolute.ends_with('/');
    let name =
        copy.sources.first().and_then(|source| source.raw.trim_end_matches('/').rsplit('/').next()).unwrap_or_default();
    let is_file = single && name.contains('.') && !name.starts_with('.') && !name.contains(['*', '$']);
    let path = if is_file { format!("{absolute}{name}") } else { absolute };
    let path = path.trim_end_matches('/').to_owned();
    (path.len() > 1).then_some(path)
}

/// Whether a path of the command is what was copied, or with `-R` a folder above it.
fn touches(path: &str, target: &str, recursive: bool, workdir: &str) -> bool {
    let path = match path {
        "." | "./" => workdir.to_owned(),
        path if path.starts_with('/') => path.trim_end_matches('/').to_owned(),
        _ => return false,
    };
    let above = |folder: &str| target.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    path == target || recursive && path.len() > 1 && above(&path)
}

/// `--chown=` or `--chmod=` on the COPY in the place of a RUN directly below it that does nothing else.
#[expect(clippy::too_many_arguments, reason = "all that both instructions say must fit together")]
fn fix(
    sheet: &Sheet<'_>,
    step: &Step<'_>,
    call: &Call<'_>,
    value: &Arg<'_>,
    paths: &[&Arg<'_>],
    copy: &Step<'_>,
    target: &str,
    recursive: bool,
) -> Vec<Edit> {
    let one =
        step.calls.len() == 1 && call.place.top && step.understood().is_some_and(|script| script.items.len() == 1);
    let adjacent =
        step.index == copy.index + 1 && step.instruction.flags.is_empty() && step.instruction.heredocs.is_empty();
    let same = matches!(paths, [path] if path.text().trim_end_matches('/') == target);
    let numeric = value.text().bytes().all(|byte| byte.is_ascii_digit() || byte == b':') && !value.text().is_empty();
    let free = copy.instruction.flag(call.name).is_none() && copy.keyword() == Keyword::Copy;
    let octal = !call.is("chmod") || !recursive && value.text().len() <= 4;
    let plain = call.wrappers.is_empty();
    if !(one && adjacent && same && numeric && free && octal && plain) {
        return Vec::new();
    }
    let flag =
        jettison_dockerfile::edit::add_flag(sheet.dockerfile, copy.index, &format!("--{}={}", call.name, value.text()));
    let gone = jettison_dockerfile::edit::delete_instruction(sheet.dockerfile, step.index, false);
    flag.into_iter().chain([gone]).collect()
}
