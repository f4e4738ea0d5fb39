//! Which text of an instruction is a script, and of which shell: shell forms, RUN's here-documents, SHELL, Windows bases.
//! Reference: BuildKit `dispatchRun` (here-documents) and `withShell`.

mod exec;

use std::borrow::Cow;

use jettison_model::Span;

use crate::shell::{self, Options, Parsed};
use crate::syntax::{Joiner, heredoc};
use crate::{Dockerfile, Form, Heredoc, Instruction, Keyword, Text};

/// Shells whose scripts can be read as sh.
const SH: [&str; 7] = ["sh", "bash", "dash", "ash", "ksh", "mksh", "busybox"];

/// A script that an instruction hands to a shell, as the shell gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShellText {
    /// The text, with the way back to the source.
    pub text: Text,
    /// The shell that reads it, without its folder: of a SHELL, an interpreter line or the exec form. None: the image's `sh`.
    pub shell: Option<String>,
    /// What that shell is started with.
    pub options: Options,
}

/// The script of an instruction, if it has one that reads as sh: its shell form, its here-document, what it hands to `sh -c`.
pub(crate) fn text_of(instruction: &Instruction, dockerfile: &Dockerfile) -> Option<ShellText> {
    if let Form::Exec(words) = &instruction.form {
        return exec::script(instruction, words);
    }
    let text = text(instruction, dockerfile).filter(|_| foreign_shell(instruction, dockerfile).is_none())?;
    let shell = interpreter_line(instruction, dockerfile).and_then(|line| interpreter(&line).map(str::to_owned));
    Some(ShellText {
        text: text.into_owned(),
        shell: shell.or_else(|| shell_in_force(instruction, dockerfile)),
        options: options(instruction, dockerfile),
    })
}

/// The text of a shell form.
fn text<'a>(instruction: &'a Instruction, dockerfile: &Dockerfile) -> Option<Cow<'a, Text>> {
    match instruction.keyword {
        Keyword::Run => run(instruction, dockerfile),
        Keyword::Cmd | Keyword::Entrypoint => Some(Cow::Borrowed(&instruction.body)),
        Keyword::Healthcheck => healthcheck(instruction).map(Cow::Owned),
        _ => None,
    }
}

/// The parsed script of an instruction. None if it has none in sh: exec form, other instructions, foreign interpreters.
pub(crate) fn of(instruction: &Instruction, dockerfile: &Dockerfile) -> Option<Parsed> {
    if instruction.form != Form::Shell {
        return None;
    }
    let text = text(instruction, dockerfile)?;
    if let Some(shell) = foreign_shell(instruction, dockerfile) {
        return Some(Parsed::Foreign(shell));
    }
    Some(shell::parse_with(&text.text, options(instruction, dockerfile), &|range| text.source_span(range)))
}

/// What the shell is started with: SHELL's words, or the interpreter line of a here-document that is the whole script.
fn options(instruction: &Instruction, dockerfile: &Dockerfile) -> Options {
    if let Some(line) = interpreter_line(instruction, dockerfile) {
        let words = line.split_whitespace().skip_while(|word| !word.starts_with('-'));
        return Options::of_arguments(words);
    }
    let shell = instruction.shell.and_then(|index| dockerfile.instructions().get(index));
    let words = shell.map_or(&[][..], |shell| &shell.words);
    Options::of_arguments(words.iter().skip(1).map(|word| word.raw.as_str()))
}

/// What follows `#!` in a RUN that is one here-document.
fn interpreter_line(instruction: &Instruction, dockerfile: &Dockerfile) -> Option<String> {
    let first = instruction.heredocs.first().filter(|_| instruction.keyword == Keyword::Run)?;
    let is_script = matches!(heredoc::opening(&instruction.body.text), Ok(Some(_)));
    let body = dockerfile.text_of(first.body);
    let line = body.lines().next()?.strip_prefix("#!")?;
    is_script.then(|| line.to_owned())
}

/// The command behind `HEALTHCHECK CMD`.
fn healthcheck(instruction: &Instruction) -> Option<Text> {
    let (kind, command) = (instruction.words.first()?, instruction.words.get(1)?);
    let start = instruction.body.text.len().checked_sub(command.raw.len())?;
    kind.raw.eq_ignore_ascii_case("cmd").then(|| instruction.body.slice(start..instruction.body.text.len()))
}

