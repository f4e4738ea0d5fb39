//! The document of `jettison verify`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Engine, Proof, SCHEMA_VERSION, Side};

/// What `jettison verify` found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VerifyReport {
    /// Of this document's form.
    pub schema_version: String,
    /// `verify`.
    pub command: String,
    /// Of the program.
    pub jettison_version: String,
    /// The context, as given.
    pub context: String,
    /// The proof file.
    pub proof_file: String,
    /// Every claim holds.
    pub holds: bool,
    /// Every claim of the proof file, checked again.
    pub claims: Vec<Claim>,
    /// The original as rebuilt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Side>,
    /// The proposal as rebuilt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Side>,
    /// What is proven now.
    pub proof: Proof,
    /// Of the whole run.
    pub elapsed_seconds: f64,
    /// What built and ran both sides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<Engine>,
    /// What the reader should know besides: base images that moved, for instance.
    pub warnings: Vec<String>,
}

/// One claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Claim {
    /// `inputs`, `image, unpacked`, `level`, `GET /health`, …
    pub name: String,
    /// Whether it holds now.
    pub passed: bool,
    /// What is recorded, and what was found if that differs.
    pub detail: String,
}

impl Default for VerifyReport {
    fn default() -> Self {
        Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            command: "verify".to_owned(),
            jettison_version: String::new(),
            context: String::new(),
            proof_file: String::new(),
            holds: false,
            claims: Vec::new(),
            before: None,
            after: None,
            proof: Proof::default(),
            elapsed_seconds: 0.0,
            engine: None,
            warnings: Vec::new(),
        }
    }
}
