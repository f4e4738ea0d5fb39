//! What every command that looks into an image takes.

use clap::Args;
use jettison_model::{ByteSize, Platform};

/// What names an image; shown where a command takes one.
pub const IMAGE: &str = "a file, a folder, - for a tar on stdin, or a name (engine first, then registry); docker-archive:, \
                         oci-archive:, oci:DIR[:TAG], docker:, podman: and registry: say which";

const HEADING: &str = "Image";

/// How an image is opened.
#[derive(Clone, Debug, Args)]
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
    /// Layers read at the same time [default: one for each processor]
    #[arg(short, long, value_name = "N", help_heading = HEADING)]
    pub jobs: Option<usize>,
}

/// `200MB`, `1.5 GiB`, `4096`.
pub fn size(text: &str) -> Result<ByteSize, String> {
    text.parse().map_err(|error: jettison_model::ByteSizeError| error.to_string())
}
