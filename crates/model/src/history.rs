//! One line of an image's history.

/// One history entry of an image config, oldest first. OCI image-spec, config.md.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryEntry {
    /// RFC 3339 time, as written.
    pub created: Option<String>,
    /// The command, as the builder wrote it.
    pub created_by: String,
    /// The builder's comment (`buildkit.dockerfile.v0`).
    pub comment: String,
    /// Whether it made no layer.
    pub empty_layer: bool,
}
