//! The document of `jettison analyze`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ImageHead, ImageSizes, Layer, Warning};
use crate::{Budget, Evidence, SCHEMA_VERSION};

/// What `jettison analyze` found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnalyzeReport {
    /// Of this document's form.
    pub schema_version: String,
    /// `analyze`.
    pub command: String,
    /// Of the program.
    pub jettison_version: String,
    /// Which image.
    pub image: ImageHead,
    /// Of the whole image.
    pub sizes: ImageSizes,
    /// In manifest order.
    pub layers: Vec<Layer>,
    /// How much of what was put into the layers is still there.
    pub efficiency: Efficiency,
    /// The final tree in numbers.
    pub tree: TreeCounts,
    /// The directories that hold most, each after its parent, with their share of the final tree.
    pub directories: Vec<Directory>,
    /// What dive would say of the same image, by its own definitions.
    pub dive: Dive,
    /// Bytes that cannot be reached, by path; most bytes first, then by path. They sum to `efficiency.wasted_bytes`.
    pub waste: Vec<Waste>,
    /// Bytes that can be reached and need not be there. Never part of the waste.
    pub avoidable: Vec<Avoidable>,
    /// What is installed, most bytes first.
    pub packages: Vec<Package>,
    /// What to do, most bytes first.
    pub findings: Vec<Advice>,
    /// The Dockerfile that the layers were matched with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dockerfile: Option<DockerfileMatch>,
    /// `--ci`: what was asked of the image and whether it holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<Budget>,
    /// What was odd about the image.
    pub warnings: Vec<Warning>,
    /// What the reader should know besides.
    pub notes: Vec<String>,
}

impl Default for AnalyzeReport {
    fn default() -> Self {
        Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            command: "analyze".to_owned(),
            jettison_version: String::new(),
            image: ImageHead::default(),
            sizes: ImageSizes::default(),
            layers: Vec::new(),
            efficiency: Efficiency::default(),
            tree: TreeCounts::default(),
            directories: Vec::new(),
            dive: Dive::default(),
            waste: Vec::new(),
            avoidable: Vec::new(),
            packages: Vec::new(),
            findings: Vec::new(),
            dockerfile: None,
            budgets: Vec::new(),
            warnings: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// How much of what was put into the layers is still there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Efficiency {
    /// `final_bytes / total_file_bytes`, from 0 to 1; 1 if there are no file bytes.
    pub score: f64,
    /// Sizes of all regular files of all layers.
    pub total_file_bytes: u64,
    /// Of those that still have a name, each once.
    pub final_bytes: u64,
    /// Of those that have none.
    pub wasted_bytes: u64,
    /// The same, by cause.
    pub wasted_by_cause: Causes,
}

impl Default for Efficiency {
    fn default() -> Self {
        Self { score: 1.0, total_file_bytes: 0, final_bytes: 0, wasted_bytes: 0, wasted_by_cause: Causes::default() }
    }
}

/// Bytes by what took a file's last name away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Causes {
    /// A file with other content.
    pub overwritten: u64,
    /// The same content with another mode, owner or extended attributes.
    pub metadata_only: u64,
    /// The same content, mode, owner and extended attributes.
    pub duplicate: u64,
    /// Anything else: a removal, a directory, a link.
    pub deleted: u64,
}

/// The final tree in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TreeCounts {
    /// That are not directories.
    pub names: u64,
    /// Regular files, hardlinks once.
    pub regular_inodes: u64,
    /// Without the root.
    pub directories: u64,
}

/// A directory of the final tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Directory {
    /// Absolute.
    pub path: String,
    /// From 0, counting only directories listed here.
    pub depth: usize,
    /// Of all regular files below it, hardlinks once.
    pub bytes: u64,
    /// Their share of the blobs.
    pub compressed_bytes: Option<u64>,
    /// Regular files below it.
    pub files: u64,
}

/// dive's figures, with what is wrong in them; for comparison only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dive {
    /// Its `efficiency`; null where it gives no answer.
    pub efficiency: Option<f64>,
    /// Its `wastedBytes`.
    pub wasted_bytes: Option<u64>,
    /// Its `userWastedPercent`, a share from 0; null where it divides by nothing.
    pub user_wasted_percent: Option<f64>,
}

/// Bytes at one path that cannot be reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Waste {
    /// Where the files were.
    pub path: String,
    /// By what took them away.
    pub causes: Causes,
    /// Together.
    pub bytes: u64,
    /// Their share of the blobs.
    pub compressed_bytes: Option<u64>,
    /// How many files.
    pub count: u64,
    /// Places of the layers that hold them, from 0.
    pub layers: Vec<usize>,
}

/// Why something need not be in the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AvoidableKind {
    /// What a package manager keeps for the next installation.
    PackageCache,
    /// Compilers and headers.
    BuildTool,
    /// Documentation and manual pages.
    Docs,
    /// Translations.
    Locale,
    /// Version control.
    Vcs,
    /// Logs.
    Log,
    /// Temporary files.
    Temp,
    /// What looks like a secret.
    Secret,
    /// Compiled from sources that are there as well.
    Bytecode,
    /// The same bytes are elsewhere in the tree.
    CopyElsewhere,
}

/// Something that can be reached and need not be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Avoidable {
    /// A file, or a directory with everything below it.
    pub path: String,
    /// Why.
    pub kind: AvoidableKind,
    /// Together.
    pub bytes: u64,
    /// Their share of the blobs.
    pub compressed_bytes: Option<u64>,
    /// Places of the layers that hold it, from 0.
    pub layers: Vec<usize>,
    /// Of the instruction that brought most of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dockerfile_line: Option<u32>,
    /// How sure it is that it need not be there.
    pub evidence: Evidence,
}

/// An installed package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Package {
    /// As its manager calls it.
    pub name: String,
    /// As its manager writes it.
    pub version: String,
    /// `deb`, `apk`, `rpm`, `python`, `npm`, `gem`, `jar`, `go`, `cargo`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Of its own files.
    pub bytes: u64,
    /// With everything that only it needs: what goes with it.
    pub exclusive_bytes: u64,
    /// Names of what goes with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusive_packages: Vec<String>,
    /// Nothing that the image runs was seen to reach it; absent where that was not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreached: Option<bool>,
    /// Place of the layer that installed it, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer: Option<usize>,
}

/// What to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Advice {
    /// Kebab-case.
    pub id: String,
    /// One clause.
    pub message: String,
    /// What it would save, unpacked.
    pub bytes: u64,
    /// What it would save of the blobs.
    pub compressed_bytes: Option<u64>,
    /// What the numbers rest on.
    pub evidence: Evidence,
    /// The rule of `check` or the transform of `optimize` that does it.
    pub see: Option<String>,
}

/// How the image was matched with a Dockerfile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DockerfileMatch {
    /// As given or found.
    pub path: String,
    /// It was not given, but lay where one looks first.
    pub found: bool,
    /// The stage that the image was built from, if it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Layers above the base whose line is known.
    pub matched_layers: usize,
    /// Layers above the base.
    pub own_layers: usize,
}
