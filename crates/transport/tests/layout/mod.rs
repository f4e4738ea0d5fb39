//! OCI layouts written blob by blob, for tests that need them whole, odd or broken.
#![allow(dead_code, reason = "each test file uses its share")]

use std::collections::BTreeMap;
use std::path::Path;

use jettison_image::Image;
use jettison_testkit::{LayerBuilder, gzip, sha256};
use jettison_transport::{OpenError, OpenOptions, Source, open};
use serde_json::{Value, json};

pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
pub const GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
pub const PLAIN: &str = "application/vnd.oci.image.layer.v1.tar";

/// Files by name.
#[derive(Clone, Default)]
pub struct Layout {
    pub files: BTreeMap<String, Vec<u8>>,
}

pub fn name(digest: &str) -> String {
    format!("blobs/{}", digest.replacen(':', "/", 1))
}

/// A layer with one file, whose content is `text`.
pub fn layer(text: &str) -> LayerBuilder {
    LayerBuilder::new().file("f", text)
}

impl Layout {
    pub fn blob(&mut self, media_type: &str, bytes: Vec<u8>) -> Value {
        let digest = sha256(&bytes);
        let descriptor = json!({"mediaType": media_type, "digest": digest, "size": bytes.len()});
        self.files.insert(name(&digest), bytes);
        descriptor
    }

    pub fn document(&mut self, media_type: &str, document: &Value) -> Value {
        self.blob(media_type, document.to_string().into_bytes())
    }

    /// An image of one gzip layer a builder; the descriptor of its manifest.
    pub fn image(&mut self, arch: &str, layers: &[LayerBuilder]) -> Value {
        let diff_ids: Vec<String> = layers.iter().map(|layer| sha256(&layer.tar())).collect();
        let layers: Vec<Value> = layers.iter().map(|layer| self.blob(GZIP, gzip(&layer.tar()))).collect();
        self.manifest(arch, &diff_ids, &layers)
    }

    pub fn manifest(&mut self, arch: &str, diff_ids: &[String], layers: &[Value]) -> Value {
        let config = json!({"os": "linux", "architecture": arch, "rootfs": {"type": "layers", "diff_ids": diff_ids}});
        let config = self.document(CONFIG, &config);
        let manifest = json!({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers});
        self.document(MANIFEST, &manifest)
    }

    /// The index of the layout.
    pub fn index(mut self, manifests: &[Value]) -> Self {
        let index = json!({"schemaVersion": 2, "manifests": manifests});
        self.files.insert("index.json".to_owned(), index.to_string().into_bytes());
        self
    }

    pub fn tar(&self) -> Vec<u8> {
        self.files.iter().fold(LayerBuilder::new(), |tar, (name, bytes)| tar.file(name, bytes)).tar()
    }

    pub fn write(&self, folder: &Path) {
        for (name, bytes) in &self.files {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }

    pub fn open(&self, options: &OpenOptions<'_>) -> Result<Image, OpenError> {
        let folder = tempfile::tempdir().unwrap();
        self.write(folder.path());
        open(&Source::OciDir { path: folder.path().to_owned(), tag: None }, options)
    }
}

/// The text of the one file that an image of [`layer`]s has on top: by its length.
pub fn sizes(image: &Image) -> Vec<u64> {
    image.layers.iter().map(|layer| layer.index.entries[0].size).collect()
}

/// The class of an error, which its text ends in.
pub fn class(outcome: Result<Image, OpenError>) -> String {
    let error = match outcome {
        Err(OpenError::Image(error)) => error,
        other => panic!("{other:?}"),
    };
    let class = error.class().unwrap_or("none");
    assert!(error.to_string().ends_with(&format!("[{class}]")), "{error}");
    class.to_owned()
}
