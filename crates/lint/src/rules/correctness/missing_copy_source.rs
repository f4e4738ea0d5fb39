//! # missing-copy-source
//!
//! ## What it does
//! Finds sources of COPY and ADD that lie outside of the context, or that are not in it.
//!
//! ## Why is this bad?
//! The build fails, or copies another file of that name.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! COPY ../shared /shared
//! ```
//! ```dockerfile bad context:app.py
//! FROM debian:12
//! COPY main.py /app/
//! ```
//! ```dockerfile good context:app.py
//! FROM debian:12
//! COPY app.py /app/
//! ```
//! ```dockerfile good context:app.py
//! FROM debian:12
//! COPY target/app.jar /app/
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#copy>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[Part::new("outside", &[]), Part::new("absent", &[])],
    ..RuleInfo::new("missing-copy-source", Category::Correctness, Severity::Error, "there is nothing there to copy")
};

/// Folders and endings of what a build outside of the Dockerfile makes first.
const MADE: [&str; 16] = [
    "target",
    "dist",
    "build",
    "out",
    "bin",
    "publish",
    "node_modules",
    ".next",
    "vendor",
    "release",
    "output",
    "obj",
    "artifacts",
    "_build",
    "public",
    "generated",
];
const ENDINGS: [&str; 12] =
    [".jar", ".war", ".whl", ".tar", ".gz", ".zip", ".deb", ".rpm", ".so", ".exe", ".tgz", ".ear"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.steps.iter().filter(|step| !step.onbuild) {
        let Some(copy) = step.instruction.as_copy().filter(|copy| copy.from.is_none()) else { continue };
        for source in &copy.sources {
            let Some(path) =
                sheet.value(step, &source.raw).filter(|path| !path.contains("://") && !path.starts_with("git@"))
            else {
                continue;
            };
            if climbs(&path) {
                let message = format!("`{path}` lies outside of the context: the builder does not go there");
                sink.push(Found::at(step, source.span, message).part("outside"));
            } else if let Some(message) = is_absent(sheet, &path, step) {
                // A clean checkout may lack what a script makes before the build.
                sink.push(Found::at(step, source.span, message).part("absent").likely());
            }
        }
    }
}

/// Whether a path leaves the context at any point.
fn climbs(path: &str) -> bool {
    let mut depth = 0i64;
    path.split('/').any(|part| {
        depth += match part {
            "" | "." => 0,
            ".." => -1,
            _ => 1,
        };
        depth < 0
    })
}

fn is_absent(sheet: &Sheet<'_>, path: &str, step: &Step<'_>) -> Option<String> {
    let plain = path.trim_start_matches("./").trim_matches('/');
    let several = step.instruction.as_copy().is_some_and(|copy| copy.sources.len() > 1);
    let made =
        plain.split('/').any(|part| MADE.contains(&part)) || ENDINGS.iter().any(|ending| plain.ends_with(ending));
    // `lock*` beside another source is how one copies a file that may be missing.
    let optional = plain.contains(['*', '?', '[']) && several;
    if plain.is_empty() || plain == "." || made || optional {
        return None;
    }
    let name = name_of(plain);
    // The file lists know no folders without files, and a file without an ending may be a program that a script builds.
    let is_file = name.trim_start_matches('.').contains('.') || name.contains('*');
    let all = sheet.world.paths("**", true).filter(|all| !all.is_empty())?;
    let matching = sheet.world.paths(plain, true)?;
    (matching.is_empty() && is_file).then(|| match all.iter().find(|other| name_of(other) == name) {
        Some(near) => format!("the context holds no `{plain}`, but `{near}`"),
        None => format!("the context holds no `{plain}`"),
    })
}
