//! What yum and dnf have in common: who installs, and who cleans up behind it.

use super::super::prelude::*;

/// Subcommands that fetch metadata and packages.
const FETCHES: [&str; 13] = [
    "install",
    "update",
    "upgrade",
    "groupinstall",
    "group",
    "reinstall",
    "localinstall",
    "distro-sync",
    "builddep",
    "update-to",
    "upgrade-minimal",
    "makecache",
    "swap",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>, tool: Tool, caches: &[&str]) {
    for step in sheet.of(Keyword::Run) {
        let is_install = |call: &Call<'_>| call.tool == Some(tool) && Arguments::of(call).does(&FETCHES);
        let Some(at) = step.calls.iter().rposition(is_install) else { continue };
        let call = &step.calls[at];
        let arguments = Arguments::of(call);
        let kept_elsewhere = arguments.has(&["--installroot", "--downloadonly"]);
        let mounted = caches.iter().any(|cache| step.mounts_over(cache));
        let deleted = caches.iter().any(|cache| step.deletes_after(at, cache));
        if kept_elsewhere || mounted || deleted || is_cleaned(step, at) {
            continue;
        }
        let message = format!("the metadata that `{} {}` fetches stays in the layer", call.name, arguments.verb());
        let found = Found::at(step, call.span(), message).costs(60_000_000);
        sink.push(found.safe("clean up in the same RUN", fix(sheet, step, call)));
    }
}

/// Whether a tool of the family cleans behind the call.
fn is_cleaned(step: &Step<'_>, at: usize) -> bool {
    step.calls.iter().skip(at + 1).any(|call| {
        let family = matches!(call.tool, Some(Tool::Yum | Tool::Dnf));
        let other = call.tool.is_none() && call.name.contains("clean");
        other || family && Arguments::of(call).does(&["clean"])
    })
}

fn fix(sheet: &Sheet<'_>, step: &Step<'_>, call: &Call<'_>) -> Vec<Edit> {
    let sudo = if call.has_wrapper("sudo") { "sudo " } else { "" };
    let command = format!("{sudo}{} clean all", call.name);
    let script = step.understood().filter(|_| !step.onbuild && call.place.script == 0);
    let edit = script
        .and_then(|script| jettison_rewrite::append_command(sheet.dockerfile, step.instruction, script, &command));
    edit.into_iter().collect()
}
