//! # zypper-cache-kept
//!
//! ## What it does
//! Finds a RUN that installs with zypper and leaves its metadata in the layer.
//!
//! ## Why is this bad?
//! Metadata and packages are 40 MB to 150 MB that nothing reads at run time.
//!
//! ## Example
//! ```dockerfile bad
//! FROM opensuse/leap:15.6
//! RUN zypper install -y httpd
//! ```
//! ```dockerfile fixed
//! FROM opensuse/leap:15.6
//! RUN zypper install -y httpd \
//!     && zypper clean --all
//! ```
//! ```dockerfile good
//! FROM opensuse/leap:15.6
//! RUN zypper install -y httpd && zypper cc -a
//! ```
//!
//! ## Fix safety
//! Safe: what is cleaned is fetched again when needed.
//!
//! ## References
//! <https://en.opensuse.org/SDB:Zypper_manual>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3036", "DS-0020", "DF045", "DD034", "k:missing_zypper_clean"],
    roles: Roles::SHIPPED,
    fix: FixKind::Safe,
    ..RuleInfo::new("zypper-cache-kept", Category::Size, Severity::Warning, "zypper's metadata stays in the layer")
};

const FETCHES: [&str; 13] = [
    "install",
    "in",
    "dup",
    "dist-upgrade",
    "up",
    "update",
    "patch",
    "si",
    "source-install",
    "inr",
    "install-new-recommends",
    "refresh",
    "ref",
];

/// Where zypper keeps metadata and packages.
const CACHE: &str = "/var/cache/zypp";

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        let does = |call: &Call<'_>, verbs: &[&str]| call.tool == Some(Tool::Zypper) && Arguments::of(call).does(verbs);
        let Some(at) = step.calls.iter().rposition(|call| does(call, &FETCHES)) else { continue };
        let cleans = step.calls.iter().skip(at + 1).any(|call| does(call, &["clean", "cc"]));
        if cleans || step.mounts_over(CACHE) || step.deletes_after(at, CACHE) {
            continue;
        }
        let call = &step.calls[at];
        let found =
            Found::at(step, call.span(), "the metadata that zypper fetches stays in the layer").costs(60_000_000);
        sink.push(found.safe("clean up in the same RUN", fix(sheet, step, call)));
    }
}

fn fix(sheet: &Sheet<'_>, step: &Step<'_>, call: &Call<'_>) -> Vec<Edit> {
    let sudo = if call.has_wrapper("sudo") { "sudo " } else { "" };
    let command = format!("{sudo}zypper clean --all");
    let script = step.understood().filter(|_| !step.onbuild && call.place.script == 0);
    let edit = script
        .and_then(|script| jettison_rewrite::append_command(sheet.dockerfile, step.instruction, script, &command));
    edit.into_iter().collect()
}
