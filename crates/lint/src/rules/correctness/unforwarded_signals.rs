//! # unforwarded-signals
//!
//! ## What it does
//! Finds containers that start their program through npm, yarn, gradle and others which do not pass signals on.
//!
//! ## Why is this bad?
//! `docker stop` reaches the runner, not the program: it is killed after ten seconds, with all that it was doing.
//!
//! ## Example
//! ```dockerfile bad
//! FROM node:22-slim
//! COPY . /app
//! CMD ["npm", "start"]
//! ```
//! ```dockerfile bad
//! FROM gradle:9-jdk21
//! CMD ["gradle", "bootRun"]
//! ```
//! ```dockerfile good
//! FROM node:22-slim
//! COPY . /app
//! CMD ["node", "server.js"]
//! ```
//! ```dockerfile good
//! FROM node:22-slim
//! RUN apt-get update && apt-get install -y tini
//! ENTRYPOINT ["tini", "-g", "--"]
//! CMD ["npm", "start"]
//! ```
//!
//! ## Fix safety
//! No fix here: `jettison optimize` finds the command that package.json names, and proves that it starts the same.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#exec-form-entrypoint-example>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    roles: Roles::FINAL,
    ..RuleInfo::new("unforwarded-signals", Category::Correctness, Severity::Warning, "the program is not told to stop")
};

/// Programs that pass on what they are told, or that tell a whole group.
const INITS: [&str; 10] = [
    "tini",
    "tini-static",
    "dumb-init",
    "catatonit",
    "init",
    "s6-svscan",
    "docker-init",
    "pm2-runtime",
    "supervisord",
    "dinit",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.finals() {
        let words = sheet.command(stage.index);
        let Some(program) = words.first().map(|word| name_of(word)) else { continue };
        let script = program.ends_with(".sh") || program.contains("entrypoint");
        let checks = words.iter().any(|word| ["test", "lint", "build", "check"].contains(word));
        if INITS.contains(&program) || checks {
            continue;
        }
        let said = sheet.last(stage.index, Keyword::Cmd).or_else(|| sheet.last(stage.index, Keyword::Entrypoint));
        let Some(step) = sheet.last(stage.index, Keyword::Entrypoint).filter(|_| !script).or(said) else { continue };
        let verb = words.iter().skip(1).find(|word| !word.starts_with('-')).copied().unwrap_or_default();
        if let Some((runner, likely)) = runner(program, verb) {
            let message = format!("`{runner}` does not tell what it starts to stop: start the program itself");
            let found = Found::stage(stage.index, step.instruction.body.span, message);
            sink.push(if likely { found.likely() } else { found.guess() });
        } else if let Some(name) = forgets_exec(sheet, stage.index) {
            let message = format!("`{name}` starts the program without `exec`, and keeps signals from it");
            sink.push(Found::stage(stage.index, step.instruction.body.span, message).likely());
        }
    }
}

/// A runner that keeps signals to itself, as it is called, and whether that is known of it.
fn runner(program: &str, verb: &str) -> Option<(String, bool)> {
    let likely = match program {
        "npm" | "pnpm" => ["start", "run", "run-script", "exec"].contains(&verb),
        "yarn" | "npx" => true,
        "gradle" | "gradlew" => true,
        "mvn" | "mvnw" => verb.contains(':'),
        "dotnet" => verb == "run" || verb == "watch",
        "poetry" | "pipenv" => return (verb == "run").then(|| (format!("{program} run"), false)),
        _ => false,
    };
    likely.then(|| (format!("{program} {verb}").trim_end().to_owned(), true))
}

/// The entrypoint script, if it is known and its last command starts what it was given without `exec`.
fn forgets_exec(sheet: &Sheet<'_>, stage: usize) -> Option<String> {
    let entrypoint = sheet.last(stage, Keyword::Entrypoint)?;
    let program = *words_of(entrypoint).first()?;
    let name = name_of(program);
    let copied = |step: &&Step<'_>| step.instruction.as_copy().is_some_and(|copy| copy.from.is_none());
    let source = sheet.lineage(stage).filter(copied).find_map(|step| {
        let copy = step.instruction.as_copy()?;
        copy.sources
            .iter()
            .map(|source| source.raw.trim_start_matches("./").to_owned())
            .find(|path| name_of(path) == name)
    })?;
    let text = sheet.world.read(&source, 1 << 16)?;
    let text = String::from_utf8(text).ok().filter(|text| text.starts_with("#!"))?;
    let last = text.lines().map(str::trim).rfind(|line| !line.is_empty() && !line.starts_with('#'))?;
    ["\"$@\"", "$@", "\"${@}\"", "$*"].contains(&last).then(|| name.to_owned())
}
