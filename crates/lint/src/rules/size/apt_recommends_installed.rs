//! # apt-recommends-installed
//!
//! ## What it does
//! Finds `apt-get install` without `--no-install-recommends`.
//!
//! ## Why is this bad?
//! Recommended packages come along that nothing asked for, often a third of what is installed.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN apt-get update && apt-get install --no-install-recommends -y curl && rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN apt-get update && apt-get install -y -o APT::Install-Recommends=false curl && rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN echo 'APT::Install-Recommends "0";' > /etc/apt/apt.conf.d/01lean
//! RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
//! ```
//!
//! ## Fix safety
//! Unsafe: a program may need what its package only recommends (`ca-certificates` for `curl`).
//!
//! ## References
//! <https://manpages.debian.org/apt-get>

use super::super::prelude::*;
use crate::sheet::weights;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3015", "DS-0029", "DF016", "DD003", "k:apt_get_not_avoiding_additional_packages"],
    roles: Roles::SHIPPED,
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "apt-recommends-installed",
        Category::Size,
        Severity::Info,
        "apt installs recommended packages nobody asked for",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls_of(Tool::Apt) {
        let arguments = Arguments::of(call);
        if !arguments.does(&["install"]) || says_which(&arguments) || arguments.rest().is_empty() {
            continue;
        }
        let foreign = sheet.is_hadolint() && !call.is("apt-get");
        let local = |arg: &&Arg<'_>| arg.text().ends_with(".deb");
        if foreign || arguments.rest().iter().all(local) || is_configured(sheet, step) {
            continue;
        }
        let verb = arguments.operands[0];
        let edits = if verb.literal {
            vec![Edit::insert(verb.span().end as usize, " --no-install-recommends")]
        } else {
            vec![]
        };
        let found = Found::at(step, call.span(), "`install` brings recommended packages along");
        let packages = system_packages(call);
        let bytes = step.stage.and_then(|stage| weights::debian_packages(sheet, stage, &packages, &packages));
        let bytes = bytes.map(|(_, recommended)| recommended).filter(|bytes| *bytes > 0);
        sink.push(found.costs_modelled(bytes).risky("add --no-install-recommends", edits));
    }
}

fn says_which(arguments: &Arguments<'_>) -> bool {
    let long = arguments.has(&["--no-install-recommends", "--install-recommends", "--without-recommends", "-R"]);
    let set = arguments.all(&["-o", "--option"]).filter_map(|option| option.value);
    long || set.into_iter().any(|value| value.to_ascii_lowercase().contains("install-recommends"))
}

/// Whether an apt.conf written so far says it.
fn is_configured(sheet: &Sheet<'_>, step: &Step<'_>) -> bool {
    let Some(stage) = step.stage.filter(|_| !sheet.is_hadolint()) else { return false };
    let mut earlier = sheet.lineage(stage).take_while(|other| other.index <= step.index);
    earlier.any(|other| {
        other.keyword() == Keyword::Run && sheet.text(other.instruction.span).contains("Install-Recommends")
    })
}
