//! # argument-shadowed-by-env
//!
//! ## What it does
//! Finds ARGs that an ENV of the same name hides: `--build-arg` changes nothing.
//!
//! ## Why is this bad?
//! Whoever gives the argument believes that it counts. The environment wins.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! ENV VERSION=1
//! ARG VERSION=2
//! RUN echo $VERSION
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! ARG VERSION=2
//! RUN echo $VERSION
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ARG VERSION=1
//! ENV VERSION=$VERSION
//! RUN echo $VERSION
//! ```
//!
//! ## Fix safety
//! Unsafe: the ENV is taken away, and the ARG's value counts.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#using-arg-variables>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "argument-shadowed-by-env",
        Category::Correctness,
        Severity::Warning,
        "a build argument has no effect: an ENV hides it",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Arg).filter(|step| !step.onbuild) {
        let Some(stage) = step.stage else { continue };
        for pair in step.instruction.pairs() {
            let key = pair.raw_key.as_str();
            let envs = sheet.lineage(stage).filter(|other| other.keyword() == Keyword::Env && other.index < step.index);
            let Some((env, value)) = envs.filter_map(|env| Some((env, value_of(env, key)?))).last() else { continue };
            // It takes the value of an ARG of that name above it.
            if reads(&value, key) {
                continue;
            }
            let message = format!("`{key}` is what line {} sets, whatever `--build-arg` says", env.instruction.line);
            let alone = env.instruction.pairs().len() == 1 && pair.value.is_some() && env.stage == step.stage;
            let unread = !sheet.lineage(stage).any(|other| {
                let between = other.index > env.index && other.index < step.index;
                between && reads(&sheet.text(other.instruction.span), key)
            });
            let edits = if alone && unread && !env.onbuild {
                vec![jettison_dockerfile::edit::delete_instruction(sheet.dockerfile, env.index, false)]
            } else {
                Vec::new()
            };
            sink.push(Found::at(step, pair.span, message).risky("drop the ENV", edits));
        }
    }
}

fn value_of(env: &Step<'_>, key: &str) -> Option<String> {
    let pair = env.instruction.pairs().into_iter().find(|pair| pair.key == key)?;
    Some(pair.value.map(|value| value.to_string()).unwrap_or_default())
}
