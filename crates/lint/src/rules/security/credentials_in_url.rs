//! # credentials-in-url
//!
//! ## What it does
//! Finds URLs with a user's password or token in them.
//!
//! ## Why is this bad?
//! They are in the image's history, and often in files that the tool writes.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN git clone https://me:s3cret@example.com/app.git
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN git clone https://example.com/app.git && git clone ssh://git@example.com/b.git
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/build/building/secrets/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DD057"],
    ..RuleInfo::new("credentials-in-url", Category::Security, Severity::Error, "a URL holds a password or token")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls() {
        let secret = step.mounts.iter().any(|mount| mount.kind == "secret");
        for arg in call.args.iter().filter(|_| !secret) {
            let written = arg.word.raw.as_str();
            if let Some(host) = holds(written) {
                sink.push(Found::at(step, arg.span(), format!("the URL of `{host}` holds a password or token")));
            }
        }
    }
}

/// The host of a URL with `user:password@`.
fn holds(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '"', '\'']).next()?;
    let (user, host) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    let web = ["http", "https", "ftp", "git"].iter().any(|known| scheme.ends_with(known));
    let placeholder = ["", "x-oauth-basic", "password", "pass", "***"].contains(&password);
    (web && !placeholder && !host.is_empty()).then_some(host)
}