/// A RUN that is one here-document runs its body; in any other the shell reads the documents itself.
fn run<'a>(instruction: &'a Instruction, dockerfile: &Dockerfile) -> Option<Cow<'a, Text>> {
    let Some(first) = instruction.heredocs.first() else { return Some(Cow::Borrowed(&instruction.body)) };
    if !matches!(heredoc::opening(&instruction.body.text), Ok(Some(_))) {
        return Some(Cow::Owned(with_bodies(instruction, dockerfile)));
    }
    let body = body_of(first, dockerfile);
    let interpreter = body.text.lines().next().and_then(|line| line.strip_prefix("#!"));
    interpreter.is_none_or(is_sh_interpreter).then_some(Cow::Owned(body))
}

/// The here-document's body as the shell gets it.
fn body_of(heredoc: &Heredoc, dockerfile: &Dockerfile) -> Text {
    let mut joiner = Joiner::default();
    let bytes = dockerfile.source().get(heredoc.body.range()).unwrap_or_default();
    let mut at = heredoc.body.start as usize;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let tabs = if heredoc.strip_tabs { line.iter().take_while(|byte| **byte == b'\t').count() } else { 0 };
        joiner.push(&line[tabs..], at + tabs);
        at += line.len();
    }
    joiner.finish(heredoc.body.start as usize)
}

/// The line with its here-documents below it, terminators included.
fn with_bodies(instruction: &Instruction, dockerfile: &Dockerfile) -> Text {
    let mut joiner = Joiner::default();
    joiner.push_text(&instruction.body);
    let mut end = instruction.heredocs.first().map_or(0, |first| first.body.start as usize);
    joiner.push(b"\n", end.saturating_sub(1));
    for heredoc in &instruction.heredocs {
        let stop = heredoc.body.end as usize + heredoc.name.len();
        joiner.push(dockerfile.source().get(end..heredoc.body.end as usize).unwrap_or_default(), end);
        let terminator = Span::new(heredoc.body.end as usize, stop.min(dockerfile.source().len()));
        joiner.push(heredoc.name.as_bytes(), terminator.start as usize);
        joiner.push(b"\n", terminator.end as usize);
        end = next_line(dockerfile.source(), heredoc.body.end as usize);
    }
    joiner.finish(instruction.body.span.start as usize)
}

/// Where the line behind the one at `at` begins.
fn next_line(source: &[u8], at: usize) -> usize {
    let rest = source.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |length| length + 1)
}

/// Whether a `#!` line (without these two) names a shell that reads sh.
fn is_sh_interpreter(line: &str) -> bool {
    interpreter(line).is_none_or(|name| SH.contains(&name))
}

/// The program of a `#!` line (without these two), or of its `env`; none if it names none.
fn interpreter(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().filter(|word| !word.starts_with('-'));
    match words.next().map(base_name)? {
        "env" => Some(words.next().unwrap_or_default()),
        program => Some(program),
    }
}

fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The program of the SHELL in force.
fn shell_in_force(instruction: &Instruction, dockerfile: &Dockerfile) -> Option<String> {
    let shell = dockerfile.instructions().get(instruction.shell?)?;
    shell.words.first().map(|word| base_name(&word.raw).to_lowercase())
}

/// The name of the shell in force, if it does not read sh.
fn foreign_shell(instruction: &Instruction, dockerfile: &Dockerfile) -> Option<String> {
    if let Some(shell) = instruction.shell.and_then(|index| dockerfile.instructions().get(index)) {
        let program = shell.words.first().map_or("", |word| &word.raw);
        let name = program.rsplit(['/', '\\']).next().unwrap_or(program).to_lowercase();
        let name = name.strip_suffix(".exe").unwrap_or(&name).to_owned();
        return (!SH.contains(&name.as_str())).then_some(name);
    }
    let from = dockerfile.instructions().get(instruction.from?)?;
    let image = from.words.first()?.raw.to_lowercase();
    let windows = ["windowsservercore", "nanoserver", "/windows/", "/windows:"];
    windows.iter().any(|part| image.contains(part)).then(|| "cmd".to_owned())
}
