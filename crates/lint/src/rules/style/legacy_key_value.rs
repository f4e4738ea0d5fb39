//! # legacy-key-value
//!
//! ## What it does
//! Finds `ENV key value` and `LABEL key value` without `=`.
//!
//! ## Why is this bad?
//! Everything behind the first blank is the value, which surprises whoever adds a second pair.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! ENV MODE fast and good
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! ENV MODE="fast and good"
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ENV MODE=fast LEVEL=3
//! ```
//!
//! ## Fix safety
//! Safe: the value stays the same. Left alone where quotes or line ends in the value leave doubt.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/legacy-key-value-format/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["LegacyKeyValueFormat"],
    fix: FixKind::Safe,
    ..RuleInfo::new("legacy-key-value", Category::Style, Severity::Info, "a key and its value stand without =")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.steps.iter().filter(|step| matches!(step.keyword(), Keyword::Env | Keyword::Label)) {
        let [key, value] = &step.instruction.words[..] else { continue };
        let first = step.instruction.body.text.split_whitespace().next().unwrap_or_default();
        if first.contains('=') || key.raw != first || !step.instruction.body.text.contains(char::is_whitespace) {
            continue;
        }
        let found = Found::at(step, key.span, format!("`{}` and its value stand without `=`", key.raw));
        let edits = fix(sheet, key.span, value.span, &value.raw).into_iter().collect();
        sink.push(found.safe("write key=\"value\"", edits));
    }
}

/// `=` in the place of the blanks, and quotes where the value needs them.
fn fix(sheet: &Sheet<'_>, key: Span, value: Span, raw: &str) -> Option<Edit> {
    let gap = Span { start: key.end, end: value.end };
    let one_line = value.len() == raw.len() && !sheet.text(Span { start: key.start, end: value.end }).contains('\n');
    let escape = sheet.dockerfile.escape();
    let doubtful = raw.contains(['"', '\'', escape]) || sheet.text(key).contains(['"', '\'']);
    if !one_line || raw.is_empty() {
        return None;
    }
    // A value that is one quoted word stays as it is.
    let quoted =
        raw.len() > 1 && raw.starts_with('"') && raw.ends_with('"') && !raw[1..raw.len() - 1].contains(['"', escape]);
    if quoted {
        return Some(Edit::replace(gap, format!("={raw}")));
    }
    let plain = !raw.contains(|symbol: char| symbol.is_whitespace() || "#&;|<>()".contains(symbol));
    (!doubtful).then(|| Edit::replace(gap, if plain { format!("={raw}") } else { format!("=\"{raw}\"") }))
}
