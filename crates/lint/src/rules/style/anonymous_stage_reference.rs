//! # anonymous-stage-reference
//!
//! ## What it does
//! Finds `--from=0`: stages that are named by their number.
//!
//! ## Why is this bad?
//! A stage added above makes it another one.
//!
//! ## Example
//! ```dockerfile bad
//! FROM golang:1.25
//! RUN go build -o /app
//! FROM debian:12
//! COPY --from=0 /app /app
//! ```
//! ```dockerfile fixed
//! FROM golang:1.25 AS stage-0
//! RUN go build -o /app
//! FROM debian:12
//! COPY --from=stage-0 /app /app
//! ```
//! ```dockerfile good
//! FROM golang:1.25 AS build
//! FROM debian:12
//! COPY --from=build /app /app
//! ```
//!
//! ## Fix safety
//! Safe: the same stage with a name.
//!
//! ## References
//! <https://docs.docker.com/build/building/multi-stage/#name-your-build-stages>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DF023", "k:using_unnamed_build_stages"],
    fix: FixKind::Safe,
    ..RuleInfo::new("anonymous-stage-reference", Category::Style, Severity::Info, "a stage is named by its number")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Copy).filter(|step| !step.onbuild) {
        let Some(flag) = step.instruction.flag("from") else { continue };
        let Some(index) = flag.value.as_deref().and_then(|value| value.parse::<usize>().ok()) else { continue };
        let Some(stage) = sheet.graph.stages.get(index).filter(|stage| Some(stage.index) < step.stage) else {
            continue;
        };
        let found = Found::at(step, flag.span, format!("stage {index} is another one once a stage is added above"));
        sink.push(found.safe("name the stage", fix(sheet, stage.index, flag.value_span)));
    }
}

/// The stage's name in the place of its number; a name for a stage that has none.
fn fix(sheet: &Sheet<'_>, index: usize, value: Option<Span>) -> Vec<Edit> {
    let (Some(stage), Some(value)) = (sheet.graph.stages.get(index), value) else { return Vec::new() };
    if let Some(name) = &stage.name {
        return vec![Edit::replace(value, name.clone())];
    }
    let name = format!("stage-{index}");
    let image = sheet.instructions().get(stage.from).and_then(|from| from.words.first());
    let taken = sheet.stage_names().any(|known| known == name);
    match image.filter(|_| !taken) {
        Some(image) => {
            let upper = sheet
                .instructions()
                .get(stage.from)
                .is_some_and(|from| sheet.text(from.keyword_span).chars().all(char::is_uppercase));
            let word = if upper { "AS" } else { "as" };
            vec![Edit::insert(image.span.end as usize, format!(" {word} {name}")), Edit::replace(value, name)]
        }
        None => Vec::new(),
    }
}
