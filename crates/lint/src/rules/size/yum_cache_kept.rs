//! # yum-cache-kept
//!
//! ## What it does
//! Finds a RUN that installs with yum and leaves its metadata in the layer.
//!
//! ## Why is this bad?
//! Metadata and packages are 30 MB to 250 MB that nothing reads at run time.
//!
//! ## Example
//! ```dockerfile bad
//! FROM centos:7
//! RUN yum install -y httpd
//! ```
//! ```dockerfile fixed
//! FROM centos:7
//! RUN yum install -y httpd \
//!     && yum clean all
//! ```
//! ```dockerfile good
//! FROM centos:7
//! RUN yum install -y httpd && rm -rf /var/cache/yum
//! ```
//!
//! ## Fix safety
//! Safe: what is cleaned is fetched again when needed.
//!
//! ## References
//! <https://man7.org/linux/man-pages/man8/yum.8.html>

use super::super::prelude::*;
use super::rpm;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3032", "DS-0015", "DF047", "DD031", "k:yum_clean_all_missing"],
    roles: Roles::SHIPPED,
    fix: FixKind::Safe,
    ..RuleInfo::new("yum-cache-kept", Category::Size, Severity::Warning, "yum's metadata stays in the layer")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    rpm::check(sheet, sink, Tool::Yum, &["/var/cache/yum", "/var/cache/dnf"]);
}
