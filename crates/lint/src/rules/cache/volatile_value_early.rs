//! # volatile-value-early
//!
//! ## What it does
//! Finds build numbers, commits and dates that are set above steps that take long and do not need them.
//!
//! ## Why is this bad?
//! Every build has another value, and everything below it is built anew. BuildKit gives RUNs all variables that are declared
//! above them.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! ARG GIT_COMMIT
//! RUN apt-get update && apt-get install -y curl
//! RUN echo $GIT_COMMIT > /version
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl
//! ARG GIT_COMMIT
//! RUN echo $GIT_COMMIT > /version
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl
//! ARG GIT_COMMIT
//! RUN echo $GIT_COMMIT > /version
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ARG GIT_COMMIT
//! LABEL org.opencontainers.image.revision=$GIT_COMMIT
//! COPY app /app
//! ```
//! ```dockerfile good
//! FROM debian:12
//! LABEL build-date=2026-11-21
//! RUN apt-get update && apt-get install -y curl
//! ```
//!
//! ## Fix safety
//! Unsafe: a script that a step in between starts may read the variable.
//!
//! ## References
//! <https://docs.docker.com/build/cache/invalidation/#build-arguments>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "volatile-value-early",
        Category::Cache,
        Severity::Warning,
        "what changes with every build stands above steps that take long",
    )
};

/// Names, in parts between underscores, of what is new in every build.
const NAMES: [&str; 22] = [
    "BUILD_DATE",
    "BUILD_ID",
    "BUILD_NUMBER",
    "BUILD_TIME",
    "BUILD_TIMESTAMP",
    "BUILDNUMBER",
    "CI_COMMIT_SHA",
    "COMMIT",
    "COMMIT_HASH",
    "COMMIT_ID",
    "COMMIT_SHA",
    "GIT_COMMIT",
    "GIT_COMMIT_SHA",
    "GIT_HASH",
    "GIT_REV",
    "GIT_REVISION",
    "GIT_SHA",
    "GITHUB_SHA",
    "SOURCE_COMMIT",
    "TIMESTAMP",
    "VCS_REF",
    "VCS_REVISION",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let sets = [Keyword::Arg, Keyword::Env];
    for step in sheet.steps.iter().filter(|step| sets.contains(&step.keyword()) && !step.onbuild) {
        let Some(stage) = step.stage else { continue };
        let pairs = step.instruction.pairs();
        let Some(pair) = pairs.iter().find(|pair| is_volatile(step, &pair.key, pair.value.as_deref())) else {
            continue;
        };
        let below = || sheet.stage_steps(stage).filter(|other| other.index > step.index && !other.onbuild);
        let uses = |other: &Step<'_>| reads(&sheet.text(other.instruction.span), &pair.key);
        let slow = below().take_while(|other| !uses(other)).find_map(|other| {
            let run = Some(other).filter(|other| other.keyword() == Keyword::Run)?;
            Some((run, run.calls.iter().find(|call| is_expensive(call))?))
        });
        let Some((run, call)) = slow else { continue };
        let message = format!(
            "`{}` is new in every build: from line {} on (`{}`) nothing comes from the cache",
            pair.key, run.instruction.line, call.name
        );
        let user = below().find(|other| uses(other));
        let edits = user.filter(|_| pairs.len() == 1).map_or_else(Vec::new, |user| fix(sheet, step, user));
        sink.push(Found::at(step, pair.span, message).likely().risky("declare it where it is used", edits));
    }
}

fn is_volatile(step: &Step<'_>, name: &str, value: Option<&str>) -> bool {
    let value = value.unwrap_or_default();
    // A value that stands in the file changes with the file.
    let given = if step.keyword() == Keyword::Arg { true } else { value.contains('$') };
    given && NAMES.contains(&name.to_ascii_uppercase().as_str())
}

/// The instruction moved in front of the first that uses its variable.
fn fix(sheet: &Sheet<'_>, step: &Step<'_>, user: &Step<'_>) -> Vec<Edit> {
    let Some(text) = sheet.exact(step.instruction.span).filter(|text| !text.contains('\n')) else { return Vec::new() };
    if step.keyword() != Keyword::Arg {
        return Vec::new();
    }
    vec![
        jettison_dockerfile::edit::delete_instruction(sheet.dockerfile, step.index, false),
        jettison_dockerfile::edit::insert_before(sheet.dockerfile, user.index, &[text]),
    ]
}
