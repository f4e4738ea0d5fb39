//! # secret-mount-unchecked
//!
//! ## What it does
//! Finds secret and ssh mounts without `required=true`.
//!
//! ## Why is this bad?
//! Without the secret the step runs with nothing, and its result may be cached as good.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN --mount=type=secret,id=token ./fetch
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN --mount=type=secret,id=token,required=true ./fetch
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN --mount=type=secret,id=token,required=true ./fetch
//! ```
//!
//! ## Fix safety
//! Unsafe: builds without the secret fail, which worked so far.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#run---mounttypesecret>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[Part::new("optional", &["t:require-secret-mounts"])],
    fix: FixKind::Unsafe,
    ..RuleInfo::new("secret-mount-unchecked", Category::Security, Severity::Info, "a step runs without its secret")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        for mount in step.mounts.iter().filter(|mount| ["secret", "ssh"].contains(&mount.kind.as_str())) {
            let required = mount.other.iter().any(|(key, _)| key.eq_ignore_ascii_case("required"));
            let Some(last) = mount.options.last().filter(|_| !required) else { continue };
            let text = sheet.text(step.instruction.span);
            // A script that asks whether the secret is there can do without it.
            if text.contains("[ -f") || text.contains("[ -s") || text.contains("if [") || text.contains("test -") {
                continue;
            }
            let quoted = sheet.text(last.span).contains('"');
            let edit = Edit::insert(last.span.end as usize, ",required=true");
            let found = Found::at(step, last.span, format!("without its {} the step runs all the same", mount.kind))
                .part("optional");
            sink.push(found.risky("require it", if quoted { Vec::new() } else { vec![edit] }));
        }
    }
}
