//! # from-as-case
//!
//! ## What it does
//! Finds `AS` in another letter case than its FROM.
//!
//! ## Why is this bad?
//! It reads as if it meant something.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12 as build
//! ```
//! ```dockerfile fixed
//! FROM debian:12 AS build
//! ```
//! ```dockerfile good
//! from debian:12 as build
//! ```
//!
//! ## Fix safety
//! Safe: letter case means nothing.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/from-as-casing/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["FromAsCasing"],
    fix: FixKind::Safe,
    ..RuleInfo::new("from-as-case", Category::Style, Severity::Info, "AS is in another letter case than FROM")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let Some(from) = sheet.instructions().get(stage.from) else { continue };
        let [_, word, _] = &from.words[..] else { continue };
        let keyword = sheet.text(from.keyword_span);
        let wanted = if keyword.chars().all(char::is_lowercase) {
            "as"
        } else if keyword.chars().all(char::is_uppercase) {
            "AS"
        } else {
            continue;
        };
        if word.raw != wanted && word.raw.eq_ignore_ascii_case("as") {
            let found =
                Found::stage(stage.index, word.span, format!("`{}` and `{keyword}` differ in letter case", word.raw));
            sink.push(found.safe(format!("write {wanted}"), vec![Edit::replace(word.span, wanted)]));
        }
    }
}
