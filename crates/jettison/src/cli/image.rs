//! What every command that looks into an image takes.

use clap::Args;
use jettison_model::{ByteSize, Platform};

/// What names an image; shown where a command takes one.
pub const IMAGE: &str = "a file, a folder, - for a tar on stdin, or a name (engine first, then registry); docker-archive:, \
                         oci-archive:, oci:DIR[:TAG], docker:, podman: and registry: say which";

const HEADING: &str = "Image";

/// How an image is opened.
#[derive(Clone, Debug, Default, Args)]
pub struct OpenArgs {
    /// Of an image for several platforms, the one for this [default: this machine's]
    #[arg(long, value_name = "OS/ARCH", help_heading = HEADING)]
    pub platform: Option<Platform>,
    /// Of an archive with several images, the one of this tag or digest
    #[arg(long = "ref", value_name = "NAME", help_heading = HEADING)]
    pub reference: Option<String>,
    /// Do not compare digests, sizes and diff IDs with what the image says of itself
    #[arg(long, help_heading = HEADING)]
    pub no_verify_digests: bool,
    /// Stop at a layer that is larger than this when it is unpacked [default: 256GiB]
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = HEADING)]
    pub max_layer_size: Option<ByteSize>,
    /// Look for images of a registry at a mirror first: a host, with or without the beginning of a path; of docker.io unless
    /// another registry is named. podman's registries.conf counts, too
    #[arg(long, value_name = "[REGISTRY=]MIRROR", help_heading = HEADING)]
    pub registry_mirror: Vec<String>,
    /// Ask this registry without TLS if it has none; this machine always may be
    #[arg(long, value_name = "HOST", help_heading = HEADING)]
    pub insecure_registry: Vec<String>,
    /// Layers read at the same time [default: one for each processor, of registries at least 4]
    #[arg(short, long, value_name = "N", help_heading = HEADING)]
    pub jobs: Option<usize>,
}

/// `200MB`, `1.5 GiB`, `4096`.
pub fn size(text: &str) -> Result<ByteSize, String> {
    text.parse().map_err(|error: jettison_model::ByteSizeError| error.to_string())
}
