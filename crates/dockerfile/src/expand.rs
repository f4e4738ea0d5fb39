//! Variable expansion of instruction words. Reference: BuildKit `frontend/dockerfile/shell/lex.go`.
//! Not the shell's expansion: what stands in a RUN is left to the shell.

pub(crate) mod fault;
pub(crate) mod lexer;
mod pattern;
mod words;

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

/// Why a word does not expand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    /// The word is wrong, whatever values the variables have: an open quote, an unknown modifier, …
    #[error("failed to process {word:?}: {cause}")]
    Syntax {
        /// The word.
        word: String,
        /// BuildKit's cause.
        cause: String,
    },
    /// `${NAME:?…}` or `${NAME?…}` asks for a value that is not there.
    #[error("failed to process {word:?}: {name}: {message}")]
    Required {
        /// The word.
        word: String,
        /// The variable.
        name: String,
        /// What the word says to that, or BuildKit's own words.
        message: String,
    },
    /// Longer or more deeply nested than is supported here; BuildKit would take it.
    #[error("cannot process {word:?}: {cause}")]
    Limit {
        /// The word.
        word: String,
        /// Which limit.
        cause: &'static str,
    },
}

/// Expands `word` (quotes, `$NAME`, `${NAME}` and all modifiers) with `env`. Errors name the cause (`${X:?…}`, bad modifier).
pub fn expand(word: &str, env: &Env, escape: char) -> Result<Expanded, ExpandError> {
    run(word, env, escape, Mode::default())
}

/// Expands the body of a here-document of COPY or ADD: like [`expand`], but quotes stay and mean nothing.
pub fn expand_body(body: &str, env: &Env) -> Result<Expanded, ExpandError> {
    run(body, env, '\\', Mode { plain_quotes: true, ..Mode::default() })
}

/// Expands `word` and splits it at white space outside of quotes, as EXPOSE does.
pub fn expand_words(word: &str, env: &Env, escape: char) -> Result<(Vec<String>, Expanded), ExpandError> {
    let mut lexer = Lexer::new(word, env, escape, Mode::default());
    let value = lexer.value().map_err(|fault| fault.of(word))?;
    let words = lexer.words().into_iter().map(|(word, _)| word).collect();
    Ok((words, Expanded { value, variables: lexer.variables, unset: lexer.unset }))
}

fn run(word: &str, env: &Env, escape: char, mode: Mode) -> Result<Expanded, ExpandError> {
    if is_plain(word, escape) {
        return Ok(Expanded { value: word.to_owned(), ..Expanded::default() });
    }
    let mut lexer = Lexer::new(word, env, escape, mode);
    let value = lexer.value().map_err(|fault| fault.of(word))?;
    Ok(Expanded { value, variables: lexer.variables, unset: lexer.unset })
}

/// The variables that `word` asks for, whatever their values; none if it does not expand.
pub fn variables(word: &str, escape: char) -> BTreeSet<String> {
    expand(word, &Env::new(), escape).map(|expanded| expanded.variables).unwrap_or_default()
}

/// Whether `word` holds nothing that expansion would change or depend on: no quote, dollar or escape character.
pub fn is_plain(word: &str, escape: char) -> bool {
    !word.starts_with('\u{feff}')
        && !word.bytes().any(|byte| matches!(byte, b'"' | b'\'' | b'$') || char::from(byte) == escape)
}
