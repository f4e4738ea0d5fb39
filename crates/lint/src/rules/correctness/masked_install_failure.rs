//! # masked-install-failure
//!
//! ## What it does
//! Finds installers whose failure the step does not notice: followed by `;`, or by `|| true`.
//!
//! ## Why is this bad?
//! A layer without the packages is cached as good.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN apt-get update; apt-get install -y curl; rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN set -e; apt-get update; apt-get install -y curl; rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
//! ```
//!
//! ## Fix safety
//! No fix: the failure may be meant to be ignored.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#run>

use jettison_dockerfile::shell::Join;

use super::super::prelude::*;

pub(super) const RULE: RuleInfo =
    RuleInfo::new("masked-install-failure", Category::Correctness, Severity::Warning, "an install may fail unseen");

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run).filter(|step| step.instruction.heredocs.is_empty()) {
        let Some(script) = step.understood() else { continue };
        for call in step.calls.iter().filter(|call| call.place.top && call.place.script == 0 && installs(call)) {
            let behind: Vec<Join> = script.items.iter().skip(call.place.item + 1).map(|item| item.join).collect();
            // The chain of `&&` that it stands in ends at the first `;` or `||`.
            let next = behind.iter().find(|join| **join != Join::And);
            let then = next == Some(&Join::Then) && call.simple.options.errexit == Some(false);
            let or_true = next == Some(&Join::Or) && ignores(step, call, &behind);
            if then || or_true {
                let message =
                    format!("the step goes on when `{} {}` fails", call.name, call.verb().unwrap_or_default());
                sink.push(Found::at(step, call.span(), message));
                break;
            }
        }
    }
}

fn installs(call: &Call<'_>) -> bool {
    let verbs: &[&str] = match call.tool {
        Some(Tool::Apt | Tool::Yum | Tool::Dnf | Tool::Pip | Tool::Gem) => &["install"],
        Some(Tool::Apk) => &["add"],
        Some(Tool::Zypper) => &["install", "in"],
        Some(Tool::Npm) => &["ci", "install"],
        _ => return false,
    };
    Arguments::of(call).does(verbs)
}

/// Whether what stands behind `||` is `true` or `:`.
fn ignores(step: &Step<'_>, call: &Call<'_>, behind: &[Join]) -> bool {
    let Some(offset) = behind.iter().position(|join| *join == Join::Or) else { return false };
    let item = call.place.item + 1 + offset;
    step.calls.iter().any(|other| other.place.top && other.place.item == item && ["true", ":"].contains(&other.name))
}
