//! # unpinned-npm-package
//!
//! ## What it does
//! Finds packages that npm, yarn or pnpm install by name and without a version.
//!
//! ## Why is this bad?
//! Another day installs another version, and no lockfile says which one it was.
//!
//! ## Example
//! ```dockerfile bad
//! FROM node:22
//! RUN npm install -g typescript
//! ```
//! ```dockerfile good
//! FROM node:22
//! RUN npm install -g typescript@5.9.2 @angular/cli@20 && npm install
//! ```
//! ```dockerfile good
//! FROM node:22
//! RUN npm install -g git+https://example.com/tool.git#v1.2 ./tool
//! ```
//!
//! ## Fix safety
//! No fix: the versions are not in the file.
//!
//! ## References
//! <https://docs.npmjs.com/cli/commands/npm-install>

use super::super::prelude::*;
use super::packages;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3016", "DD029", "k:npm_install_without_pinned_version"],
    ..RuleInfo::new(
        "unpinned-npm-package",
        Category::Reproducibility,
        Severity::Warning,
        "npm installs packages without versions",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls() {
        let arguments = Arguments::of(call);
        let second = arguments.rest().first().map_or("", |arg| arg.text());
        let rest = match call.tool {
            Some(Tool::Npm) if arguments.does(&["install", "i", "add"]) => arguments.rest(),
            Some(Tool::Pnpm) if arguments.does(&["add"]) && arguments.has(&["-g", "--global"]) => arguments.rest(),
            Some(Tool::Yarn) if arguments.does(&["global"]) && second == "add" => {
                arguments.rest().get(1..).unwrap_or_default()
            }
            _ => continue,
        };
        let foreign = sheet.is_hadolint() && !(call.tool == Some(Tool::Npm) && arguments.does(&["install"]));
        let unpinned: Vec<&Arg<'_>> = rest.iter().copied().filter(|arg| !is_pinned(arg) && !foreign).collect();
        packages::report(step, &unpinned, None, sink);
    }
}

fn is_pinned(arg: &Arg<'_>) -> bool {
    let text = arg.text();
    let scoped = text.strip_prefix('@');
    let versioned = scoped.unwrap_or(text).contains('@');
    let git =
        text.contains("://") || text.starts_with("git") && text.contains(':') || scoped.is_none() && text.contains('/');
    let local = text.starts_with(['.', '/', '~']);
    let archive = [".tgz", ".tar.gz", ".tar"].iter().any(|ending| text.ends_with(ending));
    packages::is_unknown(arg) || versioned || git || local || archive || text.is_empty()
}
