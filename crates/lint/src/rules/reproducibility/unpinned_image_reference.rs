//! # unpinned-image-reference
//!
//! ## What it does
//! Finds images without a version in `COPY --from`, in `from=` of mounts, and in `# syntax=`.
//!
//! ## Why is this bad?
//! What is copied, or what reads the file, changes under you.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! COPY --from=ghcr.io/astral-sh/uv /uv /bin/uv
//! ```
//! ```dockerfile good
//! FROM debian:12
//! COPY --from=ghcr.io/astral-sh/uv:0.9.0 /uv /bin/uv
//! ```
//! ```dockerfile bad
//! # syntax=docker/dockerfile:latest
//! FROM debian:12
//! ```
//! ```dockerfile fixed
//! # syntax=docker/dockerfile:1
//! FROM debian:12
//! ```
//!
//! ## Fix safety
//! Safe for the frontend: version 1 keeps what 1.x could do.
//!
//! ## References
//! <https://docs.docker.com/build/buildkit/frontend/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[Part::new("copy", &[]), Part::new("frontend", &[]).severity(Severity::Info)],
    fix: FixKind::Safe,
    ..RuleInfo::new(
        "unpinned-image-reference",
        Category::Reproducibility,
        Severity::Warning,
        "an image that is copied from, or the frontend, has no version",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in &sheet.steps {
        if let Some((from, flag)) =
            step.instruction.as_copy().and_then(|copy| Some((copy.from?, step.instruction.flag("from")?)))
        {
            image(sheet, step, from, flag.value_span.unwrap_or(flag.span), sink);
        }
        for mount in &step.mounts {
            if let Some(from) = &mount.from {
                let option = mount.options.iter().find(|option| option.key.eq_ignore_ascii_case("from"));
                image(sheet, step, from, option.map_or(step.instruction.keyword_span, |option| option.span), sink);
            }
        }
    }
    frontend(sheet, sink);
}

fn image(sheet: &Sheet<'_>, step: &Step<'_>, from: &str, span: Span, sink: &mut Sink<'_>) {
    let is_name = !from.contains(['/', ':', '@', '.']) || from.contains('$');
    let known = sheet.settings.contexts.iter().any(|context| context == from);
    if is_name || known || sheet.stage_names().any(|name| name.eq_ignore_ascii_case(from)) {
        return;
    }
    let Ok(reference) = from.parse::<jettison_model::ImageRef>() else { return };
    if reference.digest.is_none() && matches!(reference.tag.as_deref(), None | Some("latest")) {
        sink.push(Found::at(step, span, format!("`{from}` has no version")).part("copy"));
    }
}

fn frontend(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let Some(syntax) = sheet.dockerfile.directives().iter().find(|directive| directive.name == "syntax") else {
        return;
    };
    let Some(image) = syntax.value.split_whitespace().next() else { return };
    let moving =
        ["docker/dockerfile:latest", "docker/dockerfile:master", "docker/dockerfile", "docker/dockerfile:experimental"];
    if !moving.contains(&image) && image != "docker/dockerfile:labs" {
        return;
    }
    let text = sheet.text(syntax.span).into_owned();
    let at = text.find(image).filter(|_| moving.contains(&image));
    let edit = at.map(|at| {
        let start = syntax.span.start as usize + at;
        Edit::replace(Span::new(start, start + image.len()), "docker/dockerfile:1")
    });
    let found = Found::file(syntax.span, format!("`{image}` is another frontend every few weeks")).part("frontend");
    sink.push(found.safe("name version 1", edit.into_iter().collect()));
}
