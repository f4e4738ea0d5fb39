//! Media types: what is a layer, an index, a manifest of a form that nobody writes any more. OCI image-spec, media-types.md.

/// What Docker's old archives hold without saying so.
pub(crate) const PLAIN_LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar";
pub(crate) const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";

/// Whether blobs of this type are layers, by the type; an empty one is.
pub(crate) fn is_layer(media_type: &str) -> bool {
    const LAYERS: [&str; 4] = [
        "application/vnd.oci.image.layer.v1.tar",
        "application/vnd.oci.image.layer.nondistributable.v1.tar",
        "application/vnd.docker.image.rootfs.diff.tar",
        "application/vnd.docker.image.rootfs.foreign.diff.tar",
    ];
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let bare = ["+gzip", "+zstd", ".gzip", ".zstd"].iter().find_map(|suffix| media_type.strip_suffix(suffix));
    media_type.is_empty() || LAYERS.contains(&bare.unwrap_or(media_type))
}

/// Whether a blob of this type may be left out of an image.
pub(super) fn is_foreign(media_type: &str) -> bool {
    media_type.contains(".nondistributable.") || media_type.contains(".foreign.")
}

pub(crate) fn is_index(media_type: &str) -> bool {
    matches!(
        media_type,
        "application/vnd.oci.image.index.v1+json" | "application/vnd.docker.distribution.manifest.list.v2+json"
    )
}

/// Whether this is the type of an image manifest or an index, of any age.
pub(crate) fn is_manifest(media_type: &str) -> bool {
    is_index(media_type) || is_schema_1(media_type) || matches!(media_type, OCI_MANIFEST | DOCKER_MANIFEST)
}

pub(crate) fn is_schema_1(media_type: &str) -> bool {
    media_type.starts_with("application/vnd.docker.distribution.manifest.v1+")
}

/// Whether the config of this type is that of an image; other artifacts have others, or empty ones.
pub(super) fn is_config(media_type: &str) -> bool {
    matches!(
        media_type,
        "" | "application/vnd.oci.image.config.v1+json"
            | "application/vnd.docker.container.image.v1+json"
            | "application/octet-stream"
    )
}
