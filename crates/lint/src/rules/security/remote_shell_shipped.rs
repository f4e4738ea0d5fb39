//! # remote-shell-shipped
//!
//! ## What it does
//! Finds SSH servers in final images, and ports of remote administration in EXPOSE.
//!
//! ## Why is this bad?
//! Another way in, with keys and updates to take care of; `docker exec` needs none of it.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! EXPOSE 22
//! ```
//! ```dockerfile good
//! FROM debian:12
//! EXPOSE 2222 8080
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/reference/cli/docker/container/exec/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[Part::new("port", &["DS-0004", "CKV_DOCKER_1"]), Part::new("server", &["DD014"])],
    roles: Roles::FINAL,
    ..RuleInfo::new(
        "remote-shell-shipped",
        Category::Security,
        Severity::Warning,
        "the image can be logged into from afar",
    )
};

const PORTS: [&str; 6] = ["21", "22", "23", "2375", "3389", "5900"];
const SERVERS: [&str; 5] = ["openssh-server", "openssh", "dropbear", "telnetd", "openssh-sftp-server"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Expose) {
        for word in &step.instruction.words {
            let value = sheet.value(step, &word.raw).unwrap_or_default();
            let port = value.split('/').next().unwrap_or_default();
            if PORTS.contains(&port) {
                sink.push(Found::at(step, word.span, format!("port {port} is for logging in from afar")).part("port"));
            }
        }
    }
    for (step, call) in sheet.calls() {
        let system = matches!(call.tool, Some(Tool::Apt | Tool::Apk | Tool::Dnf | Tool::Yum | Tool::Zypper));
        if !system || !Arguments::of(call).does(&["install", "add", "in"]) {
            continue;
        }
        if let Some(arg) = call.args.iter().find(|arg| SERVERS.contains(&arg.text())) {
            sink.push(
                Found::at(step, arg.span(), format!("`{}` lets people log in from afar", arg.text())).part("server"),
            );
        }
    }
}
