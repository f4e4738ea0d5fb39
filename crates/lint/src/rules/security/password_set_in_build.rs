//! # password-set-in-build
//!
//! ## What it does
//! Finds passwords of users that are set while the image is built.
//!
//! ## Why is this bad?
//! Every container of the image has that password, and the history says it.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN echo 'root:secret' | chpasswd
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN adduser --disabled-password app && passwd -l root
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/build/building/secrets/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["CKV2_DOCKER_17"],
    ..RuleInfo::new("password-set-in-build", Category::Security, Severity::Error, "a user's password is in the image")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls() {
        let arguments = Arguments::of(call);
        let sets = match call.name {
            "chpasswd" => true,
            "passwd" => arguments.has(&["--stdin"]) || call.place.pipe.0 > 0,
            "useradd" | "usermod" => {
                let locked = |value: &str| value.starts_with(['!', '*']) || value.is_empty();
                let next = || {
                    let at = call.args.iter().position(|arg| arg.text() == "-p")?;
                    call.args.get(at + 1).map(|arg| arg.text())
                };
                let value = arguments.value(&["-p", "--password"]).or_else(next);
                value.is_some_and(|value| !locked(value))
                    || call.args.iter().any(|arg| arg.value.is_none() && arg.word.raw.contains("passwd"))
            }
            _ => false,
        };
        if sets {
            sink.push(
                Found::at(step, call.span(), format!("`{}` sets a password that every container has", call.name))
                    .likely(),
            );
        }
    }
}
