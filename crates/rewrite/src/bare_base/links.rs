//! Symbolic links on the way to a file: a copy of the file alone is not found by the name that is asked for.

use jettison_image::{FileKind, ImageSummary};

/// Links in a row that are followed; more is a loop.
const MOST_LINKS: usize = 40;

/// `path` and every link on the way to what it is, each with its folders resolved; empty if nothing is there.
pub(super) fn chain(image: &ImageSummary, path: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut next = path.to_owned();
    while let Some((path, file)) = image.resolve_parent(&next).filter(|_| found.len() < MOST_LINKS) {
        let target = match &file.kind {
            FileKind::Symlink(target) if target.starts_with('/') => Some(target.clone()),
            FileKind::Symlink(target) => Some(format!("{}/{target}", folder(&path))),
            FileKind::Hardlink(target) => Some(target.clone()),
            _ => None,
        };
        if found.contains(&path) {
            return Vec::new();
        }
        found.push(path);
        match target {
            Some(target) => next = target,
            None => return found,
        }
    }
    Vec::new()
}

/// The folder of a path; empty for those in `/`.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub(super) fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}
