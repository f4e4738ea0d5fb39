//! # unpinned-rpm-package
//!
//! ## What it does
//! Finds packages that yum, dnf or zypper install without a version.
//!
//! ## Why is this bad?
//! Another day installs another version. Repositories drop old builds, so pins may break the build. Off by default.
//!
//! ## Example
//! ```dockerfile bad
//! FROM fedora:42
//! RUN dnf install -y httpd && dnf clean all
//! ```
//! ```dockerfile good
//! FROM fedora:42
//! RUN dnf install -y httpd-2.4.63 && dnf clean all
//! ```
//!
//! ## Fix safety
//! No fix: the versions are not in the file.
//!
//! ## References
//! <https://dnf.readthedocs.io/en/latest/command_ref.html#specifying-packages>

use super::super::prelude::*;
use super::packages;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[
        Part::new("yum", &["DL3033", "k:yum_install_without_version"]).off(),
        Part::new("dnf", &["DL3041", "DD032", "k:missing_version_specification_in_dnf_install"]).off(),
        Part::new("zypper", &["DL3037", "k:zypper_install_without_version"]).off(),
    ],
    on_by_default: false,
    ..RuleInfo::new(
        "unpinned-rpm-package",
        Category::Reproducibility,
        Severity::Warning,
        "yum, dnf or zypper install packages without versions",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls() {
        let (part, verbs, pinned): (_, &[&str], fn(&str) -> bool) = match call.tool {
            Some(Tool::Yum) => ("yum", &["install"], has_version),
            Some(Tool::Dnf) => ("dnf", &["install"], has_version),
            Some(Tool::Zypper) => ("zypper", &["install", "in"], |text| text.contains(['=', '<', '>'])),
            _ => continue,
        };
        let arguments = Arguments::of(call);
        if !arguments.does(verbs) {
            continue;
        }
        let exempt = |arg: &Arg<'_>| {
            let text = arg.text();
            packages::is_unknown(arg) || text.starts_with('@') || text.ends_with(".rpm") || text.contains(['/', '*'])
        };
        let rest = arguments.rest().iter().copied();
        let unpinned: Vec<&Arg<'_>> = rest.filter(|arg| !exempt(arg) && !pinned(arg.text())).collect();
        packages::report(step, &unpinned, Some(part), sink);
    }
}

/// `name-1.2-3`, `name:stream`: from the right, some part behind a dash begins with a digit.
fn has_version(text: &str) -> bool {
    let dashed = text.split('-').skip(1).any(|part| part.starts_with(|first: char| first.is_ascii_digit()));
    dashed || text.contains(':') || text.contains('=')
}
