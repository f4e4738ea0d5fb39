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
    for stage in &sheet.graph.stages {
        let own = sheet.stage_steps(stage.index).filter(|step| step.keyword() == Keyword::User && !step.onbuild);
        let Some(step) = own.last() else { continue };
        let Some(word) = step.instruction.words.first() else { continue };
        let Some(user) = sheet.value(step, &word.raw) else { continue };
        let name = user.split(':').next().unwrap_or_default();
        let numeric = name.bytes().all(|byte| byte.is_ascii_digit());
        if !numeric && !["root", "ContainerUser", "ContainerAdministrator"].contains(&name) {
            sink.push(Found::at(step, word.span, format!("`{name}` is a name, which runAsNonRoot cannot judge")));
        }
    }
}
