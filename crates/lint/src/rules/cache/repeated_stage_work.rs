//! # repeated-stage-work
//!
//! ## What it does
//! Finds stages on the same base that run the same expensive steps, but not from the start, so that the cache cannot share them.
//!
//! ## Why is this bad?
//! The work is done twice. A stage of its own that both start from does it once.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12 AS one
//! COPY a /a
//! RUN apt-get update && apt-get install -y build-essential
//! RUN pip install flask==3.1.0
//! FROM debian:12 AS two
//! COPY b /b
//! RUN apt-get update && apt-get install -y build-essential
//! RUN pip install flask==3.1.0
//! COPY --from=one /a /a
//! ```
//! ```dockerfile good
//! FROM debian:12 AS base
//! RUN apt-get update && apt-get install -y build-essential
//! RUN pip install flask==3.1.0
//! FROM base AS one
//! COPY a /a
//! FROM base AS two
//! COPY --from=one /a /a
//! ```
//!
//! ## Fix safety
//! No fix: whether the steps need what stands above them is yours to say.
//!
//! ## References
//! <https://docs.docker.com/build/building/multi-stage/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo =
    RuleInfo::new("repeated-stage-work", Category::Cache, Severity::Info, "two stages do the same work");

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let Base::Image(image) = &stage.base else { continue };
        for other in
            sheet.graph.stages.iter().take(stage.index).filter(|other| other.base == Base::Image(image.clone()))
        {
            let (first, second) = (keys(sheet, other.index), keys(sheet, stage.index));
            let shared = first.iter().zip(&second).take_while(|(one, two)| one.0 == two.0).count();
            let again: Vec<&Step<'_>> = second
                .iter()
                .skip(shared)
                .filter(|(key, _)| first.iter().any(|(known, _)| known == key))
                .map(|(_, step)| *step)
                .filter(|step| step.calls.iter().any(is_expensive))
                .collect();
            let [step, _, ..] = again.as_slice() else { continue };
            let name = other.name.clone().unwrap_or_else(|| other.index.to_string());
            let message = format!(
                "{} steps are those of stage `{name}`: a stage that both start from does them once",
                again.len()
            );
            sink.push(Found::at(step, step.instruction.keyword_span, message).likely());
            break;
        }
    }
}

/// The steps of a stage, blanks made equal.
fn keys<'s, 'f>(sheet: &'s Sheet<'f>, stage: usize) -> Vec<(String, &'s Step<'f>)> {
    let key = |step: &Step<'_>| {
        let words: Vec<&str> = step.instruction.body.text.split_whitespace().collect();
        format!("{:?} {}", step.keyword(), words.join(" "))
    };
    sheet.stage_steps(stage).filter(|step| !step.onbuild).map(|step| (key(step), step)).collect()
}
