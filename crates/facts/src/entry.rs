//! What the image runs: ENTRYPOINT, CMD and HEALTHCHECK as the file says it. What it comes to in the image is `programs`.

use jettison_dockerfile::shell::{Node, Parsed, Script};
use jettison_dockerfile::{Dockerfile, Form, Instruction, Keyword};

/// ENTRYPOINT, CMD and HEALTHCHECK in force at the end of a stage; those inherited from the base are not in here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// ENTRYPOINT.
    pub entrypoint: Option<Command>,
    /// CMD.
    pub cmd: Option<Command>,
    /// HEALTHCHECK CMD.
    pub healthcheck: Option<Command>,
}

/// One command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Index of the instruction.
    pub instruction: usize,
    /// Exec form's words, or the shell form's words if it is one simple command without expansions, redirections and builtins (a
    /// leading `exec` is left out); else none.
    pub argv: Option<Vec<String>>,
    /// Shell form.
    pub shell: bool,
    /// The text, as written.
    pub text: String,
}

/// Builtins that mean nothing without a shell, or something else.
const BUILTINS: [&str; 26] = [
    ".", ":", "alias", "bg", "break", "builtin", "cd", "command", "eval", "exit", "export", "fg", "getopts", "hash",
    "jobs", "read", "readonly", "return", "set", "shift", "source", "times", "trap", "type", "ulimit", "wait",
];

/// Reads the instructions of a chain of stages, the lowest first.
#[derive(Default)]
pub(crate) struct Reader {
    /// What holds so far.
    pub(crate) entry: Entry,
    cmd_is_own: bool,
}

impl Reader {
    /// A stage begins: a CMD taken over from the stage below is not its own.
    pub(crate) fn start_stage(&mut self) {
        self.cmd_is_own = false;
    }

    /// Takes in one instruction. ENTRYPOINT forgets a CMD that was set below this stage, as BuildKit does.
    pub(crate) fn take(&mut self, dockerfile: &Dockerfile, index: usize, instruction: &Instruction) {
        let command = command(dockerfile, index, instruction);
        match instruction.keyword {
            Keyword::Cmd => {
                self.entry.cmd = command;
                self.cmd_is_own = true;
            }
            Keyword::Entrypoint => {
                self.entry.entrypoint = command;
                self.entry.cmd = self.entry.cmd.take().filter(|_| self.cmd_is_own);
            }
            Keyword::Healthcheck => self.entry.healthcheck = command,
            _ => {}
        }
    }
}

/// The command of CMD, ENTRYPOINT or `HEALTHCHECK CMD`; none for `HEALTHCHECK NONE`.
fn command(dockerfile: &Dockerfile, index: usize, instruction: &Instruction) -> Option<Command> {
    let body = instruction.body.text.trim();
    let text = match instruction.keyword {
        Keyword::Healthcheck => after_cmd(body)?,
        _ => body,
    };
    if let Form::Exec(words) = &instruction.form {
        let argv = words.iter().map(|word| word.raw.to_string()).collect();
        return Some(Command { instruction: index, argv: Some(argv), shell: false, text: text.to_owned() });
    }
    let argv = instruction.script(dockerfile).as_ref().and_then(Parsed::script).and_then(plain_words);
    Some(Command { instruction: index, argv, shell: true, text: text.to_owned() })
}

/// What stands after the word CMD, in any case.
fn after_cmd(body: &str) -> Option<&str> {
    let word = body.get(..3)?;
    word.eq_ignore_ascii_case("cmd").then(|| body[3..].trim_start())
}

/// The words of a script that is one simple command without expansions, redirections and builtins; a leading `exec` is left out.
pub fn plain_words(script: &Script) -> Option<Vec<String>> {
    let [item] = script.items.as_slice() else { return None };
    let Node::Simple(command) = &item.node else { return None };
    if !script.is_flat() || !command.assignments.is_empty() || !command.redirects.is_empty() {
        return None;
    }
    let mut words: Vec<String> = command.words.iter().map(|word| word.literal.clone()).collect::<Option<_>>()?;
    if words.first().is_some_and(|word| word == "exec") {
        words.remove(0);
    }
    let first = words.first()?;
    (!BUILTINS.contains(&first.as_str()) && !first.starts_with('-')).then_some(words)
}
