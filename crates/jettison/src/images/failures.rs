//! Why an image could not be opened: what, which layer, and the next command.

use jettison_image::{Error, LayerFault};
use jettison_transport::{OpenError, SourceError};

use crate::failure::Failure;
use crate::input::reason;
use crate::output::shown;

/// What was typed names nothing.
pub(super) fn unnamed(typed: &str, error: &SourceError) -> Failure {
    let failure = Failure::new(error.to_string());
    match error {
        SourceError::NoFile(path) => {
            let folder = std::path::Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
            failure.next(format!("ls {}", folder.map_or_else(|| ".".to_owned(), shown)))
        }
        SourceError::NoImage(_) => failure.next("docker save -o image.tar NAME makes an archive that can be read"),
        SourceError::Empty(_) => failure,
        SourceError::Reference(_) => failure.next(format!("if it is a file: jettison analyze ./{typed}")),
    }
}

/// It is there and cannot be read.
pub(super) fn unopened(typed: &str, error: OpenError) -> Failure {
    match error {
        OpenError::Image(error) => broken(typed, &error),
        OpenError::Unreadable { path, error } => Failure::new(format!("{}: {}", shown(&path), reason(&error))),
        OpenError::Ambiguous { option, names } => {
            let next = names.first().map(|name| format!("{option} {name}"));
            let place = Some(format!("there are: {}", names.join(", ")));
            Failure { place, next, ..Failure::new(format!("{typed} holds several images; which one is meant?")) }
        }
        OpenError::NotFound { wanted, there } => {
            let place = Some(format!("there is: {}", there.join(", "))).filter(|_| !there.is_empty());
            Failure { place, ..Failure::new(format!("{typed} has no image for `{wanted}`")) }
        }
        OpenError::Registry(error) => super::registries::refused(&error),
        error @ OpenError::NotLocal(_) => Failure::new(error.to_string()),
    }
}

/// Something in the image is wrong: its text has the layer's place and digest, and the class.
pub fn broken(typed: &str, error: &Error) -> Failure {
    let failure = match error {
        Error::Layer { place, layer, reason } => {
            let place = place.map_or_else(|| "layer".to_owned(), |place| format!("layer {place}"));
            Failure::new(format!("{typed}: {reason} [{}]", reason.class())).at(format!("{place}  {layer}"))
        }
        error => Failure::new(format!("{typed}: {error}")),
    };
    let again = "make or pull the image again; it is damaged";
    match error {
        Error::Layer { reason, .. } => match reason {
            LayerFault::TooLarge { what: "unpacked bytes", .. } => {
                failure.next("if it is meant to be so large: --max-layer-size SIZE")
            }
            LayerFault::DigestMismatch { .. } | LayerFault::SizeMismatch { .. } | LayerFault::DiffIdMismatch { .. } => {
                failure.next(format!("{again}; to look at it all the same: --no-verify-digests"))
            }
            LayerFault::Truncated { .. } | LayerFault::CorruptStream { .. } | LayerFault::CorruptTar { .. } => {
                failure.next(again)
            }
            LayerFault::Missing { .. } | LayerFault::ForeignUnavailable => {
                failure.next("copy the whole image, with all its layers")
            }
            LayerFault::TooLarge { .. } | LayerFault::SymlinkLoop { .. } | LayerFault::UnsupportedMediaType { .. } => {
                failure
            }
        },
        Error::MissingConfig { .. } | Error::MissingBlob { .. } => {
            failure.next("copy the whole image, with all its parts")
        }
        Error::DigestMismatch { .. } | Error::LayerCount { .. } => failure.next(again),
        Error::Document { .. } | Error::Config { .. } | Error::Unsupported { .. } | Error::Io(_) => failure,
    }
}
