//! # unknown-copy-source
//!
//! ## What it does
//! Finds `--from` and mounts' `from=` that name neither a stage nor anything that looks like an image.
//!
//! ## Why is this bad?
//! The builder asks Docker Hub for an image of that name.
//!
//! ## Example
//! ```dockerfile bad
//! FROM golang:1.25 AS build
//! FROM debian:12
//! COPY --from=biuld /app /app
//! ```
//! ```dockerfile good
//! FROM golang:1.25 AS build
//! FROM debian:12
//! COPY --from=Build /app /app
//! COPY --from=ghcr.io/astral-sh/uv:0.9.0 /uv /bin/uv
//! ```
//!
//! ## Fix safety
//! Unsafe: the nearest name is a guess.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#copy---from>

use super::super::prelude::*;
use super::refused;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3022", "DF049", "DD039"],
    parts: &[Part::new("index", &[]).severity(Severity::Error), Part::new("variable", &[]).severity(Severity::Error)],
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "unknown-copy-source",
        Category::Correctness,
        Severity::Warning,
        "--from names no stage of the file",
    )
};

/// Images of one word that people copy from.
const IMAGES: [&str; 16] = [
    "alpine",
    "busybox",
    "caddy",
    "composer",
    "debian",
    "docker",
    "golang",
    "hashicorp",
    "httpd",
    "nginx",
    "node",
    "php",
    "python",
    "redis",
    "traefik",
    "ubuntu",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    refused::report(sheet, sink, RULE.id);
    for step in &sheet.steps {
        if let Some((from, flag)) =
            step.instruction.as_copy().and_then(|copy| Some((copy.from?, step.instruction.flag("from")?)))
        {
            source(sheet, step, from, flag.value_span.unwrap_or(flag.span), sink);
        }
        for mount in step.mounts.iter().filter(|_| !sheet.is_hadolint()) {
            let option = mount.options.iter().find(|option| option.key.eq_ignore_ascii_case("from"));
            if let Some((from, option)) = mount.from.as_deref().zip(option) {
                let start = option.span.start as usize + "from=".len().min(option.span.len());
                source(sheet, step, from, Span::new(start, option.span.end as usize), sink);
            }
        }
    }
}

fn source(sheet: &Sheet<'_>, step: &Step<'_>, from: &str, span: Span, sink: &mut Sink<'_>) {
    let images: &[&str] = if sheet.is_hadolint() { &[] } else { &IMAGES };
    let looks_like_image =
        from.contains(['/', ':', '@', '.', '$']) || images.contains(&from) || from.parse::<i64>().is_ok();
    let named = sheet.settings.contexts.iter().any(|context| context.eq_ignore_ascii_case(from));
    let is_stage = sheet.stage_names().any(|name| name.eq_ignore_ascii_case(from));
    if looks_like_image || named || is_stage || from.is_empty() || from == "scratch" {
        return;
    }
    let lower = from.to_lowercase();
    let near = sheet.stage_names().map(|name| (strsim::damerau_levenshtein(name, &lower), name)).min();
    let near = near.filter(|(distance, name)| *distance <= 2 && name.len() > 3).map(|(_, name)| name);
    let help = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let found = Found::at(step, span, format!("`{from}` is no stage of this file{help}"));
    let edits = near.filter(|_| span.len() == from.len()).map(|near| Edit::replace(span, near)).into_iter().collect();
    let found = if near.is_some() { found.severity(Severity::Error) } else { found };
    sink.push(found.risky("write the nearest name", edits));
}
