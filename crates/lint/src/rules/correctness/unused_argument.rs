//! # unused-argument
//!
//! ## What it does
//! Finds global ARGs that no FROM reads and no stage declares again.
//!
//! ## Why is this bad?
//! `--build-arg` for it changes nothing.
//!
//! ## Example
//! ```dockerfile bad
//! ARG VERSION=1
//! FROM debian:12
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! ```
//! ```dockerfile good
//! ARG VERSION=12
//! FROM debian:$VERSION
//! ```
//!
//! ## Fix safety
//! Unsafe: builders warn about build args that no ARG declares.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#scope>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    fix: FixKind::Unsafe,
    ..RuleInfo::new("unused-argument", Category::Correctness, Severity::Info, "nothing reads this ARG")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let globals = sheet.of(Keyword::Arg).filter(|step| step.stage.is_none() && !sheet.graph.stages.is_empty());
    for step in globals {
        let pairs = step.instruction.pairs();
        for pair in &pairs {
            let name = pair.raw_key.as_str();
            let special =
                name.starts_with("BUILDKIT_") || name == "SOURCE_DATE_EPOCH" || name.to_lowercase().ends_with("_proxy");
            if special || is_read(sheet, step.index, name) {
                continue;
            }
            let alone = pairs.len() == 1;
            let edit = jettison_dockerfile::edit::delete_instruction(sheet.dockerfile, step.index, false);
            let found = Found::at(step, pair.span, format!("nothing reads `{name}`"));
            sink.push(found.risky("remove it", if alone { vec![edit] } else { Vec::new() }));
        }
    }
}

/// Whether any other instruction names it.
fn is_read(sheet: &Sheet<'_>, own: usize, name: &str) -> bool {
    let others = sheet.steps.iter().filter(|step| step.index != own);
    others.into_iter().any(|step| {
        let text = sheet.text(step.instruction.span);
        let word = |text: &str| {
            text.split(|symbol: char| !symbol.is_ascii_alphanumeric() && symbol != '_').any(|word| word == name)
        };
        word(&text)
    })
}
