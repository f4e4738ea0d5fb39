//! # unanswered-prompt
//!
//! ## What it does
//! Finds package managers that will ask before they install, with nobody to answer.
//!
//! ## Why is this bad?
//! The build fails, or stops only when the day's packages need a question.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN apt-get update && apt-get install curl && rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN apt-get update && apt-get -qqy install curl && yes | apt-get install git && rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile bad
//! FROM fedora:42
//! RUN dnf install httpd && dnf clean all
//! ```
//! ```dockerfile good
//! FROM fedora:42
//! RUN dnf -y install httpd && dnf clean all
//! ```
//!
//! ## Fix safety
//! Safe: without an answer the command only fails.
//!
//! ## References
//! <https://manpages.debian.org/apt-get>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DS-0021", "DF015", "DF027", "DF043", "DD023"],
    parts: &[
        Part::new("apt", &["DL3014"]),
        Part::new("yum", &["DL3030"]),
        Part::new("dnf", &["DL3038"]),
        Part::new("zypper", &["DL3034"]),
        Part::new("pacman", &[]),
        Part::new("conda", &[]),
    ],
    fix: FixKind::Safe,
    ..RuleInfo::new(
        "unanswered-prompt",
        Category::Correctness,
        Severity::Error,
        "a package manager asks and nobody answers",
    )
};

struct Asks {
    part: &'static str,
    verbs: &'static [&'static str],
    yes: &'static [&'static str],
    add: &'static str,
}

const APT: Asks = Asks {
    part: "apt",
    verbs: &["install", "remove", "purge", "upgrade", "dist-upgrade", "full-upgrade", "autoremove", "build-dep"],
    yes: &["-y", "--yes", "--assume-yes", "--force-yes", "-s", "--simulate", "--dry-run", "--just-print", "--no-act"],
    add: "-y",
};
const YUM: Asks = Asks {
    part: "yum",
    verbs: &["install", "groupinstall", "localinstall", "reinstall", "update", "upgrade", "remove", "erase"],
    yes: &["-y", "--assumeyes", "--assumeno"],
    add: "-y",
};
const DNF: Asks = Asks { part: "dnf", ..YUM };
const ZYPPER: Asks = Asks {
    part: "zypper",
    verbs: &["install", "in", "remove", "rm", "patch", "source-install", "si", "update", "up", "dup", "dist-upgrade"],
    yes: &["-y", "--no-confirm", "-n", "--non-interactive"],
    add: "-y",
};
const CONDA: Asks =
    Asks { part: "conda", verbs: &["install", "create", "update", "remove"], yes: &["-y", "--yes", "-q"], add: "-y" };

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls() {
        let arguments = Arguments::of(call);
        let (part, verb, add) = match call.tool {
            Some(Tool::Pacman) => match pacman(call) {
                Some(verb) => ("pacman", verb, "--noconfirm"),
                None => continue,
            },
            Some(Tool::Apt | Tool::Yum | Tool::Dnf | Tool::Zypper | Tool::Conda) => {
                let asks = match call.tool {
                    Some(Tool::Apt) => APT,
                    Some(Tool::Yum) => YUM,
                    Some(Tool::Dnf) => DNF,
                    Some(Tool::Zypper) => ZYPPER,
                    _ => CONDA,
                };
                if !is_asking(sheet, call, &arguments, &asks) || is_answered(sheet, step, call) {
                    continue;
                }
                (asks.part, arguments.operands[0], asks.add)
            }
            _ => continue,
        };
        if part == "pacman" && is_answered(sheet, step, call) {
            continue;
        }
        let edits =
            if verb.literal { vec![Edit::insert(verb.span().end as usize, format!(" {add}"))] } else { Vec::new() };
        let message = format!("`{} {}` asks before it goes on, and nobody answers", call.name, verb.text());
        sink.push(Found::at(step, call.span(), message).part(part).safe(format!("add {add}"), edits));
    }
}

fn is_asking(sheet: &Sheet<'_>, call: &Call<'_>, arguments: &Arguments<'_>, asks: &Asks) -> bool {
    let verbs: &[&str] = match asks.part {
        "apt" if sheet.is_hadolint() => &["install"],
        _ => asks.verbs,
    };
    let foreign = sheet.is_hadolint() && call.is("apt");
    let quiet = call.tool == Some(Tool::Apt) && is_quiet(arguments);
    let file = call.is("micromamba")
        || call.tool == Some(Tool::Conda) && arguments.does(&["create"]) && arguments.has(&["--clone"]);
    arguments.does(verbs) && !arguments.has(asks.yes) && !quiet && !file && !foreign && !holds_options(arguments)
}

/// `-qq`, `-q -q`, `-q=2` mean yes.
fn is_quiet(arguments: &Arguments<'_>) -> bool {
    let level = arguments.value(&["-q", "--quiet"]).and_then(|value| value.parse::<u8>().ok()).unwrap_or_default();
    arguments.all(&["-q", "--quiet"]).count() > 1 || level > 1
}

/// `$APT_OPTIONS`: what is not known may hold the answer.
fn holds_options(arguments: &Arguments<'_>) -> bool {
    let unknown = arguments.operands.iter().filter(|arg| arg.value.is_none());
    unknown.into_iter().any(|arg| {
        let name = arg.word.raw.to_ascii_lowercase();
        ["opt", "flag", "arg", "yes", "$@"].iter().any(|sign| name.contains(sign))
    })
}

/// Whether a pipe, or a setting, answers.
fn is_answered(sheet: &Sheet<'_>, step: &Step<'_>, call: &Call<'_>) -> bool {
    if call.place.pipe.0 > 0 || call.simple.redirects.iter().any(|redirect| redirect.raw.starts_with('<')) {
        return true;
    }
    let variables = ["CONDA_ALWAYS_YES", "MAMBA_ALWAYS_YES", "ASSUME_ALWAYS_YES"];
    if variables.iter().any(|name| step.state.variables.contains_key(*name)) {
        return true;
    }
    let Some(stage) = step.stage else { return false };
    let signs = ["Assume-Yes", "assumeyes", "always_yes"];
    let mut earlier = sheet.lineage(stage).take_while(|other| other.index <= step.index);
    earlier.any(|other| signs.iter().any(|sign| sheet.text(other.instruction.span).contains(sign)))
}

/// The operation of a pacman call that asks.
fn pacman<'c>(call: &'c Call<'c>) -> Option<&'c Arg<'c>> {
    let answered = call.args.iter().any(|arg| arg.text() == "--noconfirm");
    let operation = call.args.iter().find(|arg| arg.text().starts_with("-S") || arg.text().starts_with("-R"))?;
    let asks = !operation.text().contains(['i', 's', 'l']) && operation.text() != "-Sy";
    (asks && !answered).then_some(operation)
}
