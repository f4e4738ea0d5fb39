//! # healthcheck-tool-missing
//!
//! ## What it does
//! Finds HEALTHCHECKs that call a program which the base image lacks, and nothing installs.
//!
//! ## Why is this bad?
//! Every check fails: the container is `unhealthy` for good, and gets restarted.
//!
//! ## Example
//! ```dockerfile bad
//! FROM python:3.13-slim
//! HEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1
//! CMD ["python", "app.py"]
//! ```
//! ```dockerfile good
//! FROM python:3.13-slim
//! RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
//! HEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1
//! CMD ["python", "app.py"]
//! ```
//! ```dockerfile good
//! FROM alpine:3.22
//! HEALTHCHECK CMD wget -q -O /dev/null http://localhost:8000/ || exit 1
//! ```
//! ```dockerfile good
//! FROM python:3.13
//! HEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1
//! ```
//!
//! ## Fix safety
//! No fix: a program of the language itself is often at hand.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#healthcheck>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo::new(
    "healthcheck-tool-missing",
    Category::Correctness,
    Severity::Warning,
    "the health check calls what is not there",
);

/// Official images without curl and wget.
const PLAIN: [&str; 2] = ["debian", "ubuntu"];
/// Official images that have both in their full variants, and none in `-slim`.
const FULL: [&str; 7] = ["python", "node", "ruby", "perl", "golang", "rust", "elixir"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Healthcheck).filter(|step| !step.onbuild) {
        let Some(stage) = step.stage.filter(|stage| sheet.is_official(*stage)) else { continue };
        let first = match &step.instruction.form {
            Form::Exec(words) => words.first().map(|word| word.raw.to_string()),
            Form::Shell => step.calls.first().map(|call| call.name.to_owned()),
        };
        let first = first.unwrap_or_default();
        let program = ["curl", "wget"].into_iter().find(|name| name_of(&first) == *name);
        let Some(program) = program.filter(|program| lacks(sheet, stage, program)) else { continue };
        if !may_bring(sheet, stage, program) {
            let message = format!("the base image has no `{program}`, and nothing installs it: every check fails");
            sink.push(Found::at(step, step.instruction.body.span, message).likely());
        }
    }
}

fn lacks(sheet: &Sheet<'_>, stage: usize, program: &str) -> bool {
    let Some((name, tag)) = sheet.image(stage) else { return false };
    let slim = tag.split('-').any(|word| word == "slim");
    match sheet.distro(stage) {
        Distro::Alpine => program == "curl" && (name == "alpine" || FULL.contains(&name)),
        Distro::Debian | Distro::Ubuntu => PLAIN.contains(&name) || FULL.contains(&name) && slim,
        _ => false,
    }
}

/// Whether something may bring it: a package of that name, a file, or a step that cannot be looked through.
fn may_bring(sheet: &Sheet<'_>, stage: usize, program: &str) -> bool {
    sheet.lineage(stage).any(|step| {
        let text = step.instruction.body.text.as_str();
        match step.keyword() {
            Keyword::Run => {
                let opaque = step.understood().is_none() || !step.instruction.heredocs.is_empty();
                opaque || text.contains(program) || step.calls.iter().any(may_install_anything)
            }
            Keyword::Copy | Keyword::Add => {
                let copy = step.instruction.as_copy();
                let target = copy.and_then(|copy| copy.destination).map(|word| word.raw.as_str()).unwrap_or_default();
                let folders = ["/usr", "/bin", "/opt", "$"];
                target == "/" || folders.iter().any(|folder| target.starts_with(folder)) || text.contains(program)
            }
            _ => false,
        }
    })
}

/// Scripts, and installs of what a variable names.
fn may_install_anything(call: &Call<'_>) -> bool {
    let script = call.name.ends_with(".sh") || call.name_word.raw.contains(['/', '$']);
    let shell = is_shell(call.name) || [".", "source", "xargs"].contains(&call.name);
    script || shell || !system_packages(call).is_empty() && Arguments::of(call).unknown
}
