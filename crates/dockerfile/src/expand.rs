//! Variable expansion of instruction words. Reference: BuildKit `frontend/dockerfile/shell/lex.go`.

use std::collections::{BTreeMap, BTreeSet};

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
    let _ = (word, env, escape);
    todo!()
}
