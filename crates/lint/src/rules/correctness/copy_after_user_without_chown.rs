//! # copy-after-user-without-chown
//!
//! ## What it does
//! Finds files that are copied for root below a USER who is then to change them.
//!
//! ## Why is this bad?
//! COPY gives everything to root, whatever USER says: the user may not `chmod` it.
//!
//! ## Example
//! ```dockerfile bad
//! FROM node:22-slim
//! WORKDIR /app
//! USER node
//! COPY run.sh /app/run.sh
//! RUN chmod +x /app/run.sh
//! ```
//! ```dockerfile fixed
//! FROM node:22-slim
//! WORKDIR /app
//! USER node
//! COPY --chown=node run.sh /app/run.sh
//! RUN chmod +x /app/run.sh
//! ```
//! ```dockerfile good
//! FROM node:22-slim
//! USER node
//! COPY server.js /app/server.js
//! CMD ["node", "/app/server.js"]
//! ```
//!
//! ## Fix safety
//! Unsafe: what belonged to root belongs to the user.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#copy---chown---chmod>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:copy-after-user-without-chown"],
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "copy-after-user-without-chown",
        Category::Correctness,
        Severity::Warning,
        "a copied file belongs to root, and the user is to change it",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let copies = |step: &&Step<'_>| matches!(step.keyword(), Keyword::Copy | Keyword::Add) && !step.onbuild;
    for step in sheet.steps.iter().filter(copies) {
        let (Some(stage), Some(user)) = (step.stage, step.state.user.as_deref()) else { continue };
        let Some(copy) = step.instruction.as_copy().filter(|copy| copy.chown.is_none()) else { continue };
        let Some(target) = copy.destination.and_then(|word| sheet.value(step, &word.raw)) else { continue };
        let root = ["root", "0"].contains(&user.split(':').next().unwrap_or(user));
        if root || user.contains('$') || !target.starts_with('/') {
            continue;
        }
        let name = copy.sources.first().map(|source| name_of(&source.raw)).unwrap_or_default();
        let path = if target.ends_with('/') { format!("{target}{name}") } else { target };
        let same = |other: &&Step<'_>| other.index > step.index && other.state.user.as_deref() == Some(user);
        let mut calls = sheet.stage_steps(stage).filter(same).flat_map(|other| &other.calls);
        let Some(call) = calls.find(|call| changes(call, &path)) else { continue };
        let message = format!("this belongs to root, and `{user}` may not `{}` it", call.name);
        let flag = jettison_dockerfile::edit::add_flag(sheet.dockerfile, step.index, &format!("--chown={user}"));
        let found = Found::at(step, step.instruction.keyword_span, message).likely();
        sink.push(found.risky("copy it for the user", flag.into_iter().collect()));
    }
}

/// Whether a command changes owner or mode of a path, as the user that holds.
fn changes(call: &Call<'_>, path: &str) -> bool {
    let named = call.args.iter().any(|arg| arg.text().trim_end_matches('/') == path.trim_end_matches('/'));
    ["chmod", "chown", "chgrp"].contains(&call.name) && call.wrappers.is_empty() && named
}
