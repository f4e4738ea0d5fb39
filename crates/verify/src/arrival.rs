//! Whether the edit of the warm rebuild is in the image. A cache that is keyed by something else than contents gives a stale
//! image without any error; this is what would show it.

use jettison_image::{ContentHash, content_hash};

use crate::look::Look;

/// The edited file, before and after.
#[derive(Clone, Debug)]
pub(crate) struct Edited {
    /// Context-relative.
    pub path: String,
    /// Text that only the edited file has.
    pub marker: String,
    /// What was there, by its [`content_hash`].
    pub before: ContentHash,
    /// What is there now.
    pub after: ContentHash,
}

impl Edited {
    pub(crate) fn new(path: &str, marker: &str, before: &[u8], after: &[u8]) -> Self {
        Self {
            path: path.to_owned(),
            marker: marker.to_owned(),
            before: content_hash(before),
            after: content_hash(after),
        }
    }

    /// True: the image holds the edited file, or something made from it that still carries the marker. False: it still holds
    /// the file as it was. None: neither, because what is made from the file cannot be told apart.
    pub(crate) fn arrived(&self, image: &Look) -> Option<bool> {
        if image.holds(&self.after) || !image.emitted_with(&self.marker).is_empty() {
            return Some(true);
        }
        image.holds(&self.before).then_some(false)
    }

    /// Files in which the marker is found and that are not the edited file itself: what is made from it.
    pub(crate) fn emitted<'l>(&self, image: &'l Look) -> Vec<&'l str> {
        let is_copy = |path: &&str| image.summary.files.get(*path).is_some_and(|file| file.content == Some(self.after));
        image.emitted_with(&self.marker).into_iter().filter(|path| !is_copy(path)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jettison_image::File;

    use super::*;
    use crate::checks::sample::{file, image};

    fn edited() -> Edited {
        Edited::new("src/a.ts", "m-1", b"old", b"new")
    }

    fn holding(path: &str, content: &[u8]) -> Look {
        let mut look = image(&[]);
        let file = File { content: Some(content_hash(content)), ..file(1) };
        Arc::make_mut(&mut look.summary).files.insert(path.to_owned(), file);
        look
    }

    #[test]
    fn the_edited_file_itself_is_found_by_content() {
        assert_eq!(edited().arrived(&holding("/app/renamed.ts", b"new")), Some(true));
        assert_eq!(edited().arrived(&holding("/app/src/a.ts", b"old")), Some(false));
        assert_eq!(edited().arrived(&holding("/app/server", b"compiled")), None);
    }

    #[test]
    fn what_is_made_from_it_is_found_by_its_marker() {
        let mut look = holding("/app/dist/a.js", b"emitted");
        Arc::make_mut(&mut look.summary).texts.insert("/app/dist/a.js".to_owned(), "x;/*! m-1 */".to_owned());
        assert_eq!(edited().arrived(&look), Some(true));
        assert_eq!(edited().emitted(&look), ["/app/dist/a.js"]);
    }
}
