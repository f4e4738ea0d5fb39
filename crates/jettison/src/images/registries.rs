//! Images of registries: the one place where a registry is asked for an image.

use jettison_image::Image;
use jettison_model::ImageRef;

use super::Opener;
use crate::failure::Failure;

/// Opens an image of a registry.
pub(super) fn open(opener: &Opener<'_>, reference: &ImageRef) -> Result<Image, Failure> {
    let _ = opener;
    Err(Failure::new(format!("registry:{reference}: images are not read from registries yet"))
        .next(format!("docker pull {reference}, then docker:{reference}")))
}

/// As [`open`], for a name that no engine has; `nowhere` says so, and is the answer where the registry cannot be asked.
pub(super) fn instead(opener: &Opener<'_>, reference: &ImageRef, nowhere: Failure) -> Result<Image, Failure> {
    let _ = (opener, reference);
    Err(nowhere)
}
