//! The parts of a finding in their JSON words.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How bad.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    #[default]
    Info,
    /// Worth changing.
    Warning,
    /// Wrong.
    Error,
}

impl Severity {
    /// The JSON word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl From<jettison_model::Severity> for Severity {
    fn from(severity: jettison_model::Severity) -> Self {
        match severity {
            jettison_model::Severity::Info => Self::Info,
            jettison_model::Severity::Warning => Self::Warning,
            jettison_model::Severity::Error => Self::Error,
        }
    }
}

/// How sure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A rule of thumb says so.
    Guess,
    /// True but for cases that cannot be seen.
    Likely,
    /// It is so.
    #[default]
    Certain,
}

impl Confidence {
    /// The JSON word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guess => "guess",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

impl From<jettison_model::Confidence> for Confidence {
    fn from(confidence: jettison_model::Confidence) -> Self {
        match confidence {
            jettison_model::Confidence::Guess => Self::Guess,
            jettison_model::Confidence::Likely => Self::Likely,
            jettison_model::Confidence::Certain => Self::Certain,
        }
    }
}

/// What applying a fix may change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Keeps the meaning.
    #[default]
    Safe,
    /// May change the meaning; only on request.
    Unsafe,
    /// Shown, never applied.
    Manual,
}

impl Safety {
    /// The JSON word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::Manual => "manual",
        }
    }
}

impl From<jettison_model::FixSafety> for Safety {
    fn from(safety: jettison_model::FixSafety) -> Self {
        match safety {
            jettison_model::FixSafety::Safe => Self::Safe,
            jettison_model::FixSafety::Unsafe => Self::Unsafe,
            jettison_model::FixSafety::Manual => Self::Manual,
        }
    }
}

/// A range of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Location {
    /// From 1.
    pub line: u32,
    /// From 1, in Unicode scalars.
    pub column: u32,
    /// Of the last sign.
    pub end_line: u32,
    /// Behind the last sign.
    pub end_column: u32,
    /// From 0.
    pub start_byte: u32,
    /// Behind the last byte.
    pub end_byte: u32,
}

/// How a finding can be changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FindingFix {
    /// What applying it may change.
    pub safety: Safety,
    /// One clause.
    pub description: String,
    /// Not overlapping, in the order of their places.
    pub edits: Vec<TextEdit>,
}

impl From<&jettison_model::Fix> for FindingFix {
    fn from(fix: &jettison_model::Fix) -> Self {
        let edit = |edit: &jettison_model::Edit| TextEdit {
            start_byte: edit.span.start,
            end_byte: edit.span.end,
            replacement: edit.replacement.clone(),
        };
        let mut edits: Vec<TextEdit> = fix.edits.iter().map(edit).collect();
        edits.sort_by_key(|edit| (edit.start_byte, edit.end_byte));
        Self { safety: fix.safety.into(), description: fix.note.clone(), edits }
    }
}

/// One replacement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TextEdit {
    /// First byte that goes.
    pub start_byte: u32,
    /// Behind the last byte that goes.
    pub end_byte: u32,
    /// What comes in its place.
    pub replacement: String,
}
