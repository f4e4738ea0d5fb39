//! # lockfile-not-copied
//!
//! ## What it does
//! Finds installs whose lock file lies in the context, and is not copied before.
//!
//! ## Why is this bad?
//! The versions that the lock file pins are not those that are installed; `npm ci` fails.
//!
//! ## Example
//! ```dockerfile bad context:package.json,package-lock.json
//! FROM node:22-slim
//! COPY package.json ./
//! RUN npm install
//! ```
//! ```dockerfile fixed
//! FROM node:22-slim
//! COPY package.json package-lock.json ./
//! RUN npm install
//! ```
//! ```dockerfile good context:package.json,package-lock.json
//! FROM node:22-slim
//! COPY package*.json ./
//! RUN npm ci
//! ```
//! ```dockerfile good context:package.json
//! FROM node:22-slim
//! COPY package.json ./
//! RUN npm install
//! ```
//!
//! ## Fix safety
//! Unsafe: other versions than so far may be installed.
//!
//! ## References
//! <https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "lockfile-not-copied",
        Category::Reproducibility,
        Severity::Warning,
        "the lock file is there, and the install does not see it",
    )
};

/// Manifest, its lock files, and the commands that read them.
const LOCKS: &[(&str, &[&str], &[Tool])] = &[
    ("package.json", &["package-lock.json", "npm-shrinkwrap.json"], &[Tool::Npm]),
    ("package.json", &["yarn.lock"], &[Tool::Yarn]),
    ("package.json", &["pnpm-lock.yaml"], &[Tool::Pnpm]),
    ("Pipfile", &["Pipfile.lock"], &[Tool::Pipenv]),
    ("pyproject.toml", &["poetry.lock"], &[Tool::Poetry]),
    ("pyproject.toml", &["uv.lock"], &[Tool::Uv]),
    ("Gemfile", &["Gemfile.lock"], &[Tool::Bundle]),
    ("composer.json", &["composer.lock"], &[Tool::Composer]),
    ("Cargo.toml", &["Cargo.lock"], &[Tool::Cargo]),
    ("go.mod", &["go.sum"], &[Tool::Go]),
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.steps.iter().filter(|step| !step.onbuild) {
        let (Some(stage), Some(copy)) = (step.stage, step.instruction.as_copy().filter(|copy| copy.from.is_none()))
        else {
            continue;
        };
        for source in &copy.sources {
            let Some(path) = sheet.value(step, &source.raw) else { continue };
            let path = path.trim_start_matches("./").to_owned();
            for (_, locks, tools) in LOCKS.iter().filter(|(manifest, ..)| *manifest == name_of(&path)) {
                let folder = path.strip_suffix(name_of(&path)).unwrap_or_default();
                let there = locks.iter().map(|lock| format!("{folder}{lock}")).find(|lock| exists(sheet, lock));
                let Some(lock) = there.filter(|lock| runs_without(sheet, step, stage, lock, tools)) else { continue };
                let target = copy.destination.map(|word| word.raw.as_str()).unwrap_or_default();
                let folder_target = target.ends_with('/') || [".", "./"].contains(&target);
                let plain = folder_target && source.raw == path && !lock.contains(' ');
                let edits =
                    if plain { vec![Edit::insert(source.span.end as usize, format!(" {lock}"))] } else { Vec::new() };
                let message = format!("`{lock}` pins the versions, and is not copied before the install");
                sink.push(Found::at(step, source.span, message).risky("copy it too", edits));
            }
        }
    }
}

fn exists(sheet: &Sheet<'_>, path: &str) -> bool {
    sheet.world.paths(path, false).is_some_and(|paths| !paths.is_empty())
}

/// Whether an install follows before anything brings the lock file.
fn runs_without(sheet: &Sheet<'_>, step: &Step<'_>, stage: usize, lock: &str, tools: &[Tool]) -> bool {
    let name = name_of(lock);
    let brings = |other: &Step<'_>| {
        let copy = other.instruction.as_copy();
        copy.is_some_and(|copy| copy.sources.iter().any(|source| covers(&source.raw, lock)))
            || sheet.text(other.instruction.span).contains(name)
    };
    let steps: Vec<&Step<'_>> = sheet.lineage(stage).filter(|other| !other.onbuild).collect();
    let install = steps.iter().find(|other| {
        other.index > step.index
            && other.calls.iter().any(|call| call.tool.is_some_and(|tool| tools.contains(&tool)) && is_expensive(call))
    });
    install.is_some_and(|install| {
        !steps.iter().any(|other| other.index <= install.index && (brings(other) || !other.mounts.is_empty()))
    })
}

/// Whether a source of a COPY holds the file.
fn covers(source: &str, lock: &str) -> bool {
    let source = source.trim_start_matches("./").trim_end_matches('/');
    let whole = ["", ".", "*"].contains(&source);
    let above = lock.strip_prefix(source).is_some_and(|rest| rest.starts_with('/') || rest.is_empty());
    let glob = source.contains(['*', '?', '$']) && jettison_dockerfile::ignore::pattern_matches(source, lock);
    whole || above || glob || source.contains('$')
}
