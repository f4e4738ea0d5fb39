//! The values of words in a script: literals, and variables whose value is known from ENV, ARG or the script itself.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jettison_dockerfile::expand::{Env, expand};
use jettison_dockerfile::shell::{PartKind, Script, Word};
use jettison_dockerfile::stages::Effective;

use super::call::Arg;

/// What is known of variables in one script.
pub(super) struct Values<'a> {
    state: &'a Effective,
    /// Assigned in the script: the value if it is assigned once, and literally.
    own: BTreeMap<&'a str, Option<&'a str>>,
}

impl<'a> Values<'a> {
    pub(super) fn of(state: &'a Effective, script: &'a Script) -> Self {
        let mut own: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for simple in script.simple_commands() {
            // Before a command an assignment is for that command alone.
            let lasting = simple.words.is_empty()
                || ["export", "local", "declare", "readonly"].contains(&simple.words[0].raw.as_str());
            let assigned = simple.assignments.iter().map(|(name, value)| (name.as_str(), value.literal.as_deref()));
            let declared =
                simple.words.iter().skip(1).filter_map(|word| word.raw.split_once('=')).map(|(name, value)| {
                    let plain = !value.contains(['$', '`', '"', '\'', '*', '\\', '(']);
                    (name, plain.then_some(value))
                });
            for (name, value) in assigned.chain(declared).filter(|_| lasting) {
                own.entry(name).and_modify(|known| *known = None).or_insert(value);
            }
            if simple.name() == Some("read") {
                own.extend(simple.words.iter().skip(1).map(|word| (word.raw.as_str(), None)));
            }
        }
        Self { state, own }
    }

    /// The arguments that a word stands for. Unquoted variables are split at blanks, as the shell does.
    pub(super) fn fields<'s>(&self, word: &'s Word) -> Vec<Arg<'s>> {
        if let Some(literal) = &word.literal {
            return vec![Arg { value: Some(Cow::Borrowed(literal)), word, literal: true }];
        }
        if word.parts.is_empty() {
            return vec![Arg { value: plain(&word.raw), word, literal: true }];
        }
        let Some(value) = self.expanded(word) else { return vec![Arg { value: None, word, literal: false }] };
        let splits = word.parts.iter().any(|part| matches!(part.kind, PartKind::Variable(_)) && !part.in_quotes);
        let arg = |text: &str| Arg { value: Some(Cow::Owned(text.to_owned())), word, literal: false };
        if splits { value.split_whitespace().map(arg).collect() } else { vec![arg(&value)] }
    }

    /// The value of a word with nothing but plain text, quotes and variables that are known.
    fn expanded(&self, word: &Word) -> Option<String> {
        let mut env = Env::new();
        for part in &word.parts {
            match &part.kind {
                PartKind::Variable(name) => {
                    env.insert(name.clone(), self.known(name)?.to_owned());
                }
                PartKind::SingleQuoted | PartKind::DoubleQuoted => {}
                PartKind::Command | PartKind::Arithmetic | PartKind::Process => return None,
            }
        }
        if word.raw.contains(['*', '?', '~', '{']) && word.raw.contains("[@]") {
            return None;
        }
        expand(&word.raw, &env, '\\').ok().map(|expanded| expanded.value)
    }

    fn known(&self, name: &str) -> Option<&str> {
        if let Some(own) = self.own.get(name) {
            return *own;
        }
        let value = self.state.variables.get(name)?;
        (!self.state.unknown.contains(name)).then_some(value.as_str())
    }
}

/// A word with globs or brackets but nothing that expands to something else: `uvicorn[standard]`, `lib*`, `~/x`.
fn plain(raw: &str) -> Option<Cow<'_, str>> {
    if raw.contains(['$', '`', '\\', '(', '<', '>']) {
        return None;
    }
    let trimmed = raw.trim_matches(['"', '\'']);
    if trimmed.contains(['"', '\'']) {
        Some(Cow::Owned(raw.replace(['"', '\''], "")))
    } else {
        Some(Cow::Borrowed(trimmed))
    }
}
