//! The arguments of a simple command, with what is known of each.

use jettison_dockerfile::shell::{Simple, Word};
use jettison_model::Span;

/// One argument.
#[derive(Clone, Debug)]
pub(crate) struct Arg {
    /// The value. Globs count as literal here: package managers get `libfoo*` and `uvicorn[standard]` as they are, unless a file
    /// has that name.
    pub(crate) value: Option<String>,
    /// Where.
    pub(crate) span: Span,
}

/// Arguments after the command's name.
pub(crate) struct Args {
    /// In order.
    pub(crate) list: Vec<Arg>,
    /// The command was named by a path (`/opt/venv/bin/pip`).
    pub(crate) by_path: bool,
    assignments: Vec<(String, Option<String>)>,
}

impl Args {
    pub(crate) fn of(command: &Simple) -> Self {
        let list = command.words.iter().skip(1).map(|word| Arg { value: value(word), span: word.span }).collect();
        let by_path = command.words.first().is_some_and(|word| word.raw.contains('/'));
        let assignments = command.assignments.iter().map(|(name, word)| (name.clone(), value(word))).collect();
        Self { list, by_path, assignments }
    }

    /// The arguments after the first `count`.
    pub(crate) fn after(&self, count: usize) -> Self {
        let list = self.list.iter().skip(count).cloned().collect();
        Self { list, by_path: self.by_path, assignments: self.assignments.clone() }
    }

    /// The value of `NAME=value` before the command, if literal.
    pub(crate) fn assigned(&self, name: &str) -> Option<&str> {
        let (_, value) = self.assignments.iter().rev().find(|(key, _)| key == name)?;
        value.as_deref()
    }

    /// The literal arguments.
    pub(crate) fn literals(&self) -> impl Iterator<Item = &str> {
        self.list.iter().filter_map(|arg| arg.value.as_deref())
    }

    /// The first argument that is no option, with its index; `with_value` are options that take the next word. None if a word
    /// that is not literal stands before it.
    pub(crate) fn subcommand(&self, with_value: &[&str]) -> Option<(usize, &str)> {
        let mut at = 0;
        loop {
            let value = self.list.get(at)?.value.as_deref()?;
            if !value.starts_with('-') || value == "-" {
                return Some((at, value));
            }
            at += if with_value.contains(&value) { 2 } else { 1 };
        }
    }

    /// The first two words that are no options (`go mod`, `bundle install`); empty where there is none.
    pub(crate) fn first_two(&self) -> (&str, &str) {
        let mut words = self.literals().filter(|word| !word.starts_with('-'));
        (words.next().unwrap_or_default(), words.next().unwrap_or_default())
    }
}

fn value(word: &Word) -> Option<String> {
    let only_globs = || !word.raw.contains(['$', '`', '\\', '\'', '"', '~', '{', '(', '<', '>']);
    word.literal.clone().or_else(|| only_globs().then(|| word.raw.clone()))
}
