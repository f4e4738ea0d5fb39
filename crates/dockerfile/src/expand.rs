//! Variable expansion of instruction words. Reference: BuildKit `frontend/dockerfile/shell/lex.go`.
//! Not the shell's expansion: what stands in a RUN is left to the shell.

pub(crate) mod lexer;
mod pattern;

use std::collections::{BTreeMap, BTreeSet};

use lexer::{Lexer, Mode};

/// Variables by name.
pub type Env = BTreeMap<String, String>;

/// An expanded word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expanded {
    /// The value, quotes removed.
    pub value: String,
    /// The variables it depends on.
    pub variables: BTreeSet<String>,
    /// Those among them that had no value.
    pub unset: BTreeSet<String>,
}

/// Expands `word` (quotes, `$NAME`, `${NAME}` and all modifiers) with `env`. Errors name the cause (`${X:?…}`, bad modifier).
pub fn expand(word: &str, env: &Env, escape: char) -> Result<Expanded, String> {
    run(word, env, escape, Mode::default())
}

/// Expands the body of a here-document of COPY or ADD: like [`expand`], but quotes stay and mean nothing.
pub fn expand_body(body: &str, env: &Env) -> Result<Expanded, String> {
    run(body, env, '\\', Mode { plain_quotes: true, ..Mode::default() })
}

fn run(word: &str, env: &Env, escape: char, mode: Mode) -> Result<Expanded, String> {
    let mut lexer = Lexer::new(word, env, escape, mode);
    let value = lexer.value().map_err(|cause| format!("failed to process {word:?}: {cause}"))?;
    Ok(Expanded { value, variables: lexer.variables, unset: lexer.unset })
}

/// Whether `word` holds something that expansion would change or depend on: a quote, a dollar or the escape character.
pub fn is_plain(word: &str, escape: char) -> bool {
    !word.contains(['"', '\'', '$']) && !word.contains(escape)
}
