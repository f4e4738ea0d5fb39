//! # healthcheck-missing
//!
//! ## What it does
//! Finds final images without HEALTHCHECK.
//!
//! ## Why is this bad?
//! Docker and Swarm cannot tell whether the program still answers. Kubernetes does not read it: off by default.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! EXPOSE 8080
//! CMD ["app"]
//! ```
//! ```dockerfile good
//! FROM debian:12
//! HEALTHCHECK CMD ["/app", "--check"]
//! CMD ["/app"]
//! ```
//!
//! ## Fix safety
//! No fix: how the program is asked is not in the file.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#healthcheck>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3057", "DS-0026", "CKV_DOCKER_2", "DF012", "DD012", "k:healthcheck_instruction_missing"],
    roles: Roles::FINAL,
    on_by_default: false,
    ..RuleInfo::new(
        "healthcheck-missing",
        Category::Metadata,
        Severity::Info,
        "nobody can ask whether the program answers",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.finals() {
        let checked = sheet.lineage(stage.index).any(|step| step.keyword() == Keyword::Healthcheck);
        if !checked {
            sink.push(
                Found::stage(stage.index, sheet.span_of_from(stage.index), "the image has no HEALTHCHECK").likely(),
            );
        }
    }
}
