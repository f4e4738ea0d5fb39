//! Shell form → exec form for CMD and ENTRYPOINT: signals reach the program, and no shell is needed.

use jettison_dockerfile::shell::Script;
use jettison_dockerfile::{Dockerfile, Instruction, Keyword};
use jettison_facts::{Command, Facts, StageFacts, plain_words};
use jettison_model::Edit;

use crate::{Change, Decision, nothing, refuse};

/// Words that only a shell understands as a command.
const BUILTINS: &[&str] = &[
    "cd", "source", ".", "eval", "export", "set", "trap", "ulimit", "umask", "exit", "test", "[", "read", "wait",
    "command", "type", "alias", ":",
];

/// The final stage's ENTRYPOINT and CMD in exec form.
pub fn exec_form(facts: &Facts<'_>) -> Decision {
    let Some(stage) = facts.final_stage() else { nothing!("there is no stage to build") };
    let commands: Vec<&Command> =
        [&stage.entry.entrypoint, &stage.entry.cmd].into_iter().flatten().filter(|c| c.shell).collect();
    if commands.is_empty() {
        nothing!("the entry command is in exec form already");
    }
    if facts.dockerfile.instructions().iter().any(|instruction| instruction.keyword == Keyword::Shell) {
        refuse!("the file sets SHELL, which the entry command may rely on");
    }
    if let Some(reason) = entrypoint_gets_other_words(facts, stage) {
        return Decision::Refuse(reason);
    }
    let mut change =
        Change { does: "the program gets signals itself, no shell in between".into(), ..Change::default() };
    for command in commands {
        if has_comment(facts, command) {
            refuse!("the entry command has comments between its lines, which exec form would lose");
        }
        match exec_words(facts, command) {
            Ok(words) => change.edits.push(replacement(facts, command, &words)),
            Err(reason) => return Decision::Refuse(reason),
        }
        change.at = facts.dockerfile.instructions()[command.instruction].span.start as usize;
    }
    Decision::Apply(change)
}

/// One CMD or ENTRYPOINT in exec form, if its script is one simple command of literal words. Nobody asks here what else the image
/// runs.
pub fn instruction(dockerfile: &Dockerfile, instruction: &Instruction, script: &Script) -> Option<Edit> {
    let words = plain_words(script)?;
    let builtin = words.first().is_none_or(|program| BUILTINS.contains(&program.as_str()));
    let text = dockerfile.text_of(instruction.span);
    let commented = text.lines().skip(1).any(|line| line.trim_start().starts_with('#')) || text.contains(" #");
    if builtin || commented || !instruction.heredocs.is_empty() {
        return None;
    }
    let span = jettison_model::Span { start: instruction.body.span.start, end: instruction.span.end };
    Some(Edit::replace(span, json_array(&words)))
}

/// A CMD in shell form reaches an ENTRYPOINT as `/bin/sh -c text`; in exec form it would get other words. Scripts that end in
/// `exec "$@"` do the same with both; any other program we do not know.
fn entrypoint_gets_other_words(facts: &Facts<'_>, stage: &StageFacts) -> Option<String> {
    if stage.entry.entrypoint.as_ref().is_some_and(|entrypoint| entrypoint.shell) {
        return stage
            .entry
            .cmd
            .is_some()
            .then(|| "a shell-form ENTRYPOINT ignores CMD; in exec form it would get it".to_owned());
    }
    let observed = facts.world.observed();
    let own = stage.entry.entrypoint.as_ref().and_then(|entrypoint| entrypoint.argv.clone());
    let inherited = match &observed {
        Some(observed) => observed.image.config.entrypoint.clone(),
        None => base_entrypoint(facts, stage),
    };
    let argv = own.or(inherited)?;
    let program = argv.first()?;
    let image = observed.as_ref().map(|observed| &observed.image);
    let passes_on = image.is_some_and(|image| {
        image.which(program).and_then(|path| image.text(&path).map(passes_arguments_on)).unwrap_or(false)
    });
    (!passes_on).then(|| format!("the entrypoint `{program}` would get the words of CMD instead of a shell line"))
}

/// The entrypoint of the base image, where the world knows the image.
fn base_entrypoint(facts: &Facts<'_>, stage: &StageFacts) -> Option<Vec<String>> {
    let config = facts.world.base_config(&stage.base.as_ref()?.reference)?;
    config.entrypoint.filter(|words| !words.is_empty())
}

/// Whether a script's last command is `exec "$@"`.
pub(crate) fn passes_arguments_on(script: &str) -> bool {
    let last = script.lines().map(str::trim).rfind(|line| !line.is_empty() && !line.starts_with('#'));
    last.is_some_and(|line| line.trim_end_matches(';') == "exec \"$@\"")
}

fn exec_words(facts: &Facts<'_>, command: &Command) -> Result<Vec<String>, String> {
    let Some(mut words) = command.argv.clone() else {
        return Err(format!(
            "`{}` needs a shell (variables, several commands or redirections)",
            shorten(&command.text)
        ));
    };
    if words.first().is_some_and(|word| word == "exec") {
        words.remove(0);
    }
    let Some(program) = words.first() else { return Err("the entry command is empty".to_owned()) };
    if BUILTINS.contains(&program.as_str()) {
        return Err(format!("`{program}` is a shell builtin"));
    }
    if let Some(observed) = facts.world.observed()
        && observed.image.which(program).is_none()
    {
        return Err(format!("`{program}` was not found in the image's PATH"));
    }
    Ok(words)
}

/// A comment line in the middle, or a comment of the shell at the end.
fn has_comment(facts: &Facts<'_>, command: &Command) -> bool {
    let instruction = &facts.dockerfile.instructions()[command.instruction];
    let text = String::from_utf8_lossy(&facts.dockerfile.source()[instruction.span.range()]).into_owned();
    text.lines().skip(1).any(|line| line.trim_start().starts_with('#')) || text.contains(" #")
}

fn replacement(facts: &Facts<'_>, command: &Command, words: &[String]) -> Edit {
    let instruction = &facts.dockerfile.instructions()[command.instruction];
    let span = jettison_model::Span { start: instruction.body.span.start, end: instruction.span.end };
    Edit::replace(span, json_array(words))
}

/// A JSON array of strings, as Dockerfiles write it.
pub(crate) fn json_array(words: &[impl AsRef<str>]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| json_string(word.as_ref())).collect();
    format!("[{}]", quoted.join(", "))
}

fn json_string(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            control if control < ' ' => quoted.push_str(&format!("\\u{:04x}", control as u32)),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
