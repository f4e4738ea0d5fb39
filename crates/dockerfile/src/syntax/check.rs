//! What makes BuildKit refuse an instruction that its line parser took: argument counts, unknown and repeated flags, values.
//! Reference: BuildKit `frontend/dockerfile/instructions/parse.go` and `bflag.go`.

mod options;

use jettison_model::Span;

use super::{Diagnostic, DiagnosticKind, Flag, Form, Instruction, Keyword, Phase, heredoc};

/// How a flag takes its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// Nothing, `true` or `false`.
    Bool,
    /// One value, once.
    Text,
    /// One value, any number of times.
    Texts,
}

use Takes::{Bool, Text, Texts};

const ADD: &[(&str, Takes)] = &[
    ("chown", Text),
    ("chmod", Text),
    ("link", Bool),
    ("keep-git-dir", Bool),
    ("checksum", Text),
    ("unpack", Bool),
    ("exclude", Texts),
];
const COPY: &[(&str, Takes)] =
    &[("chown", Text), ("from", Text), ("chmod", Text), ("link", Bool), ("exclude", Texts), ("parents", Bool)];
const FROM: &[(&str, Takes)] = &[("platform", Text)];
const HEALTHCHECK: &[(&str, Takes)] =
    &[("interval", Text), ("timeout", Text), ("start-period", Text), ("start-interval", Text), ("retries", Text)];
const RUN: &[(&str, Takes)] = &[("mount", Texts), ("network", Text), ("security", Text), ("device", Texts)];

/// Adds what is wrong with one instruction.
pub(super) fn instruction(instruction: &Instruction, in_stage: bool, out: &mut Vec<Diagnostic>) {
    let mut report = |span: Span, message: String| {
        out.push(Diagnostic { span, message, kind: DiagnosticKind::Error, phase: Phase::Instructions });
    };
    if let Err(message) = arguments(instruction) {
        report(instruction.span, message);
    }
    if let Err((span, message)) = flags(instruction) {
        report(span, message);
    }
    if !in_stage && !matches!(instruction.keyword, Keyword::From | Keyword::Arg) {
        report(instruction.span, "no build stage in current context".to_owned());
    }
}

/// What is wrong with an instruction that an ONBUILD runs: it is looked at when a stage stands on that ONBUILD's.
pub(crate) fn trigger_refusal(trigger: &Instruction) -> Option<String> {
    let mut found = Vec::new();
    instruction(trigger, true, &mut found);
    found.into_iter().next().map(|one| one.message)
}

fn flags(instruction: &Instruction) -> Result<(), (Span, String)> {
    let allowed = match instruction.keyword {
        Keyword::Add => ADD,
        Keyword::Copy => COPY,
        Keyword::From => FROM,
        Keyword::Healthcheck if is_none(instruction) => return Ok(()),
        Keyword::Healthcheck => HEALTHCHECK,
        Keyword::Run => RUN,
        // BuildKit never looks at the flags of these.
        Keyword::Arg | Keyword::Stopsignal => return Ok(()),
        _ => &[],
    };
    for (index, flag) in instruction.flags.iter().enumerate() {
        let repeated = instruction.flags[..index].iter().any(|earlier| earlier.name == flag.name);
        one_flag(flag, allowed, repeated).map_err(|message| (flag.span, message))?;
        options::check(instruction.keyword, flag).map_err(|message| (flag.span, message))?;
    }
    Ok(())
}

/// Whether the instruction has a flag of that name; those of ARG, STOPSIGNAL and `HEALTHCHECK NONE` are never looked at.
pub(crate) fn knows_flag(keyword: Keyword, name: &str) -> bool {
    let known: &[(&str, Takes)] = match keyword {
        Keyword::Add => ADD,
        Keyword::Copy => COPY,
        Keyword::From => FROM,
        Keyword::Healthcheck => HEALTHCHECK,
        Keyword::Run => RUN,
        _ => &[],
    };
    known.iter().any(|(known, _)| *known == name)
}

fn one_flag(flag: &Flag, allowed: &[(&str, Takes)], repeated: bool) -> Result<(), String> {
    let name = &flag.name;
    let Some((_, takes)) = allowed.iter().find(|(known, _)| *name == *known) else {
        return Err(format!("unknown flag: --{name}"));
    };
    if repeated && *takes != Texts {
        return Err(format!("duplicate flag specified: --{name}"));
    }
    match flag.value.as_deref() {
        None if *takes != Bool => Err(format!("missing a value on flag: --{name}")),
        Some("") if *takes == Bool => Err(format!("missing a value on flag: --{name}")),
        Some(value) if *takes == Bool && !is_bool(value) => {
            Err(format!("expecting boolean value for flag --{name}, not: {value}"))
        }
        _ => Ok(()),
    }
}

