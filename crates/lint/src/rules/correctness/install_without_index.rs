//! # install-without-index
//!
//! ## What it does
//! Finds `apt-get install` in official Debian and Ubuntu images before any `apt-get update`.
//!
//! ## Why is this bad?
//! These images hold no package lists: apt finds no package, and the build fails.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN apt-get install -y curl
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl
//! ```
//! ```dockerfile good
//! FROM debian:12
//! COPY setup.sh /
//! RUN /setup.sh && apt-get install -y curl
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN --mount=type=cache,target=/var/lib/apt/lists apt-get install -y curl
//! ```
//!
//! ## Fix safety
//! Unsafe: a build that worked had its lists from somewhere.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#apt-get>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "install-without-index",
        Category::Correctness,
        Severity::Warning,
        "apt has no package lists to install from",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let own = sheet.image(stage.index).is_some_and(|(name, _)| ["debian", "ubuntu"].contains(&name));
        if !own || !sheet.is_official(stage.index) {
            continue;
        }
        let steps: Vec<&Step<'_>> = sheet.lineage(stage.index).filter(|step| !step.onbuild).collect();
        let first = steps.iter().find(|step| step.keyword() == Keyword::Run && step.calls.iter().any(installs));
        let Some(step) = first.filter(|step| step.stage == Some(stage.index)) else { continue };
        let earlier = steps.iter().take_while(|other| other.index <= step.index);
        let Some(call) = step.calls.iter().find(|call| installs(call)) else { continue };
        if earlier.into_iter().any(|other| may_update(other)) || step.mounts_over("/var/lib/apt/lists") {
            continue;
        }
        let place = call.place;
        let plain = place.script == 0 && place.top && call.wrappers.is_empty() && call.simple.assignments.is_empty();
        let update = format!("{} update && ", call.name);
        let edits = if plain { vec![Edit::insert(call.name_word.span.start as usize, update)] } else { Vec::new() };
        let message = "the base image holds no package lists, and nothing fetches them before";
        sink.push(Found::at(step, call.span(), message).likely().risky("fetch them first", edits));
    }
}

/// An install of packages by name.
fn installs(call: &Call<'_>) -> bool {
    let arguments = Arguments::of(call);
    let by_name = arguments.rest().iter().any(|arg| !arg.text().contains('/') && !arg.text().ends_with(".deb"));
    call.tool == Some(Tool::Apt) && arguments.does(&["install"]) && by_name && !call.place.conditional
}

/// Whether a step may fetch lists: it says so, or starts scripts, or cannot be read, or brings files where they belong.
fn may_update(step: &Step<'_>) -> bool {
    let script = |call: &Call<'_>| {
        let path = call.name_word.literal.as_deref().unwrap_or("$");
        path.contains(['/', '$']) && !path.starts_with("/usr/bin/apt")
            || is_shell(call.name)
            || [".", "source", "eval"].contains(&call.name)
    };
    let text = step.instruction.body.text.as_str();
    match step.keyword() {
        Keyword::Run => step.understood().is_none() || step.calls.iter().any(script) || text.contains("update"),
        Keyword::Copy | Keyword::Add => text.contains("/var/lib/apt") || text.trim_end().ends_with(" /"),
        _ => false,
    }
}
