//! The parts that several documents share: numbers of one side, checks, evidence. Bytes are integers, times are seconds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a number rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// We built it and looked. Shown plain.
    #[default]
    Measured,
    /// Computed from facts that are named. Shown with `~`.
    Modelled,
    /// A rule of thumb. Shown with `≈?`.
    Guessed,
}

impl Evidence {
    /// What a number rests on that rests on two others.
    pub fn weaker(self, other: Self) -> Self {
        match (self, other) {
            (Self::Guessed, _) | (_, Self::Guessed) => Self::Guessed,
            (Self::Modelled, _) | (_, Self::Modelled) => Self::Modelled,
            _ => Self::Measured,
        }
    }
}

impl From<jettison_model::Evidence> for Evidence {
    fn from(evidence: jettison_model::Evidence) -> Self {
        match evidence {
            jettison_model::Evidence::Measured => Self::Measured,
            jettison_model::Evidence::Modelled => Self::Modelled,
            jettison_model::Evidence::Guessed => Self::Guessed,
        }
    }
}

/// What something changes; gains are negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Estimate {
    /// Change of the image's unpacked size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<i64>,
    /// Change of the warm rebuild.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// What the numbers rest on.
    pub evidence: Evidence,
}

impl From<jettison_model::Estimate> for Estimate {
    fn from(estimate: jettison_model::Estimate) -> Self {
        Self { bytes: estimate.bytes, seconds: estimate.seconds, evidence: estimate.evidence.into() }
    }
}

/// A line of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// Relative to the context.
    pub path: String,
    /// From 1.
    pub line: u32,
}

/// A path and the pattern of the data that it matches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Found {
    /// In the image.
    pub path: String,
    /// Of the ecosystems data.
    pub pattern: String,
}

/// The numbers of one side. A field that is absent was not measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    /// What the sizes rest on.
    pub evidence: Evidence,
    /// The image's id or digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_digest: Option<String>,
    /// Regular-file bytes of the final tree, hardlinks once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apparent_bytes: Option<u64>,
    /// All of the layers' tar streams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unpacked_bytes: Option<u64>,
    /// All of the layers' blobs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compressed_bytes: Option<u64>,
    /// Layers that are not empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layers: Option<u64>,
    /// What the builder receives as context.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_bytes: Option<u64>,
    /// Files in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_files: Option<u64>,
    /// A build without any cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cold_build_seconds: Option<f64>,
    /// A rebuild after an edit of one source file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warm_build_seconds: Option<f64>,
    /// Steps executed in that rebuild.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warm_steps_executed: Option<u64>,
    /// The file that was edited for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warm_edit_path: Option<String>,
    /// As configured; empty means root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// TCP ports it listened on.
    #[serde(default)]
    pub ports: Vec<u16>,
    /// Paths in the layers that match the secrets data.
    #[serde(default)]
    pub secrets_found: Vec<Found>,
    /// Paths in the image that match the junk data, at most one a folder.
    #[serde(default)]
    pub junk: Vec<Found>,
    /// Bytes of them.
    #[serde(default)]
    pub junk_bytes: u64,
}

/// One thing that was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// `builds`, `starts`, `ports`, `GET /health`, `config`, `files`, …
    pub name: String,
    /// Whether it held.
    pub passed: bool,
    /// One clause.
    pub detail: String,
}

/// How much is proven: 1 builds · 2 starts and stays up, or ends the same · 3 same listening ports · 4 same answers on probes
/// found by itself · 5 the user's own smoke command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Proof {
    /// Reached; 0 means that nothing was proven.
    pub level: u8,
    /// Below this level the changes are not called verified.
    pub required_level: u8,
    /// Every obligation held, at the level that is needed.
    pub verified: bool,
    /// Everything that was checked.
    pub checks: Vec<Check>,
    /// What was not, one clause each.
    pub not_checked: Vec<String>,
}

/// What built and ran the images.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Engine {
    /// `docker`, `podman`, `buildah`.
    pub name: String,
    /// In its own words.
    pub version: String,
}
