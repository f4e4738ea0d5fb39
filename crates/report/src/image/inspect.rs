//! The document of `jettison inspect`: the fields of `docker image inspect` under their own names, and beside them, in small
//! letters, what docker does not say.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ImageSizes;
use crate::SCHEMA_VERSION;

/// What `jettison inspect` shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct InspectReport {
    /// Of this document's form.
    #[serde(rename = "schema_version")]
    pub schema_version: String,
    /// `inspect`.
    #[serde(rename = "command")]
    pub command: String,
    /// Of the program.
    #[serde(rename = "jettison_version")]
    pub jettison_version: String,
    /// As given.
    #[serde(rename = "reference")]
    pub reference: String,
    /// Where it was found: `docker-archive`, `oci-archive`, `oci`, `docker`, `podman`, `registry`.
    #[serde(rename = "source")]
    pub source: String,
    /// Digest of the config.
    pub id: String,
    /// Names that the source has for it.
    pub repo_tags: Vec<String>,
    /// Names by digest that the source has for it.
    pub repo_digests: Vec<String>,
    /// Of the config.
    pub comment: String,
    /// RFC 3339, as written in the config.
    pub created: Option<String>,
    /// Of the config.
    pub author: String,
    /// The image's configuration as it is stored, fields that jettison does not know included.
    pub config: Value,
    /// `amd64`
    pub architecture: String,
    /// `v8`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// `linux`
    pub os: String,
    /// Of Windows images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os_version: Option<String>,
    /// Sizes of the regular files of all layers, which is docker's size of an image.
    pub size: u64,
    /// The layers' tar streams.
    #[serde(rename = "RootFS")]
    pub root_fs: RootFs,
    /// Of the manifest.
    #[serde(rename = "digest")]
    pub digest: Option<String>,
    /// Of the manifest.
    #[serde(rename = "media_type")]
    pub media_type: Option<String>,
    /// `linux/arm64/v8`
    #[serde(rename = "platform")]
    pub platform: String,
    /// Of the whole image.
    #[serde(rename = "sizes")]
    pub sizes: ImageSizes,
    /// Blobs in manifest order.
    #[serde(rename = "layers")]
    pub layers: Vec<Blob>,
}

impl Default for InspectReport {
    fn default() -> Self {
        Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            command: "inspect".to_owned(),
            jettison_version: String::new(),
            reference: String::new(),
            source: String::new(),
            id: String::new(),
            repo_tags: Vec::new(),
            repo_digests: Vec::new(),
            comment: String::new(),
            created: None,
            author: String::new(),
            config: Value::Null,
            architecture: String::new(),
            variant: None,
            os: String::new(),
            os_version: None,
            size: 0,
            root_fs: RootFs::default(),
            digest: None,
            media_type: None,
            platform: String::new(),
            sizes: ImageSizes::default(),
            layers: Vec::new(),
        }
    }
}

/// The layers' tar streams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct RootFs {
    /// `layers`
    #[serde(rename = "Type")]
    pub kind: String,
    /// Digests of the tar streams, lowest first.
    pub layers: Vec<String>,
}

impl Default for RootFs {
    fn default() -> Self {
        Self { kind: "layers".to_owned(), layers: Vec::new() }
    }
}

/// One layer as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Blob {
    /// Of the blob.
    pub digest: Option<String>,
    /// Of the tar stream.
    pub diff_id: Option<String>,
    /// As the manifest says.
    pub media_type: Option<String>,
    /// Of the blob; none where it is stored uncompressed.
    pub compressed_bytes: Option<u64>,
    /// Of the tar stream.
    pub unpacked_bytes: u64,
}
