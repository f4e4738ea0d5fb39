//! # argument-out-of-scope
//!
//! ## What it does
//! Finds a global ARG that a stage reads without declaring it again.
//!
//! ## Why is this bad?
//! ARGs above the first FROM are known to FROM lines only: in the stage the variable is empty.
//!
//! ## Example
//! ```dockerfile bad
//! ARG VERSION=1
//! FROM debian:12
//! ENV APP_VERSION=$VERSION
//! ```
//! ```dockerfile good
//! ARG VERSION=1
//! FROM debian:12
//! ARG VERSION
//! ENV APP_VERSION=$VERSION
//! ```
//!
//! ## Fix safety
//! Unsafe: the variable gets the value that it lacked so far.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact>

use super::super::prelude::*;
use super::undefined_variable::builder_words;

pub(super) const RULE: RuleInfo = RuleInfo {
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "argument-out-of-scope",
        Category::Correctness,
        Severity::Warning,
        "a stage reads a global ARG that it does not declare",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let globals = global_arguments(sheet);
    if globals.is_empty() {
        return;
    }
    for stage in &sheet.graph.stages {
        let mut seen: Vec<&String> = Vec::new();
        for step in sheet.stage_steps(stage.index).filter(|step| !step.onbuild) {
            for global in globals.iter().filter(|name| !step.state.variables.contains_key(name.as_str())) {
                let Some(span) = reads(sheet, step, global) else { continue };
                if seen.contains(&global) || declared(sheet, stage.index, step.index, global) {
                    continue;
                }
                seen.push(global);
                let message = format!("`{global}` is empty here: ARGs above the first FROM are not known in a stage");
                let edit =
                    jettison_dockerfile::edit::insert_after(sheet.dockerfile, stage.from, &[&format!("ARG {global}")]);
                sink.push(Found::at(step, span, message).likely().risky("declare it in the stage", vec![edit]));
            }
        }
    }
}

fn global_arguments(sheet: &Sheet<'_>) -> Vec<String> {
    let before =
        sheet.steps.iter().take_while(|step| step.stage.is_none()).filter(|step| step.keyword() == Keyword::Arg);
    before.flat_map(|step| step.instruction.pairs()).map(|pair| pair.raw_key.to_string()).collect()
}

/// Whether the stage, or one that it stands on, declares the name before an instruction: a value may come from outside.
fn declared(sheet: &Sheet<'_>, stage: usize, before: usize, name: &str) -> bool {
    let earlier = sheet.lineage(stage).filter(|step| step.index < before || step.stage != Some(stage));
    earlier
        .filter(|step| matches!(step.keyword(), Keyword::Arg | Keyword::Env))
        .any(|step| step.instruction.pairs().iter().any(|pair| pair.key == name))
}

/// Where a step reads the variable, in words of the builder or in its script.
fn reads(sheet: &Sheet<'_>, step: &Step<'_>, name: &str) -> Option<Span> {
    let word = builder_words(step).into_iter().find(|(word, _)| {
        let expanded = jettison_dockerfile::expand::expand(word, &step.state.variables, sheet.dockerfile.escape());
        expanded.is_ok_and(|expanded| expanded.unset.contains(name))
    });
    if let Some((_, span)) = word {
        return Some(span);
    }
    let script = step.understood().filter(|_| step.keyword() == Keyword::Run)?;
    let commands = script.simple_commands();
    let assigned = |simple: &&jettison_dockerfile::shell::Simple| {
        let declares =
            simple.words.iter().any(|word| word.raw.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')));
        declares || simple.assignments.iter().any(|(key, _)| key == name)
    };
    if commands.iter().any(assigned) || sheet.text(step.instruction.span).contains(&format!("for {name} in")) {
        return None;
    }
    let mut words = commands.iter().flat_map(|simple| &simple.words);
    let is_read = |part: &jettison_dockerfile::shell::Part| {
        let plain = sheet.text(part.span);
        let plain = plain == format!("${name}") || plain == format!("${{{name}}}");
        plain && matches!(&part.kind, jettison_dockerfile::shell::PartKind::Variable(found) if found == name)
    };
    words.find_map(|word| word.parts.iter().find(|part| is_read(part)).map(|part| part.span))
}
