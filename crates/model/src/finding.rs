//! What a rule says about a place, and what a number rests on.

use crate::{Fix, Span};

/// How bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth changing.
    Warning,
    /// Wrong.
    Error,
}

/// How sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// A rule of thumb says so.
    Guess,
    /// True but for cases we cannot see.
    Likely,
    /// It is so.
    Certain,
}

/// What a number rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// A rule of thumb. Shown with `≈?`.
    Guessed,
    /// Computed from facts that are named. Shown with `~`.
    Modelled,
    /// We built it and looked. Shown plain.
    Measured,
}

impl Evidence {
    /// The JSON word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guessed => "guessed",
            Self::Modelled => "modelled",
            Self::Measured => "measured",
        }
    }

    /// What stands before a number in text: nothing, `~` or `≈?`.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Guessed => "≈?",
            Self::Modelled => "~",
            Self::Measured => "",
        }
    }
}

/// What something costs or gains. `bytes` are unpacked layer bytes unless said otherwise; gains are negative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Change of the image's unpacked size, in bytes.
    pub bytes: Option<i64>,
    /// Change of the rebuild time, in seconds.
    pub seconds: Option<f64>,
    /// What the numbers rest on.
    pub evidence: Evidence,
}

/// One thing a rule found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Kebab-case id of the rule.
    pub rule: &'static str,
    /// Where.
    pub span: Span,
    /// One clause: what is wrong here.
    pub message: String,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// How to change it.
    pub fix: Option<Fix>,
    /// What it costs.
    pub estimate: Option<Estimate>,
}
