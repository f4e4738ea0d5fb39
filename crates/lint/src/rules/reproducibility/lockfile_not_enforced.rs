//! # lockfile-not-enforced
//!
//! ## What it does
//! Finds installs that may change, or look away from, the lockfile that the file copies.
//!
//! ## Why is this bad?
//! Another day installs other versions, although somebody took the trouble to lock them.
//!
//! ## Example
//! ```dockerfile bad
//! FROM node:22
//! COPY package.json package-lock.json ./
//! RUN npm install
//! ```
//! ```dockerfile fixed
//! FROM node:22
//! COPY package.json package-lock.json ./
//! RUN npm ci
//! ```
//! ```dockerfile good
//! FROM node:22
//! COPY package.json yarn.lock ./
//! RUN yarn install --frozen-lockfile
//! ```
//!
//! ## Fix safety
//! Unsafe: `npm ci` refuses a lockfile that does not fit its package.json.
//!
//! ## References
//! <https://docs.npmjs.com/cli/commands/npm-ci>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DF031"],
    parts: &[Part::new("npm", &["DD010"]), Part::new("yarn", &[]), Part::new("pnpm", &[])],
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "lockfile-not-enforced",
        Category::Reproducibility,
        Severity::Warning,
        "an install may change the lockfile",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls() {
        let arguments = Arguments::of(call);
        let plain =
            arguments.rest().is_empty() && !arguments.unknown && !arguments.has(&["-g", "--global", "--prefix", "-C"]);
        let (part, lock, better) = match call.tool {
            Some(Tool::Npm) if arguments.does(&["install", "i"]) && plain => ("npm", "package-lock.json", "npm ci"),
            Some(Tool::Yarn)
                if arguments.does(&["install"])
                    && plain
                    && !arguments.has(&["--frozen-lockfile", "--immutable", "--pure-lockfile"]) =>
            {
                ("yarn", "yarn.lock", "--frozen-lockfile")
            }
            Some(Tool::Pnpm) if arguments.has(&["--no-frozen-lockfile"]) => {
                ("pnpm", "pnpm-lock.yaml", "--frozen-lockfile")
            }
            _ => continue,
        };
        if !is_copied(sheet, step, lock) {
            continue;
        }
        let verb =
            arguments.operands.first().filter(|verb| part == "npm" && verb.literal && arguments.options.is_empty());
        let edits = verb.map(|verb| Edit::replace(verb.span(), "ci")).into_iter().collect();
        let message = format!("`{lock}` is copied, but this may install something else: {better}");
        sink.push(Found::at(step, call.span(), message).part(part).risky("install what the lockfile says", edits));
    }
}

/// Whether the stage copied the lockfile by name before.
fn is_copied(sheet: &Sheet<'_>, step: &Step<'_>, lock: &str) -> bool {
    let Some(stage) = step.stage else { return false };
    let mut earlier = sheet.lineage(stage).filter(|other| other.index < step.index);
    earlier.any(|other| {
        let sources = other.instruction.as_copy().map(|copy| copy.sources).unwrap_or_default();
        sources.iter().any(|source| source.raw.rsplit('/').next() == Some(lock))
    })
}