fn is_bool(value: &str) -> bool {
    value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false")
}

fn is_none(instruction: &Instruction) -> bool {
    instruction.words.first().is_some_and(|word| word.raw.eq_ignore_ascii_case("none"))
}

fn arguments(instruction: &Instruction) -> Result<(), String> {
    let count = instruction.words.len();
    let name = instruction.keyword.as_str();
    match instruction.keyword {
        Keyword::Add | Keyword::Copy => sources(instruction),
        Keyword::From => from(instruction),
        Keyword::Healthcheck => healthcheck(instruction),
        Keyword::Onbuild => onbuild(instruction),
        Keyword::Env | Keyword::Label | Keyword::Arg => pairs(instruction),
        Keyword::Maintainer | Keyword::Stopsignal | Keyword::User | Keyword::Workdir if count != 1 => {
            Err(format!("{name} requires exactly one argument"))
        }
        Keyword::Expose | Keyword::Volume | Keyword::Shell if count == 0 => {
            Err(format!("{name} requires at least one argument"))
        }
        Keyword::Shell if instruction.form == Form::Shell => {
            Err("SHELL requires the arguments to be in JSON form".to_owned())
        }
        Keyword::Volume if instruction.words.iter().any(|word| word.raw.trim().is_empty()) => {
            Err("VOLUME specified can not be an empty string".to_owned())
        }
        _ => Ok(()),
    }
}

fn sources(instruction: &Instruction) -> Result<(), String> {
    let name = instruction.keyword.as_str();
    let [_, .., destination] = &instruction.words[..] else {
        let one = "requires at least two arguments, but only one was provided. Destination could not be determined";
        return Err(format!("{name} {one}"));
    };
    match heredoc::opening(&destination.raw) {
        Ok(Some(_)) => Err(format!("{name} cannot accept a heredoc as a destination")),
        _ => Ok(()),
    }
}

fn from(instruction: &Instruction) -> Result<(), String> {
    match &instruction.words[..] {
        [_] => Ok(()),
        [_, word, name] if word.raw.eq_ignore_ascii_case("as") => stage_name(&name.raw),
        _ => Err("FROM requires either one or three arguments".to_owned()),
    }
}

fn stage_name(name: &str) -> Result<(), String> {
    let lower = name.to_lowercase();
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    if lower.starts_with(|first: char| first.is_ascii_lowercase()) && lower.bytes().all(inner) {
        return Ok(());
    }
    Err(format!("invalid name for build stage: {name:?}, name can't start with a number or contain symbols"))
}

fn healthcheck(instruction: &Instruction) -> Result<(), String> {
    let Some(kind) = instruction.words.first() else {
        return Err("HEALTHCHECK requires at least one argument".to_owned());
    };
    let rest = instruction.words.len() - 1;
    match kind.raw.to_uppercase().as_str() {
        "NONE" if rest > 0 => Err("HEALTHCHECK NONE takes no arguments".to_owned()),
        "NONE" => Ok(()),
        "CMD" if rest == 0 => Err("Missing command after HEALTHCHECK CMD".to_owned()),
        "CMD" => Ok(()),
        other => Err(format!("Unknown type {other:?} in HEALTHCHECK (try CMD)")),
    }
}

fn onbuild(instruction: &Instruction) -> Result<(), String> {
    let Some(trigger) = instruction.words.first() else {
        return Err("ONBUILD requires at least one argument".to_owned());
    };
    match trigger.raw.to_uppercase().as_str() {
        "ONBUILD" => Err("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed".to_owned()),
        name @ ("MAINTAINER" | "FROM") => Err(format!("{name} isn't allowed as an ONBUILD trigger")),
        _ => Ok(()),
    }
}

fn pairs(instruction: &Instruction) -> Result<(), String> {
    let name = instruction.keyword.as_str();
    if instruction.words.is_empty() {
        return Err(format!("{name} requires at least one argument"));
    }
    if instruction.words.iter().any(|word| word.raw.starts_with('=')) && !instruction.old_pair {
        return Err(format!("{name} names can not be blank"));
    }
    Ok(())
}
