//! The files of an image archive by name, whether it comes as a stream or lies on disk: names, links between them, errors.

use std::collections::HashMap;
use std::io;

use jettison_image::tar::{Member, MemberError, MemberKind};
use jettison_image::{Error, LayerFault};

use crate::layout::shown;

/// Files and links in the archive.
pub(crate) const MAX_MEMBERS: usize = 100_000;
/// Links from name to name.
const MAX_LINKS: usize = 16;

/// The name of the file that a name leads to.
pub(crate) fn follow<'a>(links: &'a HashMap<String, String>, name: &'a str) -> &'a str {
    let mut name = name.trim_start_matches("./");
    for _ in 0..MAX_LINKS {
        match links.get(name) {
            Some(target) => name = target,
            None => break,
        }
    }
    name
}

/// Where a link leads, as a name in the archive.
pub(crate) fn link(member: &Member) -> Option<String> {
    let target = String::from_utf8_lossy(&member.link);
    match member.kind {
        MemberKind::Hardlink => Some(clean(target.as_bytes())),
        MemberKind::Symlink if target.starts_with('/') => Some(clean(target.as_bytes())),
        MemberKind::Symlink => {
            let name = clean(&member.name);
            let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            Some(clean(format!("{folder}/{target}").as_bytes()))
        }
        _ => None,
    }
}

/// A name without `.`, `..` and empty parts.
pub(crate) fn clean(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    let mut parts: Vec<&str> = Vec::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

pub(crate) fn archive(reason: String) -> Error {
    Error::Document { document: "the image archive".to_owned(), reason }
}

pub(crate) fn archive_error(error: MemberError) -> Error {
    match error {
        MemberError::Fault(fault) => archive(fault.to_string()),
        MemberError::Io(error) => Error::Io(error),
    }
}

pub(crate) fn cut_short(name: &str, error: io::Error) -> Error {
    if error.kind() != io::ErrorKind::UnexpectedEof {
        return Error::Io(error);
    }
    archive(LayerFault::Truncated { place: format!("in `{name}`") }.to_string())
}

pub(crate) fn no_document(name: &str) -> Error {
    Error::Document { document: shown(name), reason: "is no JSON document".to_owned() }
}
