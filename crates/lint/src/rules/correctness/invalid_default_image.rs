//! # invalid-default-image
//!
//! ## What it does
//! Finds a FROM that names no image unless build args are given.
//!
//! ## Why is this bad?
//! `docker build .` fails, with a message that says nothing of the argument.
//!
//! ## Example
//! ```dockerfile bad
//! ARG TAG
//! FROM debian:$TAG
//! ```
//! ```dockerfile good
//! ARG TAG=12
//! FROM debian:$TAG
//! ```
//! ```dockerfile good
//! ARG TAG
//! FROM debian:${TAG:?which release?}
//! ```
//!
//! ## Fix safety
//! No fix: the default is yours to say.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/invalid-default-arg-in-from/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["InvalidDefaultArgInFrom"],
    ..RuleInfo::new(
        "invalid-default-image",
        Category::Correctness,
        Severity::Info,
        "a FROM names no image without build args",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let Some(word) = sheet.instructions().get(stage.from).and_then(|from| from.words.first()) else { continue };
        if !word.raw.contains('$') {
            continue;
        }
        let declared = |name: &String| {
            let globals = sheet.of(Keyword::Arg).filter(|step| step.index < stage.from && step.stage.is_none());
            globals.flat_map(|step| step.instruction.pairs()).any(|pair| pair.raw_key == name.as_str())
        };
        let variables = jettison_dockerfile::expand::variables(&word.raw, sheet.dockerfile.escape());
        let scope = sheet.graph.global_args.iter().chain(&sheet.graph.platform_args);
        let scope = scope.map(|(name, value)| (name.clone(), value.clone())).collect();
        let Ok(expanded) = jettison_dockerfile::expand::expand(&word.raw, &scope, sheet.dockerfile.escape()) else {
            continue;
        };
        let invalid = expanded.value.is_empty() || expanded.value.parse::<jettison_model::ImageRef>().is_err();
        let stage_name = sheet.stage_names().any(|name| name == expanded.value);
        if invalid && !stage_name && variables.iter().any(declared) {
            let message = format!("without build args `{}` names no image", word.raw);
            sink.push(Found::stage(stage.index, word.span, message));
        }
    }
}
