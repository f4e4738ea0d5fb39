//! # sources-before-dependencies
//!
//! ## What it does
//! Finds stages that copy everything and install dependencies after it, where the install reads a few files only.
//!
//! ## Why is this bad?
//! Every change of any source file installs all dependencies anew.
//!
//! ## Example
//! ```dockerfile bad
//! FROM node:22
//! WORKDIR /app
//! COPY . .
//! RUN npm ci
//! ```
//! ```dockerfile good
//! FROM node:22
//! WORKDIR /app
//! COPY package.json package-lock.json ./
//! RUN npm ci
//! COPY . .
//! ```
//! ```dockerfile good
//! FROM python:3.13
//! COPY . /app
//! RUN pip install --no-cache-dir /app
//! ```
//!
//! ## Fix safety
//! No fix here: `jettison optimize` knows which files the install reads, and proves that they are enough.
//!
//! ## References
//! <https://docs.docker.com/build/cache/optimize/#order-your-layers>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DD006"],
    ..RuleInfo::new(
        "sources-before-dependencies",
        Category::Cache,
        Severity::Warning,
        "any change of a source installs all dependencies anew",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let mut whole: Option<&Step<'_>> = None;
        let mut manifests = false;
        for step in sheet.stage_steps(stage.index).filter(|step| !step.onbuild) {
            match step.keyword() {
                Keyword::Copy | Keyword::Add if takes_everything(step) => whole = whole.or(Some(step)),
                Keyword::Copy | Keyword::Add => manifests |= whole.is_none(),
                Keyword::Run => {
                    let Some(copy) = whole else { continue };
                    let install = step.calls.iter().find(|call| installs(call));
                    let bound = step.mounts.iter().any(|mount| mount.kind == "bind");
                    if let Some(call) = install.filter(|_| !bound && !manifests) {
                        let message = format!(
                            "line {} copies everything before `{} {}` installs",
                            copy.instruction.line,
                            call.name,
                            call.verb().unwrap_or_default()
                        );
                        sink.push(Found::at(step, call.span(), message).likely());
                        break;
                    }
                }
                _ => {}
            }
        }
    }
}

fn takes_everything(step: &Step<'_>) -> bool {
    let Some(copy) = step.instruction.as_copy().filter(|copy| copy.from.is_none()) else { return false };
    copy.sources.iter().any(|source| [".", "./", "/", "*"].contains(&source.raw.as_str()))
}

/// Whether a command installs what manifests say, and nothing of the sources.
fn installs(call: &Call<'_>) -> bool {
    let arguments = Arguments::of(call);
    let no_operands = arguments.rest().is_empty();
    match call.tool {
        Some(Tool::Npm) => {
            arguments.does(&["ci"])
                || arguments.does(&["install", "i"]) && no_operands && !arguments.has(&["-g", "--global"])
        }
        Some(Tool::Yarn) => arguments.does(&["install"]) || call.args.is_empty(),
        Some(Tool::Pnpm) => arguments.does(&["install", "i"]) && no_operands,
        Some(Tool::Pip) => {
            arguments.does(&["install"])
                && arguments.has(&["-r", "--requirement"])
                && no_operands
                && !arguments.has(&["-e", "--editable"])
        }
        Some(Tool::Bundle) => arguments.does(&["install"]),
        Some(Tool::Composer) => arguments.does(&["install"]),
        Some(Tool::Go) => {
            arguments.does(&["mod"]) && arguments.rest().first().is_some_and(|arg| arg.text() == "download")
        }
        _ => false,
    }
}
