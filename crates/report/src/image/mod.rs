//! What the documents about images share: which image, its sizes, its layers. Names and definitions of every figure are in
//! `docs/images.md`. Bytes are integers; paths that are not UTF-8 show bytes as `\xHH`.

mod analyze;
mod diff;
mod folders;
mod history;
mod inspect;
mod map;
mod why;

pub use analyze::{
    Advice, AnalyzeReport, Avoidable, AvoidableKind, Causes, Directory, Dive, DockerfileMatch, Efficiency, Package,
    TreeCounts, Waste,
};
pub use diff::{
    Asked, ConfigChange, DiffReport, DiffSide, FileCounts, LayerChange, PackageChange, PackageStatus, Presence,
    TreeChange, TreeStatus,
};
pub use folders::{AvoidableRow, WasteRow, avoidable_by_folder, by_folder};
pub use history::{HistoryEntry, HistoryReport};
pub use inspect::{Blob, InspectReport, RootFs};
pub use map::{MapNode, SizeMaps};
pub use why::{Goes, Why, WhyLayer, WhyLink, WhyPackage, WhyReport};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Evidence;

/// Which image, and what its config says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImageHead {
    /// As it was given.
    pub reference: String,
    /// Where it was found: `docker-archive`, `oci-archive`, `oci`, `docker`, `podman`, `registry`.
    pub source: String,
    /// Of the manifest; where the source has none, the config's, which is the image's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Of the config: the image's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config_digest: Option<String>,
    /// Of the manifest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// `linux/amd64`
    pub platform: String,
    /// RFC 3339, as written in the config.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// As configured; empty means root.
    pub user: String,
    /// Empty where not set.
    pub entrypoint: Vec<String>,
    /// Empty where not set.
    pub cmd: Vec<String>,
    /// `NAME=value`, in order.
    pub env: Vec<String>,
    /// `8000/tcp`
    pub exposed_ports: Vec<String>,
    /// Empty means `/`.
    #[serde(default)]
    pub working_dir: String,
}

/// The three sizes, always named, never mixed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImageSizes {
    /// Regular-file bytes of the final tree, hardlinks once.
    pub apparent_bytes: u64,
    /// All of the layers' tar streams.
    pub unpacked_bytes: u64,
    /// All of the layers' blobs; none where the source stores layers uncompressed, as `docker save` does.
    pub compressed_bytes: Option<u64>,
    /// What `compressed_bytes` of layers rests on.
    pub compressed_evidence: Evidence,
    /// What `compressed_bytes` of files and packages rests on: their share of the blob, by the stream's ratio at that place.
    pub file_compressed_evidence: Evidence,
}

/// One layer, in manifest order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Layer {
    /// Place in the manifest, from 0.
    pub index: usize,
    /// Of the blob; none where the source has no blobs.
    pub digest: Option<String>,
    /// Of the tar stream.
    pub diff_id: Option<String>,
    /// As the manifest says.
    pub media_type: Option<String>,
    /// Of the blob; none where it is stored uncompressed.
    pub compressed_bytes: Option<u64>,
    /// Of the tar stream, whatever follows its end included.
    pub unpacked_bytes: u64,
    /// Sum of the sizes of the regular files that it brings.
    pub file_bytes: u64,
    /// Of those, what the final tree does not have any more.
    pub wasted_bytes: u64,
    /// Of those, what the final tree has and need not have.
    pub avoidable_bytes: u64,
    /// Names that are not directories: not there before.
    pub files_added: u64,
    /// There before, and different now.
    pub files_modified: u64,
    /// There before, not now.
    pub files_removed: u64,
    /// Named again, and nothing differs.
    pub files_rewritten: u64,
    /// Tar members.
    pub entries: u64,
    /// Markers that remove something of lower layers; opaque ones not counted.
    pub whiteouts: u64,
    /// The history entry's command; empty where there is none.
    pub created_by: String,
    /// The instruction as one would write it, from `created_by` or the Dockerfile.
    pub instruction: String,
    /// A history entry without a layer. Those are not listed here, so this is false; a layer without members has 0 `entries`.
    pub empty: bool,
    /// Whether it comes with the base image, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<bool>,
    /// Of the Dockerfile's instruction that made it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dockerfile_line: Option<u32>,
}

/// What a tool should mention without giving up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    /// `path_escapes_root`, `invalid_whiteout`, `dangling_hardlink`, …
    pub class: String,
    /// Place of the layer, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<usize>,
    /// In the layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}
