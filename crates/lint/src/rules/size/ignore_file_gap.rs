//! # ignore-file-gap
//!
//! ## What it does
//! Finds what lies in the build context, belongs in no image, is copied into one, and is not in the ignore file: version
//! control, dependencies of the host, caches, logs, secrets, and single files above 50 MB.
//!
//! ## Why is this bad?
//! It ships, it is sent to the builder each time, and any change of it builds the step anew. The number is what is there now.
//!
//! ## Example
//! ```dockerfile bad context:app.py,.git/objects/pack/a.pack ignore:node_modules
//! FROM debian:12
//! COPY . /app
//! ```
//! ```dockerfile good context:app.py,.git/objects/pack/a.pack ignore:.git
//! FROM debian:12
//! COPY . /app
//! ```
//! ```dockerfile good context:app.py,.git/objects/pack/a.pack
//! FROM debian:12
//! COPY app.py /app/
//! ```
//!
//! ## Fix safety
//! No fix here: `jettison optimize` writes the lines, and proves that the image works without what they hide.
//!
//! ## References
//! <https://docs.docker.com/build/concepts/context/#dockerignore-files>

use jettison_dockerfile::ignore::{IgnoreFile, Matcher};

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DD052", "DD053"],
    parts: &[Part::new("junk", &[]), Part::new("secret", &[]), Part::new("large", &[]).severity(Severity::Info)],
    ..RuleInfo::new("ignore-file-gap", Category::Size, Severity::Warning, "the ignore file lets junk through")
};

/// Patterns of what belongs in no image, in ignore-file syntax.
const JUNK: [&str; 14] = [
    ".git",
    ".hg",
    ".svn",
    "**/node_modules",
    "**/__pycache__",
    "**/.venv",
    "**/.pytest_cache",
    "**/.mypy_cache",
    "**/.ruff_cache",
    "**/.tox",
    "**/.gradle",
    "**/.idea",
    "**/.vscode",
    "**/.DS_Store",
];
/// Those that hold secrets, and those of them that do not.
const SECRETS: [&str; 12] = [
    "**/.env",
    "**/.env.*",
    "!**/.env.example",
    "!**/.env.sample",
    "!**/.env.template",
    "!**/.env.dist",
    "**/id_rsa",
    "**/id_ed25519",
    "**/.git-credentials",
    "**/.netrc",
    "**/*.tfstate",
    "**/.pypirc",
];
/// A file as large is worth a word.
const LARGE: u64 = 50_000_000;

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let mut told: Vec<&str> = Vec::new();
    for step in sheet.steps.iter().filter(|step| !step.onbuild) {
        let Some(copy) = step.instruction.as_copy().filter(|copy| copy.from.is_none()) else { continue };
        for source in &copy.sources {
            let Some(folder) = sheet.value(step, &source.raw).filter(|path| !path.contains(['*', ':', '?'])) else {
                continue;
            };
            let folder = folder.trim_start_matches("./").trim_matches('/').to_owned();
            let folder = if folder == "." { String::new() } else { folder };
            let Some(paths) = taken(sheet, &folder, &copy.excludes) else { continue };
            for pattern in JUNK {
                let bytes = bytes(sheet, &paths, &[pattern]);
                if bytes.is_some() && !told.contains(&pattern) && !is_named(&folder, pattern) {
                    told.push(pattern);
                    let name = pattern.trim_start_matches("**/");
                    let message =
                        format!("`{name}` goes to the builder and into the image: the ignore file does not name it");
                    sink.push(Found::at(step, source.span, message).part("junk").costs_modelled(bytes));
                }
            }
            if let Some(path) = first(&paths, &SECRETS).filter(|path| **path != folder) {
                let message = format!("`{path}` is a secret by its name, and goes into the image");
                sink.push(Found::at(step, source.span, message).part("secret").severity(Severity::Error).likely());
            }
            for path in paths.iter().filter(|path| **path != folder && !is_junk(path)) {
                let bytes = sheet.world.size(path).filter(|bytes| *bytes > LARGE);
                if let Some(bytes) = bytes {
                    let message = format!("`{path}` is {} MB, and goes into the image", bytes / 1_000_000);
                    sink.push(Found::at(step, source.span, message).part("large").guess().costs_modelled(Some(bytes)));
                }
            }
        }
    }
}

/// The files that a folder gives to the builder.
fn taken(sheet: &Sheet<'_>, folder: &str, excludes: &[&str]) -> Option<Vec<String>> {
    let glob = if folder.is_empty() { "**" } else { folder };
    let excluded = Matcher::new(&IgnoreFile::parse(excludes.join("\n").as_bytes()));
    let paths = sheet.world.paths(glob, false)?;
    Some(paths.into_iter().filter(|path| !excluded.is_ignored(path)).collect())
}

/// The COPY names the thing itself: it is wanted.
fn is_named(folder: &str, pattern: &str) -> bool {
    let name = pattern.trim_start_matches("**/");
    folder.split('/').any(|part| part == name)
}

fn is_junk(path: &str) -> bool {
    path.split('/').any(|part| JUNK.iter().any(|pattern| pattern.trim_start_matches("**/") == part))
}

/// The bytes of the files that match; none if none does.
fn bytes(sheet: &Sheet<'_>, paths: &[String], patterns: &[&str]) -> Option<u64> {
    let matcher = Matcher::new(&IgnoreFile::parse(patterns.join("\n").as_bytes()));
    let mut matching = paths.iter().filter(|path| matcher.is_ignored(path)).peekable();
    matching.peek()?;
    Some(matching.filter_map(|path| sheet.world.size(path)).sum())
}

fn first<'p>(paths: &'p [String], patterns: &[&str]) -> Option<&'p String> {
    let matcher = Matcher::new(&IgnoreFile::parse(patterns.join("\n").as_bytes()));
    paths.iter().find(|path| matcher.is_ignored(path) && !is_junk(path))
}
