//! # unpinned-pip-package
//!
//! ## What it does
//! Finds packages that pip, pipx or uv install without a version.
//!
//! ## Why is this bad?
//! Another day installs another version.
//!
//! ## Example
//! ```dockerfile bad
//! FROM python:3.13
//! RUN pip install --no-cache-dir flask
//! ```
//! ```dockerfile good
//! FROM python:3.13
//! RUN pip install --no-cache-dir flask==3.1.0 'uvicorn[standard]~=0.35'
//! ```
//! ```dockerfile good
//! FROM python:3.13
//! RUN pip install --no-cache-dir -r requirements.txt && pip install --no-cache-dir -e .
//! ```
//!
//! ## Fix safety
//! No fix: the versions are not in the file.
//!
//! ## References
//! <https://pip.pypa.io/en/stable/topics/repeatable-installs/>

use super::super::prelude::*;
use super::packages;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3013", "DF051", "DD028", "k:unpinned_package_version_in_pip_install"],
    roles: Roles { test: crate::Where::As(Severity::Info), ..Roles::ALL },
    ..RuleInfo::new(
        "unpinned-pip-package",
        Category::Reproducibility,
        Severity::Warning,
        "pip installs packages without versions",
    )
};

/// Tools that are upgraded rather than depended on.
const INSTALLERS: [&str; 6] = ["pip", "setuptools", "wheel", "build", "virtualenv", "uv"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls() {
        let arguments = Arguments::of(call);
        let Some(rest) = installed(sheet, call, &arguments) else { continue };
        if arguments.has(&["-r", "--requirement", "-c", "--constraint", "--require-hashes", "-e", "--editable"]) {
            let only_files = rest.is_empty() || !sheet.is_hadolint();
            if only_files || arguments.has(&["-c", "--constraint", "--require-hashes"]) {
                continue;
            }
        }
        let unpinned: Vec<&Arg<'_>> = rest.iter().copied().filter(|arg| !is_pinned(arg)).collect();
        let Some(first) = unpinned.first() else { continue };
        let names: Vec<&str> = unpinned.iter().map(|arg| arg.text()).collect();
        let verb = if names.len() == 1 { "is" } else { "are" };
        let message = format!("{} {verb} not pinned to a version", packages::list(&names));
        let found = Found::at(step, first.span(), message);
        let only_tools = names.iter().all(|name| INSTALLERS.contains(name));
        sink.push(if only_tools { found.severity(Severity::Info) } else { found });
    }
}

/// What is installed by name.
fn installed<'c>(sheet: &Sheet<'_>, call: &Call<'_>, arguments: &'c Arguments<'c>) -> Option<&'c [&'c Arg<'c>]> {
    match call.tool? {
        Tool::Pip if arguments.does(&["install"]) => Some(arguments.rest()),
        Tool::Pipx if arguments.does(&["install"]) && !sheet.is_hadolint() => Some(arguments.rest()),
        Tool::Uv if !sheet.is_hadolint() => {
            let second = arguments.rest().first().map_or("", |arg| arg.text());
            let installs = arguments.does(&["pip", "tool"]) && second == "install";
            arguments.rest().get(1..).filter(|_| installs)
        }
        _ => None,
    }
}

fn is_pinned(arg: &Arg<'_>) -> bool {
    let text = arg.text().trim_matches(['"', '\'']);
    if let Some((scheme, rest)) = text.split_once("://")
        && scheme.contains('+')
    {
        return rest.split_once('/').is_some_and(|(_, path)| path.contains('@'));
    }
    let versioned = ["==", "~=", ">=", "<=", "!=", "===", "<", ">", "@"].iter().any(|sign| text.contains(sign));
    let local = text.starts_with(['.', '/', '~']) || text.contains('/') || text.contains("://");
    let archive = [".whl", ".tar.gz", ".zip", ".tar.bz2"].iter().any(|ending| text.ends_with(ending));
    packages::is_unknown(arg) || versioned || local || archive || text.is_empty()
}
