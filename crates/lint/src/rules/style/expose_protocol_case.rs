//! # expose-protocol-case
//!
//! ## What it does
//! Finds protocols in EXPOSE with capitals.
//!
//! ## Why is this bad?
//! It reads as if it meant something.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! EXPOSE 80/TCP
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! EXPOSE 80/tcp
//! ```
//! ```dockerfile good
//! FROM debian:12
//! EXPOSE $PORT/udp
//! ```
//!
//! ## Fix safety
//! Safe: letter case means nothing.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/expose-proto-casing/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["ExposeProtoCasing"],
    fix: FixKind::Safe,
    ..RuleInfo::new("expose-protocol-case", Category::Style, Severity::Info, "a port's protocol has capitals")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Expose) {
        for word in &step.instruction.words {
            let Some((_, protocol)) = word.raw.rsplit_once('/') else { continue };
            let lower = protocol.to_lowercase();
            let known = ["tcp", "udp", "sctp"].contains(&lower.as_str());
            if known && protocol != lower && word.span.len() == word.raw.len() {
                let end = word.span.end as usize;
                let edit = Edit::replace(Span::new(end - protocol.len(), end), lower.clone());
                let found = Found::at(step, word.span, format!("`{protocol}` is written `{lower}`"));
                sink.push(found.safe("write it in lower case", vec![edit]));
            }
        }
    }
}
