//! # pacman-cache-kept
//!
//! ## What it does
//! Finds a RUN that installs with pacman and leaves the packages in the layer.
//!
//! ## Why is this bad?
//! Every package is in the image twice: installed, and as the archive it came in.
//!
//! ## Example
//! ```dockerfile bad
//! FROM archlinux:base
//! RUN pacman -Syu --noconfirm nginx
//! ```
//! ```dockerfile fixed
//! FROM archlinux:base
//! RUN pacman -Syu --noconfirm nginx \
//!     && rm -rf /var/cache/pacman/pkg/*
//! ```
//! ```dockerfile good
//! FROM archlinux:base
//! RUN pacman -Syu --noconfirm nginx && pacman -Scc --noconfirm
//! ```
//!
//! ## Fix safety
//! Safe: the archives are fetched again when needed.
//!
//! ## References
//! <https://man.archlinux.org/man/pacman.8>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    roles: Roles::SHIPPED,
    fix: FixKind::Safe,
    ..RuleInfo::new("pacman-cache-kept", Category::Size, Severity::Warning, "pacman's archives stay in the layer")
};

const CACHE: &str = "/var/cache/pacman/pkg";

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        let operation = |call: &Call<'_>, wanted: fn(&str) -> bool| {
            call.tool == Some(Tool::Pacman) && call.args.iter().any(|arg| wanted(arg.text()))
        };
        let installs =
            |call: &Call<'_>| operation(call, |text| text.starts_with("-S") && !text.contains(['c', 's', 'i']));
        let Some(at) = step.calls.iter().rposition(installs) else { continue };
        let cleans = |call: &Call<'_>| operation(call, |text| text.starts_with("-S") && text.contains('c'));
        if step.calls.iter().skip(at + 1).any(cleans) || step.mounts_over(CACHE) || step.deletes_after(at, CACHE) {
            continue;
        }
        let script = step.understood().filter(|_| !step.onbuild && step.calls[at].place.script == 0);
        let command = format!("rm -rf {CACHE}/*");
        let edit = script
            .and_then(|script| jettison_rewrite::append_command(sheet.dockerfile, step.instruction, script, &command));
        let found = Found::at(step, step.calls[at].span(), "the archives that pacman fetches stay in the layer");
        sink.push(found.safe("remove the archives in the same RUN", edit.into_iter().collect()));
    }
}
