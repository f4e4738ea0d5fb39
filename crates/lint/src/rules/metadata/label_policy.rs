//! # label-policy
//!
//! ## What it does
//! Finds labels whose value is not of the type that your policy says, and labels that it does not know.
//!
//! ## Why is this bad?
//! Tools that read the label get something else than they expect.
//!
//! ## Example
//! ```dockerfile bad label:org.opencontainers.image.url:url
//! FROM debian:12
//! LABEL org.opencontainers.image.url=nowhere
//! ```
//! ```dockerfile good label:org.opencontainers.image.licenses:spdx
//! FROM debian:12
//! LABEL org.opencontainers.image.licenses="MIT OR Apache-2.0"
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://github.com/opencontainers/image-spec/blob/main/annotations.md>

use super::super::prelude::*;
use super::labels;
use crate::LabelType;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[
        Part::new("unexpected", &["DL3050"]).severity(Severity::Info).off(),
        Part::new("empty", &["DL3051"]).off(),
        Part::new("url", &["DL3052"]).off(),
        Part::new("rfc3339", &["DL3053"]).off(),
        Part::new("spdx", &["DL3054"]).off(),
        Part::new("hash", &["DL3055"]).off(),
        Part::new("semver", &["DL3056"]).off(),
        Part::new("email", &["DL3058"]).off(),
    ],
    on_by_default: false,
    ..RuleInfo::new("label-policy", Category::Metadata, Severity::Warning, "a label is not what the policy says")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let settings = sheet.settings;
    for step in sheet.of(Keyword::Label) {
        for label in labels::of(sheet, step) {
            let Some(kind) = settings.labels.get(&label.key) else {
                if settings.strict_labels {
                    let found = Found::at(step, label.key_span, format!("the policy knows no label `{}`", label.key));
                    sink.push(found.part("unexpected"));
                }
                continue;
            };
            let Some(value) = label.value else { continue };
            if value.trim().is_empty() {
                sink.push(Found::at(step, label.span, format!("label `{}` is empty", label.key)).part("empty"));
            } else if let Some((part, what)) = wrong(*kind, &value) {
                sink.push(Found::at(step, label.span, format!("label `{}` is no {what}", label.key)).part(part));
            }
        }
    }
}

/// The part and the words for a value that is not of its type.
fn wrong(kind: LabelType, value: &str) -> Option<(&'static str, &'static str)> {
    let (right, part, what) = match kind {
        LabelType::Text => (true, "empty", "text"),
        LabelType::Url => (is_url(value), "url", "URL"),
        LabelType::Rfc3339 => (is_rfc3339(value), "rfc3339", "date and time of RFC 3339"),
        LabelType::Spdx => (is_spdx(value), "spdx", "SPDX licence expression"),
        LabelType::Hash => (is_hash(value), "hash", "commit id"),
        LabelType::Semver => (is_semver(value), "semver", "semantic version"),
        LabelType::Email => (is_email(value), "email", "e-mail address"),
    };
    (!right).then_some((part, what))
}

fn is_url(value: &str) -> bool {
    value.split_once("://").is_some_and(|(scheme, rest)| {
        let word = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|symbol| symbol.is_ascii_alphanumeric() || "+-.".contains(symbol));
        word && !rest.is_empty() && !value.contains(char::is_whitespace)
    })
}

/// `2026-11-21T10:00:00Z`, `2026-11-21T10:00:00.5+01:00`.
fn is_rfc3339(value: &str) -> bool {
    let shape = |text: &str, pattern: &str| {
        text.len() == pattern.len()
            && text.chars().zip(pattern.chars()).all(|(symbol, wanted)| {
                if wanted == '0' { symbol.is_ascii_digit() } else { symbol.eq_ignore_ascii_case(&wanted) }
            })
    };
    let Some((date_time, rest)) = value.split_at_checked(19) else { return false };
    let rest = rest
        .strip_prefix('.')
        .map_or(rest, |fraction| fraction.trim_start_matches(|symbol: char| symbol.is_ascii_digit()));
    let zone = rest.eq_ignore_ascii_case("z") || shape(rest, "+00:00") || shape(rest, "-00:00");
    (shape(date_time, "0000-00-00T00:00:00") || shape(date_time, "0000-00-00 00:00:00")) && zone
}

/// Ids joined by AND, OR, WITH and brackets.
fn is_spdx(value: &str) -> bool {
    let words: Vec<&str> = value.split([' ', '(', ')']).filter(|word| !word.is_empty()).collect();
    let id = |word: &str| word.chars().all(|symbol| symbol.is_ascii_alphanumeric() || ".-+:".contains(symbol));
    let operator = |word: &str| ["AND", "OR", "WITH"].contains(&word);
    let turns = words
        .iter()
        .enumerate()
        .all(|(at, word)| if at % 2 == 1 { operator(word) } else { id(word) && !operator(word) });
    words.len() % 2 == 1 && turns
}

fn is_hash(value: &str) -> bool {
    (7..=64).contains(&value.len()) && value.chars().all(|symbol| symbol.is_ascii_hexdigit())
}

fn is_semver(value: &str) -> bool {
    let (core, rest) = value.split_at(value.find(['-', '+']).unwrap_or(value.len()));
    let numbers: Vec<&str> = core.split('.').collect();
    let number = |part: &&str| !part.is_empty() && part.chars().all(|symbol| symbol.is_ascii_digit());
    let tail = rest.chars().all(|symbol| symbol.is_ascii_alphanumeric() || ".-+".contains(symbol)) && rest.len() != 1;
    numbers.len() == 3 && numbers.iter().all(number) && tail
}

fn is_email(value: &str) -> bool {
    value.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.contains('@') && !value.contains(' ')
    })
}
