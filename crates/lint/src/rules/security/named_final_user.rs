//! # named-final-user
//!
//! ## What it does
//! Finds final stages whose last USER is a name.
//!
//! ## Why is this bad?
//! Kubernetes' `runAsNonRoot` cannot know whether a name is root, and refuses it.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! USER app
//! ```
//! ```dockerfile good
//! FROM debian:12
//! USER 1001
//! ```
//!
//! ## Fix safety
//! No fix: the number is not in the file.
//!
//! ## References
//! <https://kubernetes.io/docs/tasks/configure-pod-container/security-context/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3066"],
    roles: Roles::FINAL,
    on_by_default: false,
    ..RuleInfo::new("named-final-user", Category::Security, Severity::Info, "the last USER is a name, not a number")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::User).filter(|step| sheet.is_hadolint() || is_last(sheet, step)) {
        let Some(word) = step.instruction.words.first() else { continue };
        let Some(user) = sheet.value(step, &word.raw) else { continue };
        let name = user.split(':').next().unwrap_or_default();
        let numeric = name.bytes().all(|byte| byte.is_ascii_digit());
        let known = !sheet.is_hadolint() && ["root", "ContainerUser", "ContainerAdministrator"].contains(&name);
        if !numeric && !known {
            sink.push(Found::at(step, word.span, format!("`{name}` is a name, which runAsNonRoot cannot judge")));
        }
    }
}

/// Whether it is the last USER of its stage.
fn is_last(sheet: &Sheet<'_>, step: &Step<'_>) -> bool {
    let later = sheet.of(Keyword::User).any(|other| other.stage == step.stage && other.index > step.index);
    !step.onbuild && !later
}
