//! One command that is run: its name and arguments behind wrappers (`sudo`, `env A=b`, `time`, …), and where in the script it stands.

use jettison_dockerfile::shell::{Simple, Word};
use jettison_ecosystems::Tool;
use jettison_model::Span;

use super::values::Values;

/// One command that is run.
#[derive(Clone, Debug)]
pub struct Call<'s> {
    /// The command with its wrappers, assignments and redirections.
    pub simple: &'s Simple,
    /// Its name without folder; empty if that is not literal. `pip` for `python -m pip`.
    pub name: &'s str,
    /// The word with the name.
    pub name_word: &'s Word,
    /// What it is, if its arguments can be taken apart.
    pub tool: Option<Tool>,
    /// Arguments, values of variables put in where they are known.
    pub args: Vec<Arg<'s>>,
    /// Words before the name: `sudo -E`.
    pub wrappers: &'s [Word],
    /// Where it stands.
    pub place: Place,
}

/// Where a command stands in its script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Index of the top-level item of the script.
    pub item: usize,
    /// Which script of the step: 0 is the step's own, others are texts of `sh -c`.
    pub script: usize,
    /// It is a top-level item itself: no pipeline, group or substitution.
    pub top: bool,
    /// Its place in a pipeline, from 0, and the pipeline's length; 0 of 1 without one.
    pub pipe: (u16, u16),
    /// It stands in a branch, a loop, a function, a condition or behind `||`: it may not run.
    pub conditional: bool,
    /// It stands in `( … )`, `$( … )` or a pipeline: what it does to the shell is gone afterwards.
    pub subshell: bool,
}

/// One argument: a field that the command sees, or a word of which the value is not known.
#[derive(Clone, Debug)]
pub struct Arg<'s> {
    /// The value, if it is known. A glob counts as known.
    pub value: Option<std::borrow::Cow<'s, str>>,
    /// The word that it comes from.
    pub word: &'s Word,
    /// The value is what stands there, quotes apart.
    pub literal: bool,
}

impl<'s> Arg<'s> {
    /// The value; empty if it is not known.
    pub fn text(&self) -> &str {
        self.value.as_deref().unwrap_or_default()
    }

    /// Where.
    pub fn span(&self) -> Span {
        self.word.span
    }
}

impl<'s> Call<'s> {
    pub(super) fn of(simple: &'s Simple, values: &Values<'_>, place: Place) -> Option<Self> {
        let words = behind_wrappers(&simple.words);
        let (name_word, rest) = words.split_first()?;
        let literal = name_word.literal.as_deref().unwrap_or_default();
        let mut name = literal.rsplit('/').next().unwrap_or(literal);
        let mut tool = Tool::of(name);
        let mut rest = rest;
        if tool == Some(Tool::Python)
            && let [flag, module, behind @ ..] = rest
            && flag.raw == "-m"
            && module.literal.as_deref() == Some("pip")
        {
            (name, tool, rest) = ("pip", Some(Tool::Pip), behind);
        }
        let wrappers = &simple.words[..simple.words.len() - words.len()];
        let args = rest.iter().flat_map(|word| values.fields(word)).collect();
        Some(Self { simple, name, name_word, tool, args, wrappers, place })
    }

    /// Whether it has this name.
    pub fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// The first argument that is no option.
    pub fn verb(&self) -> Option<&str> {
        self.args.iter().map(Arg::text).find(|text| !text.starts_with('-'))
    }

    /// From its name to its last word.
    pub fn span(&self) -> Span {
        let end = self.simple.words.last().map_or(self.name_word.span.end, |word| word.span.end);
        Span { start: self.name_word.span.start, end: end.max(self.name_word.span.end) }
    }

    /// `NAME=value` before it, of `env` too, as written.
    pub fn assigned(&self, name: &str) -> Option<&str> {
        let own = self.simple.assignments.iter().rev().find(|(key, _)| key == name);
        let own = own.and_then(|(_, value)| value.literal.as_deref());
        let of_env = || {
            let words = self.wrappers.iter().filter_map(|word| word.literal.as_deref());
            words.filter_map(|word| word.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        own.or_else(of_env)
    }

    /// Whether a wrapper (`sudo`) stands before it.
    pub fn has_wrapper(&self, name: &str) -> bool {
        self.wrappers
            .iter()
            .any(|word| word.literal.as_deref().is_some_and(|text| text.rsplit('/').next() == Some(name)))
    }
}

/// Commands that run another, with their options that take the next word, and how many words they take themselves.
const WRAPPERS: &[(&str, &[&str], usize)] = &[
    ("sudo", &["-u", "-g", "-h", "-p", "-C", "-r", "-t", "-U", "-D", "-R", "-T", "--user", "--group"], 0),
    ("doas", &["-u", "-C"], 0),
    ("env", &["-u", "-S", "-C", "--unset", "--chdir"], 0),
    ("time", &["-f", "-o"], 0),
    ("nice", &["-n"], 0),
    ("ionice", &["-c", "-n"], 0),
    ("exec", &["-a"], 0),
    ("command", &[], 0),
    ("builtin", &[], 0),
    ("nohup", &[], 0),
    ("eatmydata", &[], 0),
    ("busybox", &[], 0),
    ("stdbuf", &["-i", "-o", "-e"], 0),
    ("timeout", &["-k", "-s", "--signal", "--kill-after"], 1),
    ("chroot", &[], 1),
    ("gosu", &[], 1),
    ("su-exec", &[], 1),
    ("xargs", &["-I", "-n", "-P", "-L", "-d", "-a", "-E", "-s", "--max-args", "--max-procs", "--delimiter"], 0),
    ("xvfb-run", &["-s", "-e", "-n", "--server-args"], 0),
];

/// The words from the name of the command on that is run in the end.
pub(super) fn behind_wrappers(words: &[Word]) -> &[Word] {
    let mut rest = words;
    loop {
        let Some((first, behind)) = rest.split_first() else { return rest };
        let literal = first.literal.as_deref().unwrap_or_default();
        let name = literal.rsplit('/').next().unwrap_or(literal);
        let Some((_, with_value, own)) = WRAPPERS.iter().find(|(wrapper, ..)| *wrapper == name) else { return rest };
        let Some(inner) = behind_options(name, behind, with_value, *own) else { return rest };
        rest = inner;
    }
}

/// What a wrapper runs; none if it runs nothing, or something else (`command -v`).
fn behind_options<'w>(name: &str, words: &'w [Word], with_value: &[&str], own: usize) -> Option<&'w [Word]> {
    let mut rest = words;
    let mut own = own;
    while let Some((first, behind)) = rest.split_first() {
        let text = first.literal.as_deref().unwrap_or_default();
        let assigns =
            matches!(name, "env" | "sudo") && first.raw.contains('=') && !first.raw.starts_with(['-', '"', '\'']);
        if name == "command" && text.starts_with('-') && text != "-p" {
            return None;
        }
        if text.starts_with('-') {
            let skipped = usize::from(with_value.contains(&text)).min(behind.len());
            rest = &behind[skipped..];
        } else if assigns {
            rest = behind;
        } else if own > 0 {
            own -= 1;
            rest = behind;
        } else {
            return Some(rest);
        }
    }
    None
}
