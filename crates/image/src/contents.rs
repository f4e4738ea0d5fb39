//! What a payload is told by: a keyed hash, fast enough to cost little beside reading the bytes. The key is made anew by each
//! process, so nobody can prepare two files that are taken for one; hashes of one process compare only with each other.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use highway::{HighwayHash, HighwayHasher, Key};

static KEY: LazyLock<Key> = LazyLock::new(|| {
    let random = RandomState::new();
    Key([0u8, 1, 2, 3].map(|part| random.hash_one(part)))
});

/// What a content is told by, within one process.
pub type ContentHash = [u8; 16];

/// Hashes one payload, piece by piece.
pub(crate) struct ContentHasher(HighwayHasher);

impl ContentHasher {
    pub(crate) fn new() -> Self {
        Self(HighwayHasher::new(*KEY))
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.append(bytes);
    }

    /// A hole of a sparse file.
    pub(crate) fn zeros(&mut self, mut count: u64) {
        const ZEROS: [u8; 4096] = [0; 4096];
        while count > 0 {
            let step = count.min(ZEROS.len() as u64);
            self.update(ZEROS.get(..step as usize).unwrap_or_default());
            count -= step;
        }
    }

    pub(crate) fn finish(self) -> ContentHash {
        let mut out = [0; 16];
        let words = self.0.finalize128();
        for (place, word) in out.chunks_exact_mut(8).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        out
    }
}

/// The hash that [`crate::LayerEntry::content`] has for these bytes, in this process.
pub fn content_hash(bytes: &[u8]) -> ContentHash {
    let mut hasher = ContentHasher::new();
    hasher.update(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_and_holes_hash_as_the_whole() {
        let whole = [vec![7; 5000], vec![0; 10_000]].concat();
        let mut hasher = ContentHasher::new();
        hasher.update(&whole[..33]);
        hasher.update(&whole[33..5000]);
        hasher.zeros(10_000);
        assert_eq!(hasher.finish(), content_hash(&whole));
        assert_ne!(content_hash(&whole), content_hash(&whole[1..]));
        assert_ne!(content_hash(b""), content_hash(b"\0"));
    }
}
