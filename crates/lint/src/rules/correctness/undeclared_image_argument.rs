//! # undeclared-image-argument
//!
//! ## What it does
//! Finds variables in a FROM that no ARG above the first FROM declares.
//!
//! ## Why is this bad?
//! They are empty, whatever build args are given.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:$TAG
//! ARG TAG=12
//! ```
//! ```dockerfile good
//! ARG TAG=12
//! FROM --platform=$BUILDPLATFORM debian:$TAG
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/undefined-arg-in-from/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["UndefinedArgInFrom", "da:UndefinedArgInFrom"],
    ..RuleInfo::new(
        "undeclared-image-argument",
        Category::Correctness,
        Severity::Error,
        "a FROM reads a variable that is declared nowhere",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let Some(from) = sheet.instructions().get(stage.from) else { continue };
        let platform = from.flag("platform").and_then(|flag| Some((flag.value.clone()?, flag.value_span?)));
        let image = from.words.first().map(|word| (word.raw.clone(), word.span));
        for (text, span) in platform.into_iter().chain(image).filter(|(text, _)| text.contains('$')) {
            let declared = declared_before(sheet, stage.from);
            let Ok(expanded) = jettison_dockerfile::expand::expand(&text, &declared, sheet.dockerfile.escape()) else {
                continue;
            };
            for name in &expanded.unset {
                let near = declared.keys().map(|known| (strsim::damerau_levenshtein(known, name), known)).min();
                let near = near.filter(|(distance, _)| *distance <= 2).map(|(_, near)| near);
                let help = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                let message = format!("no ARG above the first FROM declares `{name}`{help}");
                sink.push(Found::stage(stage.index, span, message));
            }
        }
    }
}

/// Everything that a FROM can read; what has no value stands with one here.
fn declared_before(sheet: &Sheet<'_>, from: usize) -> jettison_dockerfile::expand::Env {
    let globals = sheet.of(Keyword::Arg).filter(|step| step.index < from && step.stage.is_none());
    let globals =
        globals.flat_map(|step| step.instruction.pairs()).map(|pair| (pair.raw_key.to_string(), "x".to_owned()));
    let platform = sheet.graph.platform_args.keys().map(|name| (name.clone(), "x".to_owned()));
    globals.chain(platform).collect()
}
