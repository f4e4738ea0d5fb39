//! Images and the archives that engines save them as.

use serde_json::{Value, json};

use crate::{LayerBuilder, gzip, sha256};

/// Builds an image out of layers and a config.
///
/// ```
/// use jettison_testkit::{ImageBuilder, LayerBuilder};
///
/// let layer = LayerBuilder::new().file("etc/motd", b"hello\n");
/// let archive = ImageBuilder::new().layer(&layer, "COPY motd /etc/").cmd(&["cat", "/etc/motd"]).docker_archive();
/// assert_eq!(archive.len() % 512, 0);
/// ```
#[derive(Clone, Debug)]
pub struct ImageBuilder {
    layers: Vec<Vec<u8>>,
    history: Vec<Value>,
    /// The `config` object; anything may be set in it.
    pub config: Value,
    /// The `RepoTags` of the manifest.
    pub tag: String,
}

impl Default for ImageBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl ImageBuilder {
    /// No layers, an empty config.
    pub fn new() -> Self {
        Self { layers: Vec::new(), history: Vec::new(), config: json!({}), tag: "test:latest".to_owned() }
    }

    /// Adds a layer on top, made by the instruction `created_by`.
    #[must_use]
    pub fn layer(self, layer: &LayerBuilder, created_by: &str) -> Self {
        self.layer_tar(layer.tar(), created_by)
    }

    /// Adds any bytes as a layer tar.
    #[must_use]
    pub fn layer_tar(mut self, tar: Vec<u8>, created_by: &str) -> Self {
        self.layers.push(tar);
        self.history.push(json!({"created": "2024-01-01T00:00:00Z", "created_by": created_by}));
        self
    }

    /// Adds a history entry that made no layer.
    #[must_use]
    pub fn empty_layer(mut self, created_by: &str) -> Self {
        self.history.push(json!({"created_by": created_by, "empty_layer": true}));
        self
    }

    /// Sets a field of the `config` object: `.set("User", "app")`.
    #[must_use]
    pub fn set(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.config[field] = value.into();
        self
    }

    /// `ENV`
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        let mut env = self.config["Env"].as_array().cloned().unwrap_or_default();
        env.push(json!(format!("{name}={value}")));
        self.config["Env"] = Value::Array(env);
        self
    }

    /// `CMD`, exec form.
    #[must_use]
    pub fn cmd(self, argv: &[&str]) -> Self {
        self.set("Cmd", json!(argv))
    }

    /// `ENTRYPOINT`, exec form.
    #[must_use]
    pub fn entrypoint(self, argv: &[&str]) -> Self {
        self.set("Entrypoint", json!(argv))
    }

    /// The config document.
    pub fn config_json(&self) -> Vec<u8> {
        let diff_ids: Vec<String> = self.layers.iter().map(|tar| sha256(tar)).collect();
        let document = json!({
            "architecture": "amd64", "os": "linux", "config": self.config,
            "rootfs": {"type": "layers", "diff_ids": diff_ids}, "history": self.history,
        });
        document.to_string().into_bytes()
    }

    /// As `docker save` of Docker 25 and later with the containerd store: an OCI layout with gzip blobs and a `manifest.json`.
    pub fn docker_archive(&self) -> Vec<u8> {
        archive(&self.docker_files())
    }

    /// The files of [`ImageBuilder::docker_archive`] in order, to leave out, change or reorder.
    pub fn docker_files(&self) -> Vec<(String, Vec<u8>)> {
        let config = self.config_json();
        let blobs: Vec<Vec<u8>> = self.layers.iter().map(|tar| gzip(tar)).collect();
        let layer = "application/vnd.oci.image.layer.v1.tar+gzip";
        let manifest = json!({
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": descriptor("application/vnd.oci.image.config.v1+json", &config),
            "layers": blobs.iter().map(|blob| descriptor(layer, blob)).collect::<Vec<_>>(),
        });
        let manifest = manifest.to_string().into_bytes();
        let mut found = descriptor("application/vnd.oci.image.manifest.v1+json", &manifest);
        found["platform"] = json!({"os": "linux", "architecture": "amd64"});
        let index = json!({"schemaVersion": 2, "manifests": [found]});
        let names: Vec<String> = blobs.iter().map(|blob| blob_name(blob)).collect();
        let docker = json!([{"Config": blob_name(&config), "RepoTags": [self.tag], "Layers": names}]);
        let mut files: Vec<(String, Vec<u8>)> = names.into_iter().zip(blobs).collect();
        files.push((blob_name(&config), config));
        files.push((blob_name(&manifest), manifest));
        files.push(("index.json".to_owned(), index.to_string().into_bytes()));
        files.push(("manifest.json".to_owned(), docker.to_string().into_bytes()));
        files.push(("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()));
        files
    }

    /// As `docker save` up to Docker 24: plain tars in folders of their own; a layer that is there twice is a symbolic link.
    pub fn legacy_archive(&self) -> Vec<u8> {
        let config = self.config_json();
        let config_name = format!("{}.json", sha256(&config).trim_start_matches("sha256:"));
        let mut names: Vec<String> = Vec::new();
        let mut builder = LayerBuilder::new();
        for (index, tar) in self.layers.iter().enumerate() {
            let folder = format!("{:064x}", index + 1);
            let name = format!("{folder}/layer.tar");
            builder = builder.dir(format!("{folder}/")).file(format!("{folder}/VERSION"), b"1.0");
            builder = match self.layers.iter().take(index).position(|other| other == tar) {
                Some(first) => builder.symlink(&name, format!("../{}", names[first])),
                None => builder.file(&name, tar),
            };
            names.push(name);
        }
        let manifest = json!([{"Config": config_name, "RepoTags": [self.tag], "Layers": names}]);
        let repositories = json!({"test": {"latest": "0"}});
        builder
            .file(&config_name, config)
            .file("manifest.json", manifest.to_string())
            .file("repositories", repositories.to_string())
            .tar()
    }

    /// As `podman save`: plain tars named by their digest, with the folders of old as symbolic links.
    pub fn podman_archive(&self) -> Vec<u8> {
        let config = self.config_json();
        let config_name = format!("{}.json", sha256(&config).trim_start_matches("sha256:"));
        let mut builder = LayerBuilder::new();
        let mut names = Vec::new();
        for (index, tar) in self.layers.iter().enumerate() {
            let name = format!("{}.tar", sha256(tar).trim_start_matches("sha256:"));
            builder = builder.file(&name, tar).symlink(format!("{index:064x}/layer.tar"), format!("../{name}"));
            names.push(name);
        }
        let manifest = json!([{"Config": config_name, "RepoTags": [self.tag], "Layers": names}]);
        builder.file(&config_name, config).file("manifest.json", manifest.to_string()).tar()
    }
}

fn descriptor(media_type: &str, blob: &[u8]) -> Value {
    json!({"mediaType": media_type, "digest": sha256(blob), "size": blob.len()})
}

fn blob_name(blob: &[u8]) -> String {
    format!("blobs/{}", sha256(blob).replacen(':', "/", 1))
}

/// A tar of these files.
fn archive(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    files.iter().fold(LayerBuilder::new(), |builder, (name, content)| builder.file(name, content)).tar()
}
