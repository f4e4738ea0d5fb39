//! Whether the edit of the warm rebuild is in the image. A cache that is keyed by something else than contents gives a stale
//! image without any error; this is what would show it.

use sha2::{Digest as _, Sha256};

use crate::look::Look;

/// The edited file, before and after.
#[derive(Clone, Debug)]
pub(crate) struct Edited {
    /// Context-relative.
    pub path: String,
    /// sha256 of what was there.
    pub before: [u8; 32],
    /// sha256 of what is there now.
    pub after: [u8; 32],
}

impl Edited {
    pub(crate) fn new(path: &str, before: &[u8], after: &[u8]) -> Self {
        Self { path: path.to_owned(), before: sha256(before), after: sha256(after) }
    }

    /// True: the image holds the edited file. False: it still holds the file as it was. None: it holds neither, because the
    /// file is compiled or bundled and what comes out cannot be told apart.
    pub(crate) fn arrived(&self, image: &Look) -> Option<bool> {
        match (image.holds(&self.after), image.holds(&self.before)) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        }
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
