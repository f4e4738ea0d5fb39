//! The document of `jettison history`: one entry a step of the build, newest first, as `docker history` has them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ImageHead, ImageSizes};
use crate::SCHEMA_VERSION;

/// What `jettison history` shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HistoryReport {
    /// Of this document's form.
    pub schema_version: String,
    /// `history`.
    pub command: String,
    /// Of the program.
    pub jettison_version: String,
    /// Which image.
    pub image: ImageHead,
    /// Of the whole image.
    pub sizes: ImageSizes,
    /// Newest first. Layers that no entry speaks of have one of their own, without a command.
    pub history: Vec<HistoryEntry>,
}

impl Default for HistoryReport {
    fn default() -> Self {
        Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            command: "history".to_owned(),
            jettison_version: String::new(),
            image: ImageHead::default(),
            sizes: ImageSizes::default(),
            history: Vec::new(),
        }
    }
}

/// One step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HistoryEntry {
    /// RFC 3339, as written.
    pub created: Option<String>,
    /// As the builder wrote it.
    pub created_by: String,
    /// The builder's.
    pub comment: String,
    /// It made no layer.
    pub empty_layer: bool,
    /// Place of its layer, from 0.
    pub layer: Option<usize>,
    /// Of the blob.
    pub digest: Option<String>,
    /// Of the tar stream.
    pub diff_id: Option<String>,
    /// Sizes of the layer's regular files, which is what docker shows.
    pub file_bytes: u64,
    /// Of the tar stream.
    pub unpacked_bytes: u64,
    /// Of the blob; none where it is stored uncompressed.
    pub compressed_bytes: Option<u64>,
    /// Of the Dockerfile's instruction, where one was given or found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dockerfile_line: Option<u32>,
}
