//! # default-root-user
//!
//! ## What it does
//! Finds final stages without any USER.
//!
//! ## Why is this bad?
//! Most base images run as root: whoever gets into the program is root in the container.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! CMD ["app"]
//! ```
//! ```dockerfile good
//! FROM debian:12
//! USER 65532:65532
//! CMD ["app"]
//! ```
//! ```dockerfile good
//! FROM gcr.io/distroless/static-debian12:nonroot
//! CMD ["/app"]
//! ```
//!
//! ## Fix safety
//! No fix here: `jettison optimize` tries a user and proves that the program still works.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#user>

use super::super::prelude::*;
use super::root_final_user::drops;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DS-0002", "CKV_DOCKER_3", "DF020", "DD008", "t:stateful-root-runtime", "k:missing_user_instruction"],
    roles: Roles::FINAL,
    ..RuleInfo::new("default-root-user", Category::Security, Severity::Info, "the image says no user, which is root")
};

/// Parts of names of images that do not run as root.
const NONROOT: [&str; 8] =
    ["nonroot", "chainguard/", "unprivileged", "bitnami/", "ubi8/nodejs", "ubi9/nodejs", "ubi9/python", "dhi.io/"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.finals() {
        let named = sheet.lineage(stage.index).any(|step| step.keyword() == Keyword::User && !step.onbuild);
        let base = sheet.base(stage.index).map(ToString::to_string).unwrap_or_default();
        let base_user = sheet.base_config(stage.index).map(|config| config.user.clone());
        let other = base_user.as_deref().is_some_and(|user| !["", "root", "0", "0:0"].contains(&user));
        let unknown = base.is_empty() && !sheet.is_scratch(stage.index);
        if named || other || unknown || NONROOT.iter().any(|part| base.contains(part)) || drops(sheet, stage.index) {
            continue;
        }
        let known = base_user.is_some() || sheet.distro(stage.index) != Distro::Unknown;
        let found = Found::stage(
            stage.index,
            sheet.span_of_from(stage.index),
            "no USER: the image runs as its base does, as root",
        );
        sink.push(if known { found.severity(Severity::Warning).likely() } else { found.guess() });
    }
}
