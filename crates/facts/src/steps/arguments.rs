//! The arguments of a call taken apart: options, wherever they stand and however they are written, and operands.

use jettison_ecosystems::Tool;

use super::call::{Arg, Call};

/// Options and operands of one call.
#[derive(Clone, Debug, Default)]
pub struct Arguments<'c> {
    /// Options, in order.
    pub options: Vec<Opt<'c>>,
    /// What is no option, in order: verb, packages, files.
    pub operands: Vec<&'c Arg<'c>>,
    /// The value of some argument is not known: it could be any option.
    pub unknown: bool,
}

/// One option.
#[derive(Clone, Debug)]
pub struct Opt<'c> {
    /// With its dashes: `--yes`, `-y` (of `-qy` too).
    pub name: &'c str,
    /// A letter of a bundle; else none.
    letter: Option<char>,
    /// The value, if it takes one or has one behind `=`; empty if that is not known.
    pub value: Option<&'c str>,
    /// The argument with its name.
    pub arg: &'c Arg<'c>,
    /// The argument with its value.
    pub value_arg: &'c Arg<'c>,
}

impl Opt<'_> {
    /// Whether it is this option: `-y`, `--yes`.
    pub fn is(&self, name: &str) -> bool {
        match self.letter {
            Some(letter) => name.strip_prefix('-').is_some_and(|rest| rest.chars().eq([letter])),
            None => self.name == name,
        }
    }
}

impl<'c> Arguments<'c> {
    /// Takes the arguments of a tool apart; of other commands no option is known to take a value.
    pub fn of(call: &'c Call<'_>) -> Self {
        let mut arguments = Self::default();
        let with_value = call.tool.map(Tool::with_value).unwrap_or_default();
        let single = call.tool.is_some_and(Tool::has_single_dashes);
        let mut rest = call.args.iter();
        while let Some(arg) = rest.next() {
            let Some(text) = arg.value.as_deref() else {
                arguments.unknown = true;
                arguments.operands.push(arg);
                continue;
            };
            if text == "--" {
                arguments.operands.extend(rest.by_ref());
            } else if text.starts_with("--") || single && text.starts_with('-') && text.len() > 1 {
                let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
                let next = (value.is_none() && with_value.contains(&name)).then(|| rest.next()).flatten();
                let value = value.or(next.map(|next| next.value.as_deref().unwrap_or_default()));
                arguments.options.push(Opt { name, letter: None, value, arg, value_arg: next.unwrap_or(arg) });
            } else if text.starts_with('-') && text.len() > 1 {
                arguments.letters(text, arg, with_value, &mut rest);
            } else {
                arguments.operands.push(arg);
            }
        }
        arguments
    }

    /// `-y`, `-qqy`, `-t release`, `-trelease`, `-q=2`.
    fn letters(
        &mut self,
        text: &'c str,
        arg: &'c Arg<'c>,
        with_value: &[&str],
        rest: &mut std::slice::Iter<'c, Arg<'c>>,
    ) {
        for (at, letter) in text.char_indices().skip(1) {
            let behind = &text[at + letter.len_utf8()..];
            let takes =
                with_value.iter().any(|known| known.strip_prefix('-').is_some_and(|rest| rest.chars().eq([letter])));
            if takes || behind.starts_with('=') {
                let own = (!behind.is_empty()).then(|| behind.trim_start_matches('='));
                let next = if own.is_none() { rest.next() } else { None };
                let value = own.or(next.map(|next| next.value.as_deref().unwrap_or_default()));
                let value_arg = next.unwrap_or(arg);
                return self.options.push(Opt { name: text, letter: Some(letter), value, arg, value_arg });
            }
            self.options.push(Opt { name: text, letter: Some(letter), value: None, arg, value_arg: arg });
        }
    }

    /// The options with one of these names.
    pub fn all<'n>(&'n self, names: &'n [&str]) -> impl Iterator<Item = &'n Opt<'c>> {
        self.options.iter().filter(|option| names.iter().any(|name| option.is(name)))
    }

    /// Whether one of these options is there.
    pub fn has(&self, names: &[&str]) -> bool {
        self.all(names).next().is_some()
    }

    /// The value of the last of these options.
    pub fn value(&self, names: &[&str]) -> Option<&'c str> {
        let last = self.options.iter().rev().find(|option| names.iter().any(|name| option.is(name)));
        last.and_then(|option| option.value)
    }

    /// The first operand: the subcommand of most tools; empty if there is none or it is not known.
    pub fn verb(&self) -> &str {
        self.operands.first().map_or("", |arg| arg.text())
    }

    /// Whether the first operand is one of these.
    pub fn does(&self, verbs: &[&str]) -> bool {
        verbs.contains(&self.verb())
    }

    /// The operands behind the verb.
    pub fn rest(&self) -> &[&'c Arg<'c>] {
        self.operands.get(1..).unwrap_or_default()
    }
}
