//! # platform-argument-undeclared
//!
//! ## What it does
//! Finds stages that read `$TARGETARCH` and its like without declaring them, and defaults that freeze them.
//!
//! ## Why is this bad?
//! Without `ARG TARGETARCH` it is empty; with a default it is that, whatever is built.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN echo $TARGETARCH
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! ARG TARGETARCH
//! RUN echo $TARGETARCH
//! ```
//! ```dockerfile bad
//! FROM debian:12
//! ARG TARGETARCH=amd64
//! RUN echo $TARGETARCH
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN TARGETARCH=$(dpkg --print-architecture) && echo $TARGETARCH
//! ```
//!
//! ## Fix safety
//! Unsafe: the variable gets the value that it lacked so far.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "platform-argument-undeclared",
        Category::Correctness,
        Severity::Warning,
        "a platform argument is empty or frozen",
    )
};

const NAMES: [&str; 8] = [
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        for name in NAMES {
            undeclared(sheet, stage.index, name, sink);
        }
    }
    for step in sheet.of(Keyword::Arg).filter(|step| step.stage.is_some()) {
        for pair in step.instruction.pairs() {
            let frozen = NAMES.contains(&pair.raw_key.as_str())
                && pair.value.as_deref().is_some_and(|value| !value.is_empty() && !value.contains('$'));
            if frozen {
                let message = format!("the default freezes `{}`, whatever is built", pair.raw_key);
                let edits =
                    pair.value_span.map(|value| Edit::delete(Span { start: pair.key_span.end, end: value.end }));
                sink.push(Found::at(step, pair.span, message).risky("drop the default", edits.into_iter().collect()));
            }
        }
    }
}

/// The first step of the stage that reads a name which neither it nor what it stands on declares.
fn undeclared(sheet: &Sheet<'_>, stage: usize, name: &str, sink: &mut Sink<'_>) {
    let sets = |step: &Step<'_>| {
        let text = sheet.text(step.instruction.span);
        matches!(step.keyword(), Keyword::Arg | Keyword::Env)
            && step.instruction.pairs().iter().any(|pair| pair.key == name)
            || step.keyword() == Keyword::Run && text.contains(&format!("{name}="))
    };
    if sheet.lineage(stage).any(sets) {
        return;
    }
    let plain = |step: &&Step<'_>| {
        let text = sheet.text(step.instruction.span);
        let literal = step.instruction.heredocs.iter().any(|heredoc| !heredoc.expand) && step.keyword() != Keyword::Run;
        !step.onbuild && !literal && reads(&text, name)
    };
    let expands = [Keyword::Run, Keyword::Copy, Keyword::Add, Keyword::Env, Keyword::Label, Keyword::Workdir];
    let Some(step) = sheet.stage_steps(stage).filter(|step| expands.contains(&step.keyword())).find(plain) else {
        return;
    };
    let message = format!("`{name}` is empty here: the stage does not declare it");
    let from = sheet.graph.stages.get(stage).map_or(0, |stage| stage.from);
    let edit = jettison_dockerfile::edit::insert_after(sheet.dockerfile, from, &[&format!("ARG {name}")]);
    sink.push(Found::at(step, step.instruction.keyword_span, message).risky("declare it", vec![edit]));
}

/// `$NAME` or `${NAME}`, not `\$NAME` and not `${NAME:-…}`.
fn reads(text: &str, name: &str) -> bool {
    let plain = format!("${name}");
    let braces = format!("${{{name}}}");
    let mut places = text.match_indices(&plain).filter(|(at, _)| {
        let next = text[at + plain.len()..].chars().next();
        !next.is_some_and(|symbol| symbol.is_ascii_alphanumeric() || symbol == '_') && !text[..*at].ends_with('\\')
    });
    places.next().is_some() || text.match_indices(&braces).any(|(at, _)| !text[..at].ends_with('\\'))
}
