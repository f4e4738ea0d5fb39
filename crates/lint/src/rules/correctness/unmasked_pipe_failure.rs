//! # unmasked-pipe-failure
//!
//! ## What it does
//! Finds pipelines whose first commands may fail unseen.
//!
//! ## Why is this bad?
//! Only the last command of a pipeline decides whether the step fails: `curl … | tar x` is cached as good after a cut download.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN curl -fsSL https://example.com/a.tar.gz | tar xz
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! SHELL ["/bin/bash", "-o", "pipefail", "-c"]
//! RUN curl -fsSL https://example.com/a.tar.gz | tar xz
//! ```
//! ```dockerfile good
//! FROM debian:12
//! SHELL ["/bin/bash", "-eo", "pipefail", "-c"]
//! RUN curl -fsSL https://example.com/a.tar.gz | tar xz
//! ```
//! ```dockerfile good
//! FROM alpine:3.22
//! RUN set -o pipefail && curl -fsSL https://example.com/a.tar.gz | tar xz
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN echo yes | install-it
//! ```
//!
//! ## Fix safety
//! Unsafe: a pipeline that ends early (`| head -1`) fails with pipefail, and another shell may read a script in another way.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#using-pipes>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL4006", "DF057", "DD040", "k:shell_running_a_pipe_without_pipefail_flag"],
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "unmasked-pipe-failure",
        Category::Correctness,
        Severity::Warning,
        "a pipeline hides that its first commands failed",
    )
};

/// Commands that do not fail, or whose failure means nothing.
const SURE: [&str; 8] = ["echo", "printf", "yes", "true", ":", "print", "seq", "env"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run).filter(|step| sheet.shell(step) != Shell::Foreign) {
        let masked = step.calls.iter().find(|call| {
            let (at, length) = call.place.pipe;
            let sure = !sheet.is_hadolint() && (SURE.contains(&call.name) || call.place.conditional);
            let off = call.simple.options.pipefail == Some(false);
            at + 1 < length && off && !sure
        });
        let Some(call) = masked else { continue };
        let message = format!(
            "the pipeline goes on when `{}` fails",
            if call.name.is_empty() { "its first command" } else { call.name }
        );
        let found = Found::at(step, call.span(), message);
        sink.push(found.risky("let pipelines fail", fix(sheet, step)));
    }
}

/// A SHELL above the first RUN that needs it, where a shell that can is known to be there.
fn fix(sheet: &Sheet<'_>, step: &Step<'_>) -> Vec<Edit> {
    let Some(stage) = step.stage.filter(|_| !step.onbuild) else { return Vec::new() };
    let shell = match sheet.distro(stage) {
        Distro::Debian | Distro::Ubuntu | Distro::RedHat => r#"SHELL ["/bin/bash", "-o", "pipefail", "-c"]"#,
        Distro::Alpine => r#"SHELL ["/bin/ash", "-o", "pipefail", "-c"]"#,
        _ => return Vec::new(),
    };
    if step.instruction.shell.is_some() {
        return Vec::new();
    }
    vec![jettison_dockerfile::edit::insert_before(sheet.dockerfile, step.index, &[shell])]
}
