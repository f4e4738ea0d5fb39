//! # apt-cache-kept
//!
//! ## What it does
//! Finds a RUN that fetches apt's package lists and leaves them in its layer.
//!
//! ## Why is this bad?
//! The lists are 8 to 55 MB that nothing reads at run time. A later RUN cannot take them out of the layer.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl \
//!     && rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update && apt-get install -y curl
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl && rm -fr /var/lib/apt/lists
//! ```
//!
//! ## Fix safety
//! Safe: no program reads the lists, and `apt-get update` fetches them again. Unsafe where a script follows that may install from them,
//! and none where a later RUN does.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#apt-get>

use super::super::prelude::*;
use crate::sheet::weights;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3009", "DF004", "DD004", "k:apt_get_install_lists_were_not_deleted"],
    roles: Roles::SHIPPED,
    fix: FixKind::Safe,
    ..RuleInfo::new("apt-cache-kept", Category::Size, Severity::Warning, "apt's package lists stay in the layer")
};

/// Where apt keeps its lists.
const LISTS: &str = "/var/lib/apt/lists";

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        let is_update = |call: &Call<'_>| call.tool == Some(Tool::Apt) && Arguments::of(call).does(&["update"]);
        let Some(at) = step.calls.iter().rposition(is_update) else { continue };
        if step.mounts_over(LISTS) || step.deletes_after(at, LISTS) || cleans(step, at) {
            continue;
        }
        let call = &step.calls[at];
        let bytes = step.stage.map_or(20_000_000, |stage| weights::apt_lists(sheet, stage));
        let found = Found::at(step, call.span(), "the package lists that `update` fetches stay in the layer")
            .costs_modelled(Some(bytes));
        let (safety, edits) = match read_later(sheet, step) {
            Later::No => (FixSafety::Safe, fix(sheet, step, call)),
            Later::Perhaps => (FixSafety::Unsafe, fix(sheet, step, call)),
            Later::Yes => (FixSafety::Safe, Vec::new()),
        };
        sink.push(found.fix(safety, "remove the lists in the same RUN", edits));
    }
}

/// Whether a script or `apt-get distclean` behind it cleans up.
fn cleans(step: &Step<'_>, at: usize) -> bool {
    step.calls.iter().skip(at + 1).any(|call| match call.tool {
        Some(Tool::Apt) => Arguments::of(call).does(&["distclean", "dist-clean"]),
        None => call.name.contains("clean") || call.args.iter().any(|arg| arg.word.raw.contains("lib/apt/lists")),
        _ => false,
    })
}

/// Whether a later step installs from the lists of this one.
enum Later {
    No,
    /// A script that nobody has read follows.
    Perhaps,
    Yes,
}

fn read_later(sheet: &Sheet<'_>, step: &Step<'_>) -> Later {
    let stands = |stage: usize| step.stage.is_some_and(|own| sheet.chain(stage).contains(&own));
    let later = sheet.of(Keyword::Run).filter(|other| other.index > step.index && other.stage.is_some_and(stands));
    let mut answer = Later::No;
    for other in later {
        let first = other.calls.iter().find(|call| call.tool == Some(Tool::Apt) || is_script(call));
        match first {
            Some(call) if call.tool != Some(Tool::Apt) => answer = Later::Perhaps,
            Some(call)
                if !Arguments::of(call).does(&["update", "clean", "autoclean", "autoremove", "remove", "purge"]) =>
            {
                return Later::Yes;
            }
            Some(call) if Arguments::of(call).does(&["update"]) && !call.place.conditional => break,
            Some(_) => {}
            None if other.understood().is_none() => answer = Later::Perhaps,
            None => {}
        }
    }
    answer
}

/// Something that may install packages without saying so here.
fn is_script(call: &Call<'_>) -> bool {
    let shell = is_shell(call.name) || [".", "source", "eval", "make"].contains(&call.name);
    let file = call.name.ends_with(".sh") || call.name_word.raw.contains('$');
    let drives =
        call.name.starts_with("apt-") || ["gdebi", "playwright", "npx", "rosdep", "mk-build-deps"].contains(&call.name);
    shell || file || drives
}

fn fix(sheet: &Sheet<'_>, step: &Step<'_>, call: &Call<'_>) -> Vec<Edit> {
    let sudo = if call.has_wrapper("sudo") { "sudo " } else { "" };
    let command = format!("{sudo}rm -rf {LISTS}/*");
    let script = step.understood().filter(|_| !step.onbuild && call.place.script == 0);
    let edit = script
        .and_then(|script| jettison_rewrite::append_command(sheet.dockerfile, step.instruction, script, &command));
    edit.into_iter().collect()
}
