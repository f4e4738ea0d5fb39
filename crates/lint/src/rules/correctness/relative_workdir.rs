//! # relative-workdir
//!
//! ## What it does
//! Finds a relative WORKDIR with no absolute one before it.
//!
//! ## Why is this bad?
//! Which folder it is depends on the base image.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! WORKDIR app
//! ```
//! ```dockerfile good
//! FROM debian:12
//! WORKDIR /app
//! WORKDIR src
//! ```
//!
//! ## Fix safety
//! Unsafe: `/` is what most base images have.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/workdir-relative-path/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3000", "WorkdirRelativePath", "DS-0009", "CKV_DOCKER_10", "DF009", "DD011"],
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "relative-workdir",
        Category::Correctness,
        Severity::Warning,
        "WORKDIR is relative to what is not said",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Workdir) {
        let Some(word) = step.instruction.words.first() else { continue };
        let path = word.raw.trim_matches(['"', '\'']);
        let drive = path.as_bytes().get(1) == Some(&b':');
        let absolute = path.starts_with(['/', '$', '\\']) || drive;
        if absolute || path.is_empty() || !sheet.is_hadolint() && has_earlier(sheet, step) {
            continue;
        }
        let message = format!("`{path}` is relative to what the base image says");
        let edits = if word.raw == path && !path.starts_with('.') {
            vec![Edit::insert(word.span.start as usize, "/")]
        } else {
            vec![]
        };
        sink.push(Found::at(step, word.span, message).risky("begin at the root", edits));
    }
}

/// Whether an earlier WORKDIR, or the base image, says where it begins. Of two relative ones the first is enough to say.
fn has_earlier(sheet: &Sheet<'_>, step: &Step<'_>) -> bool {
    let Some(stage) = step.stage else { return false };
    let before = |other: &&Step<'_>| other.stage != step.stage || other.index < step.index;
    let says = |other: &Step<'_>| other.keyword() == Keyword::Workdir;
    sheet.base_config(stage).is_some() || sheet.lineage(stage).filter(before).any(says)
}
