//! # frontend-setting-misplaced
//!
//! ## What it does
//! Finds `DEBIAN_FRONTEND` in ENV, which is for the build only, and installs of packages that ask questions without it.
//!
//! ## Why is this bad?
//! As ENV it also holds in the container, where somebody may want to be asked. Without it, a question stops the build.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! ENV DEBIAN_FRONTEND=noninteractive
//! RUN apt-get update && apt-get install -y tzdata
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! ARG DEBIAN_FRONTEND=noninteractive
//! RUN apt-get update && apt-get install -y tzdata
//! ```
//! ```dockerfile bad
//! FROM ubuntu:24.04
//! RUN apt-get update && apt-get install -y tzdata
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ARG DEBIAN_FRONTEND=noninteractive
//! RUN apt-get update && apt-get install -y tzdata
//! ```
//! ```dockerfile good
//! FROM ubuntu:24.04
//! RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y tzdata
//! ```
//!
//! ## Fix safety
//! Unsafe: images that start from this one do not get the setting any more.
//!
//! ## References
//! <https://docs.docker.com/engine/faq/#why-is-debian_frontendnoninteractive-discouraged-in-dockerfiles>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DD035"],
    parts: &[Part::new("persisted", &[]), Part::new("missing", &[])],
    roles: Roles::SHIPPED,
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "frontend-setting-misplaced",
        Category::Correctness,
        Severity::Info,
        "a setting for the build is missing, or stays in the image",
    )
};

const NAME: &str = "DEBIAN_FRONTEND";
/// Packages that ask when they are installed.
const ASKING: [&str; 9] = [
    "tzdata",
    "keyboard-configuration",
    "postfix",
    "wireshark",
    "wireshark-common",
    "console-setup",
    "krb5-config",
    "slapd",
    "lightdm",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Env).filter(|step| !step.onbuild) {
        let pairs = step.instruction.pairs();
        let Some(pair) = pairs.iter().find(|pair| pair.key == NAME) else { continue };
        let quiet =
            pair.value.as_deref().is_some_and(|value| value.trim_matches('"').eq_ignore_ascii_case("noninteractive"));
        if !quiet || is_reset(sheet, step) {
            continue;
        }
        let plain = pairs.len() == 1
            && pair.span.end == pair.value_span.map_or(0, |value| value.end)
            && sheet.text(pair.span).contains('=');
        let edits = if plain { vec![Edit::replace(step.instruction.keyword_span, "ARG")] } else { Vec::new() };
        let found = Found::at(step, pair.span, "this holds in the container too: an ARG holds in the build only");
        sink.push(found.part("persisted").risky("make it an ARG", edits));
    }
    for (step, call) in sheet.calls_of(Tool::Apt).filter(|(step, _)| !step.onbuild) {
        let asks = system_packages(call).into_iter().find(|name| ASKING.contains(name));
        let Some(name) = asks.filter(|_| step.stage.is_some_and(|stage| sheet.distro(stage) == Distro::Ubuntu)) else {
            continue;
        };
        let set = step.state.variables.contains_key(NAME)
            || step.state.unknown.contains(NAME)
            || sheet.text(step.instruction.span).contains(NAME);
        if !set {
            let message = format!("`{name}` asks a question when it is installed: `{NAME}=noninteractive` answers it");
            sink.push(Found::at(step, call.span(), message).part("missing").likely());
        }
    }
}

/// Whether a later ENV sets it again.
fn is_reset(sheet: &Sheet<'_>, step: &Step<'_>) -> bool {
    let later = sheet.of(Keyword::Env).filter(|other| other.index > step.index && other.stage == step.stage);
    later.flat_map(|other| other.instruction.pairs()).any(|pair| pair.key == NAME)
}
