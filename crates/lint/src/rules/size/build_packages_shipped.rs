//! # build-packages-shipped
//!
//! ## What it does
//! Finds compilers and headers that a shipped stage installs and keeps.
//!
//! ## Why is this bad?
//! They serve the build only. Installed, used and purged in one RUN they cost nothing; in a stage of their own neither.
//!
//! ## Example
//! ```dockerfile bad
//! FROM python:3.13-slim
//! RUN apt-get update && apt-get install -y build-essential libpq-dev && rm -rf /var/lib/apt/lists/*
//! RUN pip install --no-cache-dir psycopg2==2.9.10
//! CMD ["python", "app.py"]
//! ```
//! ```dockerfile good
//! FROM python:3.13-slim
//! RUN apt-get update && apt-get install -y build-essential && pip install --no-cache-dir psycopg2==2.9.10 \
//!     && apt-get purge -y --auto-remove build-essential && rm -rf /var/lib/apt/lists/*
//! CMD ["python", "app.py"]
//! ```
//! ```dockerfile good
//! FROM python:3.13-slim AS build
//! RUN apt-get update && apt-get install -y build-essential
//! RUN pip wheel -w /wheels psycopg2==2.9.10
//! FROM python:3.13-slim
//! COPY --from=build /wheels /wheels
//! CMD ["python", "app.py"]
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN apt-get update && apt-get install -y build-essential && rm -rf /var/lib/apt/lists/*
//! CMD ["bash"]
//! ```
//!
//! ## Fix safety
//! No fix here: `jettison optimize` splits the stage, and proves that the program works without.
//!
//! ## References
//! <https://docs.docker.com/build/building/multi-stage/>

use super::super::prelude::*;
use crate::sheet::weights;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DD063"],
    roles: Roles::SHIPPED,
    ..RuleInfo::new("build-packages-shipped", Category::Size, Severity::Info, "compilers and headers ship")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls().filter(|(_, call)| call.tool != Some(Tool::Apk)) {
        let packages: Vec<&str> = system_packages(call).into_iter().filter(|name| is_build_package(name)).collect();
        let (Some(first), Some(stage)) = (packages.first(), step.stage) else { continue };
        if is_removed(step) || is_workbench(sheet, stage) {
            continue;
        }
        let span = call.args.iter().find(|arg| arg.text().starts_with(first)).map_or(call.span(), |arg| arg.span());
        let shown: Vec<String> = packages.iter().take(3).map(|name| format!("`{name}`")).collect();
        let more = if packages.len() > 3 { format!(" and {} more", packages.len() - 3) } else { String::new() };
        let (verb, ship) = if packages.len() == 1 { ("serves", "ships") } else { ("serve", "ship") };
        let message = format!("{}{more} {verb} the build only, and {ship}", shown.join(", "));
        let found = Found::at(step, span, message).likely();
        let among = system_packages(call);
        sink.push(match weights::debian_packages(sheet, stage, &packages, &among) {
            Some((installed, _)) => found.costs_modelled(Some(installed)),
            None if weights::is_full(sheet, stage) => found,
            None => found.costs(bytes(&packages)),
        });
    }
}

/// Whether the same RUN takes packages away again.
fn is_removed(step: &Step<'_>) -> bool {
    let verbs = ["purge", "remove", "autoremove", "erase", "del", "rm", "mark"];
    let system = |call: &&Call<'_>| matches!(call.tool, Some(Tool::Apt | Tool::Dnf | Tool::Yum | Tool::Zypper));
    let removes = step.calls.iter().filter(system).any(|call| verbs.contains(&call.verb().unwrap_or_default()));
    removes || step.calls.iter().any(|call| call.is("apt-mark"))
}

/// Whether no program is started but a shell: people build in it.
pub(super) fn is_workbench(sheet: &Sheet<'_>, stage: usize) -> bool {
    let finals: Vec<usize> =
        sheet.finals().map(|one| one.index).filter(|one| sheet.chain(*one).contains(&stage)).collect();
    finals.iter().all(|stage| sheet.is_workbench(*stage))
}

/// What they weigh with what they need, by the sizes of Debian's packages.
fn bytes(packages: &[&str]) -> u64 {
    let has = |names: &[&str]| packages.iter().any(|name| names.contains(name));
    let compiler = match () {
        () if has(&["build-essential", "g++", "gcc-c++", "clang"]) => 250_000_000,
        () if has(&["gcc"]) => 150_000_000,
        () => 0,
    };
    compiler + 3_000_000 * packages.len() as u64
}
