//! # inert-directive
//!
//! ## What it does
//! Finds parser directives that are none: misspelled, below something else, or given twice.
//!
//! ## Why is this bad?
//! They are comments, or refused: the file is read without them.
//!
//! ## Example
//! ```dockerfile bad
//! # sytnax=docker/dockerfile:1
//! FROM debian:12
//! ```
//! ```dockerfile fixed
//! # syntax=docker/dockerfile:1
//! FROM debian:12
//! ```
//! ```dockerfile bad
//! # the app
//! # syntax=docker/dockerfile:1
//! FROM debian:12
//! ```
//! ```dockerfile good
//! # syntax=docker/dockerfile:1
//! # escape=\
//! FROM debian:12
//! # check=skip=StageNameCasing
//! FROM debian:12 AS A
//! ```
//!
//! ## Fix safety
//! Unsafe: the file has been built without the directive so far.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#parser-directives>

use jettison_dockerfile::Item;

use super::super::prelude::*;
use super::refused;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[
        Part::new("typo", &["t:syntax-directive-typo"]),
        Part::new("position", &[]),
        Part::new("duplicate", &[]).severity(Severity::Error),
    ],
    fix: FixKind::Unsafe,
    ..RuleInfo::new("inert-directive", Category::Correctness, Severity::Warning, "a parser directive is only a comment")
};

const KEYS: [&str; 3] = ["syntax", "escape", "check"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    refused::report(sheet, sink, RULE.id);
    let directives = sheet.dockerfile.directives();
    let mut at_top = true;
    for item in sheet.dockerfile.items() {
        let Item::Comment(span) = item else {
            at_top &= matches!(item, Item::Blank(span) if span.start == 0 && span.len() == 3);
            continue;
        };
        if directives.iter().any(|directive| span.contains(directive.span)) {
            continue;
        }
        comment(sheet, *span, at_top, sink);
        at_top = false;
    }
}

fn comment(sheet: &Sheet<'_>, span: Span, at_top: bool, sink: &mut Sink<'_>) {
    let Some(text) = sheet.exact(span) else { return };
    let Some(key_at) = text.find(|symbol: char| symbol.is_ascii_alphabetic()) else { return };
    let key: String = text[key_at..].chars().take_while(char::is_ascii_alphabetic).collect();
    let behind = text[key_at + key.len()..].trim_start();
    let Some(value) = behind.strip_prefix('=').map(str::trim).filter(|value| !value.is_empty()) else { return };
    if !text[..key_at].trim().chars().eq(['#']) {
        return;
    }
    let lower = key.to_ascii_lowercase();
    let place = Span::new(span.start as usize, span.start as usize + text.trim_end().len());
    if KEYS.contains(&lower.as_str()) {
        let plausible = match lower.as_str() {
            "syntax" => value.contains('/') && !value.contains(' '),
            "escape" => ["\\", "`"].contains(&value),
            _ => false,
        };
        if plausible {
            let message = format!("`{key}` is only a comment here: a directive stands above everything else");
            sink.push(Found::file(place, message).part("position"));
        }
    } else if at_top
        && let Some(near) = KEYS
            .iter()
            .find(|near| strsim::damerau_levenshtein(near, &lower) <= 2 && near.len().abs_diff(lower.len()) <= 1)
    {
        let start = span.start as usize + key_at;
        let edit = Edit::replace(Span::new(start, start + key.len()), *near);
        let found = Found::file(place, format!("`{key}` is no directive; did you mean `{near}`?")).part("typo");
        sink.push(found.risky("correct the name", vec![edit]));
    }
}
