//! The document of `jettison optimize`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Engine, Estimate, Place, Proof, SCHEMA_VERSION, Side};

/// What `jettison optimize` found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OptimizeReport {
    /// Of this document's form.
    pub schema_version: String,
    /// `optimize`.
    pub command: String,
    /// Of the program.
    pub jettison_version: String,
    /// The context, as given.
    pub context: String,
    /// The Dockerfile, relative to the context where it lies in it.
    pub dockerfile: String,
    /// In a word.
    pub outcome: Outcome,
    /// The original's numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Side>,
    /// The proposed files' numbers; absent where nothing is proposed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Side>,
    /// What was proven of them.
    pub proof: Proof,
    /// Every step of every transform, in canonical order.
    pub transforms: Vec<Transform>,
    /// The files that change.
    pub files: Vec<FileChange>,
    /// Candidates built.
    pub builds: u64,
    /// Of the whole run.
    pub elapsed_seconds: f64,
    /// None if nothing was built.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<Engine>,
    /// By how much the engine's build cache grew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_growth_bytes: Option<i64>,
    /// The bound that ended the search before it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_short: Option<String>,
    /// Paths written (`--write`, `--out`).
    pub written: Vec<String>,
    /// The command to type next: to apply, or to undo what was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// What the reader should know besides.
    pub warnings: Vec<String>,
}

impl Default for OptimizeReport {
    fn default() -> Self {
        Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            command: "optimize".to_owned(),
            jettison_version: String::new(),
            context: String::new(),
            dockerfile: String::new(),
            outcome: Outcome::NothingToGain,
            baseline: None,
            result: None,
            proof: Proof::default(),
            transforms: Vec::new(),
            files: Vec::new(),
            builds: 0,
            elapsed_seconds: 0.0,
            engine: None,
            cache_growth_bytes: None,
            cut_short: None,
            written: Vec::new(),
            next: None,
            warnings: Vec::new(),
        }
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Better, and proven at the level it needs.
    Verified,
    /// Better, but proven at a lower level than it needs.
    Unverified,
    /// No step applies, or none gains anything.
    NothingToGain,
    /// There were candidates and none could be proven.
    NothingProven,
    /// `--no-verify`: nothing was built; the numbers are modelled.
    PlanOnly,
}

/// One step of a transform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Transform {
    /// Kebab-case.
    pub id: String,
    /// Where a transform has several parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// For people.
    pub title: String,
    /// What became of it.
    pub status: Status,
    /// Why; of applied ones what they do.
    pub reason: String,
    /// The line of the original that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What it should gain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Estimate>,
    /// What it gained, where two builds differ by just this step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured: Option<Estimate>,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// In the proposed files.
    Applied,
    /// Left out because the proof convicted it.
    Dropped,
    /// It would apply, but might break something.
    Refused,
    /// Nothing to do for it here.
    NotApplicable,
}

/// A file that changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileChange {
    /// Relative to the context.
    pub path: String,
    /// Hexadecimal; absent if there was no such file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before_sha256: Option<String>,
    /// Hexadecimal.
    pub after_sha256: String,
    /// Unified; bytes that are not UTF-8 are replaced.
    pub diff: String,
}
