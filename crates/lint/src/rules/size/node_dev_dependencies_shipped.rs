//! # node-dev-dependencies-shipped
//!
//! ## What it does
//! Finds installs of Node.js packages in shipped stages that bring development dependencies, which nothing takes away again.
//!
//! ## Why is this bad?
//! Compilers, test runners and linters are most of `node_modules`, and no program in the image asks for them.
//!
//! ## Example
//! ```dockerfile bad
//! FROM node:22-slim
//! COPY package.json package-lock.json ./
//! RUN npm ci
//! COPY . .
//! CMD ["node", "server.js"]
//! ```
//! ```dockerfile fixed
//! FROM node:22-slim
//! COPY package.json package-lock.json ./
//! RUN npm ci --omit=dev
//! COPY . .
//! CMD ["node", "server.js"]
//! ```
//! ```dockerfile good
//! FROM node:22-slim
//! ENV NODE_ENV=production
//! RUN npm ci
//! CMD ["node", "server.js"]
//! ```
//! ```dockerfile good
//! FROM node:22-slim
//! RUN npm ci && npm run build && npm prune --omit=dev
//! CMD ["node", "server.js"]
//! ```
//! ```dockerfile good context:package.json={"dependencies":{"a":"1"}},package-lock.json
//! FROM node:22-slim
//! COPY package.json package-lock.json ./
//! RUN npm ci
//! CMD ["node", "server.js"]
//! ```
//! ```dockerfile good
//! FROM node:22
//! RUN npm ci
//! CMD ["npm", "run", "dev"]
//! ```
//!
//! ## Fix safety
//! Unsafe: a program may ask for a package that is only listed for development.
//!
//! ## References
//! <https://docs.npmjs.com/cli/v11/commands/npm-ci#omit>

use super::super::prelude::*;
use crate::sheet::weights;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DF031"],
    roles: Roles::SHIPPED,
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "node-dev-dependencies-shipped",
        Category::Size,
        Severity::Warning,
        "packages for development ship with the program",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run).filter(|step| !step.onbuild) {
        let Some(stage) = step.stage else { continue };
        let Some(call) = step.calls.iter().find(|call| installs_all(step, call)) else { continue };
        if is_for_people(sheet, stage) || is_known_without(sheet) || is_pruned(sheet, step, stage) {
            continue;
        }
        let message =
            format!("`{} {}` brings what only development needs", call.name, call.verb().unwrap_or("install"));
        let builds = has_build(sheet, stage);
        let verb = call.args.iter().find(|arg| !arg.text().starts_with('-'));
        let flag = if call.tool == Some(Tool::Npm) { " --omit=dev" } else { " --prod" };
        let plain = matches!(call.tool, Some(Tool::Npm | Tool::Pnpm)) && !builds;
        let edits = verb.filter(|verb| plain && verb.literal).map(|verb| Edit::insert(verb.span().end as usize, flag));
        let bytes = weights::npm(sheet).map(|lock| lock.development);
        let found = Found::at(step, call.span(), message).likely().costs_modelled(bytes);
        sink.push(found.risky("leave them out", edits.into_iter().collect()));
    }
}

/// Whether a command installs everything that package.json names.
fn installs_all(step: &Step<'_>, call: &Call<'_>) -> bool {
    let arguments = Arguments::of(call);
    let without =
        ["--omit", "--production", "--only", "--prod", "-P", "-g", "--global", "--no-dev", "--no-optional=dev"];
    let all = match call.tool {
        Some(Tool::Npm) => arguments.does(&["ci", "install", "i"]) && arguments.rest().is_empty(),
        Some(Tool::Pnpm) => arguments.does(&["install", "i"]) && arguments.rest().is_empty(),
        Some(Tool::Yarn) => (arguments.does(&["install"]) || call.args.is_empty()) && arguments.rest().is_empty(),
        _ => false,
    };
    let production = call.assigned("NODE_ENV").or(step.state.variables.get("NODE_ENV").map(String::as_str));
    let global = call.args.iter().any(|arg| without.iter().any(|flag| arg.text().starts_with(flag)));
    let set = step.state.variables.keys().any(|name| {
        let name = name.to_ascii_lowercase();
        name == "npm_config_production" || name == "npm_config_omit" || name == "yarn_production"
    });
    all && !arguments.unknown && !global && !set && production.is_none_or(|value| value == "development")
}

/// Whether the image is for development, or starts nothing.
fn is_for_people(sheet: &Sheet<'_>, stage: usize) -> bool {
    let finals = sheet.finals().filter(|one| sheet.chain(one.index).contains(&stage));
    let serves = |stage: &usize| {
        let command = sheet.command(*stage);
        let development =
            ["dev", "serve", "test", "watch", "nodemon", "develop", "start:dev", "lint", "ts-node", "storybook"];
        let words = || command.iter().map(|word| name_of(word));
        let names =
            words().any(|word| development.iter().any(|one| word == *one || word.ends_with(&format!(":{one}"))));
        command.first().is_some_and(|program| !is_shell(program)) && !names
    };
    !finals.map(|one| one.index).any(|one| serves(&one))
}

/// Whether the context is known, and its package.json lists nothing for development.
fn is_known_without(sheet: &Sheet<'_>) -> bool {
    let Some(text) = sheet.world.read("package.json", 1 << 18) else { return false };
    !String::from_utf8_lossy(&text).contains("\"devDependencies\"")
}

/// Whether a later step removes them, or replaces them all.
fn is_pruned(sheet: &Sheet<'_>, step: &Step<'_>, stage: usize) -> bool {
    let later = sheet.steps.iter().filter(|other| {
        other.index >= step.index && other.stage.is_some_and(|one| one == stage || sheet.chain(one).contains(&stage))
    });
    later.flat_map(|other| &other.calls).any(|call| {
        let words: Vec<&str> = call.args.iter().map(Arg::text).collect();
        let node = matches!(call.tool, Some(Tool::Npm | Tool::Pnpm | Tool::Yarn)) || call.is("npx");
        let says = words.iter().any(|word| {
            ["prune", "focus", "deploy", "--production", "--prod", "--omit=dev", "--only=production"].contains(word)
        });
        let removes = call.is("rm") && words.iter().any(|word| word.ends_with("node_modules"));
        node && says || removes
    })
}

/// Whether something is built with what was installed.
fn has_build(sheet: &Sheet<'_>, stage: usize) -> bool {
    sheet.stage_steps(stage).flat_map(|step| &step.calls).any(|call| {
        let node = matches!(call.tool, Some(Tool::Npm | Tool::Pnpm | Tool::Yarn));
        let installs = ["ci", "install", "i", "config", "cache", "set"].contains(&call.verb().unwrap_or("install"));
        node && !installs
            || call.tool == Some(Tool::Npx)
            || ["tsc", "webpack", "ng", "vite", "next", "grunt", "gulp"].contains(&call.name)
    })
}
