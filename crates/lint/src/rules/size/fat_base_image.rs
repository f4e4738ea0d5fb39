//! # fat-base-image
//!
//! ## What it does
//! Finds final stages on the full variant of an official language image, where nothing in the file needs what the slim one
//! lacks.
//!
//! ## Why is this bad?
//! The full variants bring compilers and the headers of half a distribution: several hundred megabytes that no program runs.
//!
//! ## Example
//! ```dockerfile bad
//! FROM python:3.13
//! COPY app.py /app.py
//! CMD ["python", "/app.py"]
//! ```
//! ```dockerfile fixed
//! FROM python:3.13-slim
//! COPY app.py /app.py
//! CMD ["python", "/app.py"]
//! ```
//! ```dockerfile good
//! FROM python:3.13-slim
//! COPY app.py /app.py
//! CMD ["python", "/app.py"]
//! ```
//! ```dockerfile good
//! FROM python:3.13
//! RUN gcc -o /app main.c
//! CMD ["/app"]
//! ```
//! ```dockerfile good
//! FROM node:22 AS build
//! RUN npm ci
//! FROM nginx:1.29
//! COPY --from=build /dist /usr/share/nginx/html
//! ```
//!
//! ## Fix safety
//! Unsafe: the program may call what only the full variant has. `jettison optimize` looks for that, and proves it.
//!
//! ## References
//! <https://hub.docker.com/_/python>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DD018"],
    roles: Roles::FINAL,
    fix: FixKind::Unsafe,
    ..RuleInfo::new("fat-base-image", Category::Size, Severity::Info, "a slim variant of the base image would do")
};

/// Official images with a slim variant, and how many bytes that one lacks, as of 2026.
const FULL: [(&str, u64); 6] = [
    ("python", 890_000_000),
    ("node", 890_000_000),
    ("ruby", 780_000_000),
    ("perl", 500_000_000),
    ("erlang", 1_000_000_000),
    ("elixir", 1_000_000_000),
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.finals() {
        let (Base::Image(_), Some((name, tag))) = (&stage.base, sheet.image(stage.index)) else { continue };
        let Some((_, bytes)) = FULL.iter().find(|(full, _)| *full == name && sheet.is_official(stage.index)) else {
            continue;
        };
        let family = jettison_ecosystems::load().base(name);
        let Some(slim) = family.and_then(|family| family.slim_tag(tag)) else { continue };
        let Some(word) = sheet.instructions().get(stage.from).and_then(|from| from.words.first()) else { continue };
        if needs_full(sheet, stage.index) || sheet.base(stage.index).is_some_and(|base| base.digest.is_some()) {
            continue;
        }
        let message = format!("`{name}:{slim}` holds the same {name} without compilers and headers");
        let old = format!("{name}:{tag}");
        let literal = sheet.exact(word.span) == Some(if tag.is_empty() { name } else { old.as_str() });
        let edits = if literal { vec![Edit::replace(word.span, format!("{name}:{slim}"))] } else { Vec::new() };
        let found = Found::stage(stage.index, word.span, message).guess().costs(*bytes);
        sink.push(found.risky("take the slim variant", edits));
    }
}

/// Whether something compiles, installs headers, or cannot be looked through.
fn needs_full(sheet: &Sheet<'_>, stage: usize) -> bool {
    let uses = |call: &Call<'_>| {
        let tools = ["git", "gcc", "g++", "make", "cmake", "curl", "wget", "hg", "svn", "unzip", "xz", "node-gyp"];
        compiler(call).is_some()
            || tools.contains(&call.name)
            || system_packages(call).iter().any(|name| is_build_package(name))
    };
    let opaque = |step: &Step<'_>| {
        step.keyword() == Keyword::Run && step.instruction.form == Form::Shell && step.understood().is_none()
    };
    sheet.is_workbench(stage) || sheet.lineage(stage).any(|step| opaque(step) || step.calls.iter().any(uses))
}
