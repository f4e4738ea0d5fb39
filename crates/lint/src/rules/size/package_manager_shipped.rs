//! # package-manager-shipped
//!
//! ## What it does
//! Finds final stages that keep their package manager, for images that are to be hardened.
//!
//! ## Why is this bad?
//! Whoever gets in can install what they like. A bare base has none.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! COPY app /app
//! CMD ["/app"]
//! ```
//! ```dockerfile good
//! FROM gcr.io/distroless/base-debian12
//! COPY app /app
//! CMD ["/app"]
//! ```
//!
//! ## Fix safety
//! No fix here: `jettison optimize` moves the program to a bare base where it can, and proves that it runs.
//!
//! ## References
//! <https://docs.docker.com/build/building/base-images/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    roles: Roles::FINAL,
    on_by_default: false,
    ..RuleInfo::new("package-manager-shipped", Category::Size, Severity::Info, "a package manager ships")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.finals() {
        let manager = match sheet.distro(stage.index) {
            Distro::Alpine => "apk",
            Distro::Debian | Distro::Ubuntu => "apt",
            Distro::RedHat => "rpm",
            Distro::Windows | Distro::Bare | Distro::Scratch | Distro::Unknown => continue,
        };
        let removed = sheet.lineage(stage.index).any(|step| {
            let text = sheet.text(step.instruction.span);
            step.keyword() == Keyword::Run
                && ["apk-tools", "--purge apt", "remove apt", "/sbin/apk"].iter().any(|sign| text.contains(sign))
        });
        if !removed {
            let message = format!("`{manager}` ships, and nothing that runs needs it");
            sink.push(Found::stage(stage.index, sheet.span_of_from(stage.index), message).likely());
        }
    }
}
