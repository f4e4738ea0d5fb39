//! # dnf-cache-kept
//!
//! ## What it does
//! Finds a RUN that installs with dnf, microdnf or tdnf and leaves its metadata in the layer.
//!
//! ## Why is this bad?
//! Metadata and packages are 30 MB to 250 MB that nothing reads at run time.
//!
//! ## Example
//! ```dockerfile bad
//! FROM fedora:42
//! RUN dnf install -y httpd
//! ```
//! ```dockerfile fixed
//! FROM fedora:42
//! RUN dnf install -y httpd \
//!     && dnf clean all
//! ```
//! ```dockerfile good
//! FROM fedora:42
//! RUN dnf install -y httpd && rm -rf /var/cache/libdnf5
//! ```
//! ```dockerfile good
//! FROM fedora:42
//! RUN --mount=type=cache,target=/var/cache/libdnf5 dnf install -y httpd
//! ```
//!
//! ## Fix safety
//! Safe: what is cleaned is fetched again when needed.
//!
//! ## References
//! <https://dnf.readthedocs.io/en/latest/command_ref.html>

use super::super::prelude::*;
use super::rpm;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3040", "DS-0019", "DS-0027", "DF046", "DD033", "k:missing_dnf_clean_all"],
    roles: Roles::SHIPPED,
    fix: FixKind::Safe,
    ..RuleInfo::new("dnf-cache-kept", Category::Size, Severity::Warning, "dnf's metadata stays in the layer")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    rpm::check(sheet, sink, Tool::Dnf, &["/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum"]);
}
