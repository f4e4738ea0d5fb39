//! The document of `jettison why`: why a file or a package is in an image, and what would go with it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ImageHead;
use crate::{Evidence, SCHEMA_VERSION};

/// What `jettison why` found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WhyReport {
    /// Of this document's form.
    pub schema_version: String,
    /// `why`.
    pub command: String,
    /// Of the program.
    pub jettison_version: String,
    /// Which image.
    pub image: ImageHead,
    /// The path or package that was asked for.
    pub asked: String,
    /// One a thing of that name; several managers may each have a package of it.
    pub answers: Vec<Why>,
    /// The Dockerfile that lines are of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dockerfile: Option<String>,
}

impl Default for WhyReport {
    fn default() -> Self {
        Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            command: "why".to_owned(),
            jettison_version: String::new(),
            image: ImageHead::default(),
            asked: String::new(),
            answers: Vec::new(),
            dockerfile: None,
        }
    }
}

/// Why one thing is in the image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Why {
    /// `file`, `directory`, `symlink`, `hardlink`, `device`, `package`, `removed` for what only lower layers have.
    pub kind: String,
    /// Absolute path or package name.
    pub name: String,
    /// Of a package.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `deb`, `python`, … of a package.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub package_type: Option<String>,
    /// Where a link leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Of it, or of everything in it.
    pub bytes: u64,
    /// Their share of the blobs.
    pub compressed_bytes: Option<u64>,
    /// Regular files in it.
    pub files: u64,
    /// The layers that had a part in it, lowest first.
    pub layers: Vec<WhyLayer>,
    /// The package that owns it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<WhyPackage>,
    /// From what was asked for down to it: each pulls in the next.
    pub chain: Vec<WhyLink>,
    /// What would go if it went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goes: Option<Goes>,
    /// What else there is to know, one clause each.
    pub notes: Vec<String>,
}

/// A layer's part in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WhyLayer {
    /// Place, from 0.
    pub layer: usize,
    /// Of the blob or the tar stream.
    pub digest: Option<String>,
    /// `added`, `modified`, `removed`, `rewritten`.
    pub action: String,
    /// Of it that the layer holds.
    pub bytes: u64,
    /// The instruction as one would write it.
    pub instruction: String,
    /// Of that instruction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dockerfile_line: Option<u32>,
}

/// A package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WhyPackage {
    /// As its manager calls it.
    pub name: String,
    /// As its manager writes it.
    pub version: String,
    /// `deb`, `python`, …
    #[serde(rename = "type")]
    pub kind: String,
}

/// One link of the chain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WhyLink {
    /// `base`, `instruction`, `package`, `path`.
    pub kind: String,
    /// Of the package, the path; the instruction as one would write it.
    pub name: String,
    /// How the link before leads to this one: `installs`, `brings`, `depends`, `recommends`, `owns`. Null of the first.
    pub how: Option<String>,
    /// Place of the instruction's layer, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<usize>,
    /// Of the instruction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dockerfile_line: Option<u32>,
    /// How that is known.
    pub evidence: Evidence,
}

/// What would go if it went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Goes {
    /// Packages that only it needs.
    pub packages: Vec<String>,
    /// Of it and of those.
    pub bytes: u64,
    /// Their share of the blobs.
    pub compressed_bytes: Option<u64>,
    /// What the numbers rest on.
    pub evidence: Evidence,
    /// What needs it and would have to go first.
    pub blocked_by: Vec<String>,
}
