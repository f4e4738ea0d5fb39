//! The tar that `docker save` and `podman save` write, old and new: layer tars or an OCI layout with a `manifest.json`.

use std::io::Read;

use jettison_image::{Error, ImageSummary};

/// Reads the first image of a docker archive in one pass, nothing unpacked to disk. Blobs may come in any order.
pub fn read_docker_archive(stream: &mut dyn Read) -> Result<ImageSummary, Error> {
    let _ = stream;
    todo!()
}
