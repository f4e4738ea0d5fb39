//! What can be wrong with a word, before it is known which word it is.

use super::ExpandError;

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Syntax(String),
    Required { name: String, message: String },
    Limit(&'static str),
}

impl Fault {
    /// As the error of the word in which it was found.
    pub fn of(self, word: &str) -> ExpandError {
        let word = word.to_owned();
        match self {
            Self::Syntax(cause) => ExpandError::Syntax { word, cause },
            Self::Required { name, message } => ExpandError::Required { word, name, message },
            Self::Limit(cause) => ExpandError::Limit { word, cause },
        }
    }

    pub fn syntax<T>(cause: &str) -> Result<T, Self> {
        Err(Self::Syntax(cause.to_owned()))
    }
}
