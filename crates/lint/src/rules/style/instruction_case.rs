//! # instruction-case
//!
//! ## What it does
//! Finds instructions written in another letter case than most of the file.
//!
//! ## Why is this bad?
//! It reads as if it meant something.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! run make
//! CMD ["app"]
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN make
//! CMD ["app"]
//! ```
//! ```dockerfile good
//! from debian:12
//! run make
//! ```
//!
//! ## Fix safety
//! Safe: letter case means nothing.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/consistent-instruction-casing/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["ConsistentInstructionCasing", "DD071"],
    fix: FixKind::Safe,
    ..RuleInfo::new("instruction-case", Category::Style, Severity::Info, "an instruction's letter case differs")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let written: Vec<(usize, String)> = sheet
        .instructions()
        .iter()
        .enumerate()
        .map(|(index, instruction)| (index, sheet.text(instruction.keyword_span).into_owned()))
        .collect();
    let is_lower = |word: &str| word.chars().all(char::is_lowercase);
    let is_upper = |word: &str| word.chars().all(char::is_uppercase);
    let lower = written.iter().filter(|(_, word)| is_lower(word)).count();
    let upper = written.iter().filter(|(_, word)| is_upper(word)).count();
    let to_lower = lower > upper;
    for (index, word) in &written {
        let instruction = &sheet.instructions()[*index];
        let wanted = if to_lower { word.to_lowercase() } else { word.to_uppercase() };
        if *word != wanted && word.is_ascii() {
            let kind = if to_lower { "lower" } else { "upper" };
            let found =
                Found::file(instruction.keyword_span, format!("`{word}` is not in {kind} case as the others are"));
            let edit = Edit::replace(instruction.keyword_span, wanted);
            sink.push(found.safe(format!("write it in {kind} case"), vec![edit]));
        }
    }
}
