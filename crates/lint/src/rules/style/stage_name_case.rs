//! # stage-name-case
//!
//! ## What it does
//! Finds names of stages with capitals.
//!
//! ## Why is this bad?
//! Names are kept in lower case: `FROM Builder` does not find the stage that is called so.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12 AS Build
//! FROM debian:12
//! COPY --from=Build /a /a
//! ```
//! ```dockerfile fixed
//! FROM debian:12 AS build
//! FROM debian:12
//! COPY --from=build /a /a
//! ```
//! ```dockerfile good
//! FROM debian:12 AS build-2
//! ```
//!
//! ## Fix safety
//! Safe: names are kept in lower case, and `--target` ignores letter case.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/stage-name-casing/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["StageNameCasing", "DD050"],
    fix: FixKind::Safe,
    ..RuleInfo::new("stage-name-case", Category::Style, Severity::Info, "a stage's name has capitals")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let name = sheet.instructions().get(stage.from).and_then(|from| from.as_from()?.name);
        let Some(name) = name.filter(|name| *name.raw != name.raw.to_lowercase()) else { continue };
        let found =
            Found::stage(stage.index, name.span, format!("`{}` is kept as `{}`", name.raw, name.raw.to_lowercase()));
        sink.push(found.safe("write the name in lower case", edits(sheet, &name.raw, name.span)));
    }
}

/// The name and every `--from` that spells it so.
fn edits(sheet: &Sheet<'_>, name: &str, span: Span) -> Vec<Edit> {
    let lower = name.to_lowercase();
    let mut edits = vec![Edit::replace(span, lower.clone())];
    for step in &sheet.steps {
        let copy =
            step.instruction.as_copy().and_then(|copy| Some((copy.from?, step.instruction.flag("from")?.value_span?)));
        let mounts = step.mounts.iter().filter_map(|mount| {
            let option = mount.options.iter().find(|option| option.key.eq_ignore_ascii_case("from"))?;
            let value = option.value.as_deref()?;
            let end = option.span.end as usize;
            Some((value, Span::new(end.checked_sub(value.len())?, end)))
        });
        for (from, place) in copy.into_iter().chain(mounts) {
            if from == name && sheet.text(place) == name {
                edits.push(Edit::replace(place, lower.clone()));
            }
        }
    }
    edits
}
