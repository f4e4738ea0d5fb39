//! The image config, as a view that keeps the raw document. OCI image-spec, config.md, and Docker's additions.

use std::collections::BTreeMap;

use jettison_model::HistoryEntry;

/// An image's configuration: what `docker run` starts from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImageConfig {
    /// `USER`; empty means root.
    pub user: String,
    /// `NAME=value`, in order.
    pub env: Vec<(String, String)>,
    /// None where not set.
    pub entrypoint: Option<Vec<String>>,
    /// None where not set.
    pub cmd: Option<Vec<String>>,
    /// Empty means `/`.
    pub workdir: String,
    /// `8000/tcp`.
    pub exposed_ports: Vec<String>,
    /// Paths.
    pub volumes: Vec<String>,
    /// In key order.
    pub labels: BTreeMap<String, String>,
    /// `SIGTERM` where none.
    pub stop_signal: Option<String>,
    /// SHELL.
    pub shell: Option<Vec<String>>,
    /// HEALTHCHECK.
    pub healthcheck: Option<Healthcheck>,
    /// ONBUILD triggers.
    pub onbuild: Vec<String>,
    /// `linux`
    pub os: String,
    /// `amd64`
    pub architecture: String,
    /// Oldest first.
    pub history: Vec<HistoryEntry>,
    /// Of the layers, lowest first.
    pub diff_ids: Vec<String>,
    /// The document as it came.
    pub raw: serde_json::Value,
}

/// HEALTHCHECK.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Healthcheck {
    /// `["CMD", …]`, `["CMD-SHELL", text]`, `["NONE"]`.
    pub test: Vec<String>,
}

impl ImageConfig {
    /// Reads a config document.
    pub fn parse(document: &str, bytes: &[u8]) -> Result<Self, crate::Error> {
        let _ = (document, bytes);
        todo!()
    }

    /// The value of an environment variable.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.env.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Entrypoint and cmd together: what runs.
    pub fn argv(&self) -> Vec<String> {
        self.entrypoint.iter().flatten().chain(self.cmd.iter().flatten()).cloned().collect()
    }
}
