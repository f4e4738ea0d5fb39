//! # unsigned-packages-allowed
//!
//! ## What it does
//! Finds switches that install packages without looking at their signatures.
//!
//! ## Why is this bad?
//! Whoever can change a mirror, or is on the way to it, changes what is built.
//!
//! ## Example
//! ```dockerfile bad
//! FROM alpine:3.22
//! RUN apk add --no-cache --allow-untrusted curl
//! ```
//! ```dockerfile good
//! FROM alpine:3.22
//! RUN apk add --no-cache curl
//! ```
//!
//! ## Fix safety
//! No fix: the key that is missing is not in the file.
//!
//! ## References
//! <https://wiki.debian.org/SecureApt>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["CKV2_DOCKER_7", "CKV2_DOCKER_8", "CKV2_DOCKER_9", "CKV2_DOCKER_10", "CKV2_DOCKER_11"],
    parts: &[Part::new("apt-key", &[]).severity(Severity::Info)],
    ..RuleInfo::new(
        "unsigned-packages-allowed",
        Category::Security,
        Severity::Warning,
        "packages are installed unsigned",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls() {
        let arguments = Arguments::of(call);
        let switches: &[&str] = match (call.tool, call.name) {
            (Some(Tool::Apk), _) => &["--allow-untrusted"],
            (Some(Tool::Apt), _) => &["--allow-unauthenticated", "--force-yes"],
            (Some(Tool::Yum | Tool::Dnf), _) => &["--nogpgcheck", "--no-gpgchecks"],
            (Some(Tool::Zypper), _) => &["--no-gpg-checks", "--allow-unsigned-rpm", "-G"],
            (None, "rpm") => &["--nosignature", "--nodigest", "--noverify"],
            _ => &[],
        };
        let local = arguments
            .rest()
            .iter()
            .any(|arg| arg.text().contains('/') || arg.text().ends_with(".apk") || arg.text().ends_with(".rpm"));
        let found = switches.iter().find(|switch| arguments.has(&[switch]));
        if let Some(switch) = found.filter(|_| !local || call.tool == Some(Tool::Apt)) {
            sink.push(Found::at(step, call.span(), format!("`{switch}` installs what nobody signed")));
        } else if call.is("apt-key") && ["add", "adv"].contains(&call.verb().unwrap_or_default()) {
            sink.push(Found::at(step, call.span(), "`apt-key` trusts the key for every repository").part("apt-key"));
        }
    }
}
