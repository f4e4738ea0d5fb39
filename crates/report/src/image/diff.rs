//! The document of `jettison diff`: what image B is against image A.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ImageHead, ImageSizes};
use crate::SCHEMA_VERSION;

/// What `jettison diff` found. `a` is before, `b` after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DiffReport {
    /// Of this document's form.
    pub schema_version: String,
    /// `diff`.
    pub command: String,
    /// Of the program.
    pub jettison_version: String,
    /// Before.
    pub a: DiffSide,
    /// After.
    pub b: DiffSide,
    /// Layers, config, packages and files are the same; names, times of creation and history may differ.
    pub same: bool,
    /// In the order of `b`; what only `a` has stands where it was.
    pub layers: Vec<LayerChange>,
    /// By field.
    pub config: Vec<ConfigChange>,
    /// By manager and name.
    pub packages: Vec<PackageChange>,
    /// Of the files.
    pub file_counts: FileCounts,
    /// By path.
    pub files: Vec<TreeChange>,
    /// What `--fail-on` asked, and whether it was found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<Asked>,
    /// What the reader should know besides.
    pub notes: Vec<String>,
}

impl Default for DiffReport {
    fn default() -> Self {
        Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            command: "diff".to_owned(),
            jettison_version: String::new(),
            a: DiffSide::default(),
            b: DiffSide::default(),
            same: true,
            layers: Vec::new(),
            config: Vec::new(),
            packages: Vec::new(),
            file_counts: FileCounts::default(),
            files: Vec::new(),
            asked: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// One image of the two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DiffSide {
    /// Which.
    pub image: ImageHead,
    /// Of the whole image.
    pub sizes: ImageSizes,
    /// How many layers.
    pub layers: usize,
    /// How many packages.
    pub packages: usize,
    /// Names in the final tree that are not directories.
    pub files: u64,
}

/// What became of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// In both.
    Same,
    /// Only in `b`.
    Added,
    /// Only in `a`.
    Removed,
}

/// A layer of either image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LayerChange {
    /// Layers are the same if their tar streams are.
    pub status: Presence,
    /// Place in `a`, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub a: Option<usize>,
    /// Place in `b`, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub b: Option<usize>,
    /// Of the tar stream.
    pub diff_id: Option<String>,
    /// Of the tar stream.
    pub unpacked_bytes: u64,
    /// Of the blob, where there is one.
    pub compressed_bytes: Option<u64>,
    /// The instruction as one would write it.
    pub instruction: String,
}

/// A field of the config that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConfigChange {
    /// `User`, `Env.PATH`, `Labels.version`, `ExposedPorts.80/tcp`, …
    pub field: String,
    /// Null where it was not set.
    pub before: Option<Value>,
    /// Null where it is not set.
    pub after: Option<Value>,
}

/// What became of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PackageStatus {
    /// Only in `b`.
    Added,
    /// Only in `a`.
    Removed,
    /// A later version in `b`.
    Upgraded,
    /// An earlier version in `b`.
    Downgraded,
    /// Other versions, and which is later is not known.
    Changed,
}

/// A package that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackageChange {
    /// As its manager calls it.
    pub name: String,
    /// `deb`, `apk`, `rpm`, `python`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// What became of it.
    pub status: PackageStatus,
    /// Version in `a`.
    pub before: Option<String>,
    /// Version in `b`.
    pub after: Option<String>,
    /// Of its files in `b`, less those in `a`.
    pub bytes: i64,
}

/// What became of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TreeStatus {
    /// Only in `b`.
    Added,
    /// Only in `a`.
    Removed,
    /// Another content, type, link target or device.
    Changed,
    /// The same content at another path.
    Renamed,
    /// The same content with another mode, owner or extended attributes.
    Metadata,
}

/// A path that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TreeChange {
    /// In `b`; of removed ones in `a`.
    pub path: String,
    /// What became of it.
    pub status: TreeStatus,
    /// In `a`, of renamed ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Size in `a`.
    pub before_bytes: Option<u64>,
    /// Size in `b`.
    pub after_bytes: Option<u64>,
    /// What differs beside the content: `mode 0644 → 0755`, `owner 0:0 → 1000:1000`, `xattrs`, `file → symlink`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub what: Vec<String>,
}

/// How many paths changed in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileCounts {
    /// Only in `b`.
    pub added: u64,
    /// Only in `a`.
    pub removed: u64,
    /// Another content, type, link target or device.
    pub changed: u64,
    /// The same content at another path.
    pub renamed: u64,
    /// The same content with another mode, owner or extended attributes.
    pub metadata: u64,
    /// Sizes of added files.
    pub added_bytes: u64,
    /// Sizes of removed files.
    pub removed_bytes: u64,
    /// Sizes of changed files in `b`, less those in `a`.
    pub changed_bytes: i64,
}

/// One word of `--fail-on`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    /// As given.
    pub fail_on: String,
    /// Whether it was found, which is a failure.
    pub found: bool,
    /// One clause.
    pub detail: String,
}
