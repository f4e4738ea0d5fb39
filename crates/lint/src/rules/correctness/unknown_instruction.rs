//! # unknown-instruction
//!
//! ## What it does
//! Finds a line whose first word is no instruction.
//!
//! ## Why is this bad?
//! Nothing is built.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUNN make
//! ```
//! ```dockerfile good
//! FROM debian:12
//! run make
//! ```
//!
//! ## Fix safety
//! Unsafe: the nearest name is a guess.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:unknown-instruction", "da:UnrecognizedInstruction"],
    fix: FixKind::Unsafe,
    ..RuleInfo::new("unknown-instruction", Category::Correctness, Severity::Error, "the first word is no instruction")
};

const NAMES: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (diagnostic, rule, _) in sheet.refused() {
        if *rule != RULE.id {
            continue;
        }
        let text = sheet.dockerfile.source().get(diagnostic.span.range()).unwrap_or_default();
        let end = text.iter().position(|byte| byte.is_ascii_whitespace()).unwrap_or(text.len());
        let word = sheet.text(Span::new(diagnostic.span.start as usize, diagnostic.span.start as usize + end));
        let start = diagnostic.span.start as usize;
        let span = Span::new(start, start + end);
        let upper = word.to_uppercase();
        let near = NAMES.iter().map(|name| (strsim::damerau_levenshtein(name, &upper), *name)).min();
        let near = near.filter(|(distance, _)| *distance <= 2 && word.len() > 2).map(|(_, name)| name);
        let help = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        let shown: String = word.chars().take(40).collect();
        let found = Found::file(span, format!("`{shown}` is no instruction{help}"));
        let edits = near.filter(|_| word.is_ascii()).map(|near| Edit::replace(span, near)).into_iter().collect();
        sink.push(found.risky("write the nearest name", edits));
    }
}
