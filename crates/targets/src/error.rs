//! What can be wrong with a file, with the place where it stands.

use crate::sources::Place;

/// Why the builds of a file cannot be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{cause}", .place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default())]
pub struct Error {
    /// Where; none where a whole file is meant.
    pub place: Option<Place>,
    /// What.
    pub cause: Cause,
}

/// The kinds of [`Error`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// It is not of its format; in the parser's words.
    #[error("{0}")]
    Syntax(String),
    /// It is of its format and still has no meaning.
    #[error("{0}")]
    Invalid(String),
    /// `${NAME?reason}` without a value.
    #[error("the variable {name} has no value{}", if .reason.is_empty() { String::new() } else { format!(": {}", .reason) })]
    Required {
        /// The variable.
        name: String,
        /// What the file says of it.
        reason: String,
    },
    /// A name that nothing has.
    #[error("there is no {kind} `{name}`{}", .near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    Unknown {
        /// Of what: `service`, `target`, `variable`.
        kind: &'static str,
        /// As written.
        name: String,
        /// The nearest that exists.
        near: Option<String>,
    },
    /// Something that needs itself: its members in order, the first one again at the end.
    #[error("{kind} in a circle: {}", .names.join(" → "))]
    Cycle {
        /// `extends`, `inherits`, `include`, `variables`.
        kind: &'static str,
        /// The circle.
        names: Vec<String>,
    },
    /// More than an honest file needs.
    #[error("{0} is beyond what is read here")]
    TooMuch(&'static str),
    /// A file that a file names.
    #[error("{path}: {reason}")]
    Unreadable {
        /// As it was looked for.
        path: String,
        /// In words.
        reason: String,
    },
}

/// Something that is ignored and that the user should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Where.
    pub place: Place,
    /// One clause.
    pub message: String,
}

/// The beginning of a text, for messages.
pub(crate) fn shortened(text: &str) -> String {
    const CHARS: usize = 60;
    match text.char_indices().nth(CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The candidate nearest to `name`, if one is near.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    const MAX_CHARS: usize = 64;
    if name.chars().count() > MAX_CHARS {
        return None;
    }
    let short = candidates.into_iter().take(2000).filter(|candidate| candidate.chars().count() <= MAX_CHARS);
    let scored = short.map(|candidate| (strsim::osa_distance(name, candidate), candidate));
    let (best, candidate) = scored.min()?;
    (best <= 1 + name.chars().count() / 4).then(|| candidate.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_near() {
        let names = ["frontend", "backend", "db"];
        assert_eq!(nearest("frontent", names), Some("frontend".to_owned()));
        assert_eq!(nearest("cache", names), None);
    }
}
