//! # expose-host-mapping
//!
//! ## What it does
//! Finds IP addresses and host ports in EXPOSE.
//!
//! ## Why is this bad?
//! EXPOSE says what the container listens on; where that is published is said when it is run. Builders will refuse it.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! EXPOSE 127.0.0.1:80:8080
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! EXPOSE 8080
//! ```
//! ```dockerfile good
//! FROM debian:12
//! EXPOSE 8080/tcp
//! ```
//!
//! ## Fix safety
//! Safe: the builder keeps the container's port only.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/expose-invalid-format/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["ExposeInvalidFormat"],
    fix: FixKind::Safe,
    ..RuleInfo::new(
        "expose-host-mapping",
        Category::Correctness,
        Severity::Warning,
        "EXPOSE names an address or host port",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Expose) {
        for word in &step.instruction.words {
            let outside = without_variables(&word.raw);
            let Some(at) = outside.rfind(':') else { continue };
            let plain =
                outside == word.raw.as_str() && !word.raw.contains(['"', '\'']) && word.span.len() == word.raw.len();
            let edits = if plain { vec![Edit::replace(word.span, &word.raw[at + 1..])] } else { Vec::new() };
            let message = format!("`{}` maps to the host, which EXPOSE cannot do", word.raw);
            sink.push(Found::at(step, word.span, message).safe("keep the container's port", edits));
        }
    }
}

/// The word without `${…}`, whose colons are no ports.
fn without_variables(word: &str) -> String {
    let mut kept = String::new();
    let mut rest = word;
    while let Some(at) = rest.find("${") {
        kept.push_str(&rest[..at]);
        rest = rest[at..].find('}').map_or("", |end| &rest[at + end + 1..]);
    }
    kept + rest
}
