//! # untrusted-registry
//!
//! ## What it does
//! Finds images of registries that are not on your list.
//!
//! ## Why is this bad?
//! What is in them, and who can change it, is not what your policy knows.
//!
//! ## Example
//! ```dockerfile bad trusted:ghcr.io
//! FROM debian:12
//! ```
//! ```dockerfile good trusted:docker.io,*.example.com
//! FROM debian:12 AS base
//! FROM images.example.com/app:1
//! COPY --from=base /a /a
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3026", "DF065"],
    parts: &[Part::new("image", &[]).off(), Part::new("frontend", &[]).severity(Severity::Info)],
    ..RuleInfo::new(
        "untrusted-registry",
        Category::Security,
        Severity::Error,
        "an image comes from a registry off the list",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let Base::Image(image) = &stage.base else { continue };
        let Some(word) = sheet.instructions().get(stage.from).and_then(|from| from.words.first()) else { continue };
        report(sheet, Found::stage(stage.index, word.span, message(image)), image, sink);
    }
    for step in &sheet.steps {
        if let Some((from, flag)) =
            step.instruction.as_copy().and_then(|copy| Some((copy.from?, step.instruction.flag("from")?)))
        {
            let is_image =
                from.contains(['/', ':', '.']) && !sheet.stage_names().any(|name| name.eq_ignore_ascii_case(from));
            if is_image && !sheet.is_hadolint() {
                report(sheet, Found::at(step, flag.span, message(from)), from, sink);
            }
        }
    }
    frontend(sheet, sink);
}

fn message(image: &str) -> String {
    format!("`{image}` comes from a registry that is not trusted here")
}

fn report(sheet: &Sheet<'_>, found: Found, image: &str, sink: &mut Sink<'_>) {
    let trusted = &sheet.settings.trusted_registries;
    let Ok(reference) = image.parse::<jettison_model::ImageRef>() else { return };
    let context = sheet.settings.contexts.iter().any(|context| context == image);
    if trusted.is_empty() || context || trusted.iter().any(|pattern| is_trusted(pattern, &reference)) {
        return;
    }
    sink.push(found.part("image"));
}

fn is_trusted(pattern: &str, reference: &jettison_model::ImageRef) -> bool {
    let pattern = pattern.trim_end_matches('/');
    let pattern = if pattern == "hub.docker.com" { "docker.io" } else { pattern };
    let whole = format!("{}/{}", reference.host(), reference.path());
    crate::sheet::matches(pattern, reference.host())
        || pattern.contains('/') && crate::sheet::matches(&format!("{pattern}*"), &whole)
}

/// The frontend runs with the build's rights.
fn frontend(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let Some(syntax) = sheet.dockerfile.directives().iter().find(|directive| directive.name == "syntax") else {
        return;
    };
    let Some(image) = syntax.value.split_whitespace().next() else { return };
    let Ok(reference) = image.parse::<jettison_model::ImageRef>() else { return };
    let own = reference.host() == "docker.io"
        && ["docker/dockerfile", "docker/dockerfile-upstream"].contains(&reference.path().as_str());
    let trusted = sheet.settings.trusted_registries.iter().any(|pattern| is_trusted(pattern, &reference));
    if !own && !trusted {
        sink.push(
            Found::file(syntax.span, format!("`{image}` reads this file with the rights of the build"))
                .part("frontend"),
        );
    }
}
