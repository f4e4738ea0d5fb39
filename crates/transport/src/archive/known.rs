//! Layers seen before, by the digest that an archive's file name promises: images of one run share most of theirs, and looking
//! at a layer once is dear enough. Indexes only, within a bound; the longest unused goes first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jettison_image::LayerIndex;

/// What the indexes may take together, in bytes, roughly; one of a fat base takes some ten millions.
const MOST: usize = 256 << 20;

/// Indexes by digest (64 hexadecimal digits).
#[derive(Default)]
pub(crate) struct Known(Mutex<Indexes>);

#[derive(Default)]
struct Indexes {
    by_digest: HashMap<String, Kept>,
    bytes: usize,
    clock: u64,
}

struct Kept {
    index: Arc<LayerIndex>,
    bytes: usize,
    used: u64,
}

impl Known {
    /// The layer with this digest, if a blob of `size` bytes was read under it.
    pub(crate) fn get(&self, digest: &str, size: u64) -> Option<Arc<LayerIndex>> {
        let mut indexes = self.lock();
        indexes.clock += 1;
        let now = indexes.clock;
        let kept = indexes.by_digest.get_mut(digest).filter(|kept| kept.index.stored_bytes == size)?;
        kept.used = now;
        Some(kept.index.clone())
    }

    /// Remembers a layer whose digest was verified.
    pub(crate) fn keep(&self, digest: &str, index: &Arc<LayerIndex>) {
        self.keep_within(digest, index, MOST);
    }

    fn keep_within(&self, digest: &str, index: &Arc<LayerIndex>, most: usize) {
        let bytes = weight(index);
        if bytes > most {
            return;
        }
        let mut indexes = self.lock();
        while indexes.bytes.saturating_add(bytes) > most && indexes.forget_oldest() {}
        indexes.clock += 1;
        let kept = Kept { index: index.clone(), bytes, used: indexes.clock };
        indexes.bytes = indexes.bytes.saturating_add(bytes);
        if let Some(before) = indexes.by_digest.insert(digest.to_owned(), kept) {
            indexes.bytes = indexes.bytes.saturating_sub(before.bytes);
        }
    }

    /// A poisoned lock still holds whole entries.
    fn lock(&self) -> MutexGuard<'_, Indexes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Indexes {
    fn forget_oldest(&mut self) -> bool {
        let oldest = self.by_digest.iter().min_by_key(|(_, kept)| kept.used).map(|(digest, _)| digest.clone());
        let Some(gone) = oldest.and_then(|digest| self.by_digest.remove(&digest)) else { return false };
        self.bytes = self.bytes.saturating_sub(gone.bytes);
        true
    }
}

/// Roughly what an index takes in memory.
fn weight(index: &LayerIndex) -> usize {
    const ENTRY: usize = size_of::<jettison_image::LayerEntry>();
    let of = |entry: &jettison_image::LayerEntry| {
        let elf = if entry.elf().is_some() { 512 } else { 0 };
        ENTRY + entry.path.capacity() + entry.payload().map_or(0, <[u8]>::len) + elf
    };
    index.entries.iter().map(of).fold(ENTRY, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(stored_bytes: u64) -> Arc<LayerIndex> {
        Arc::new(LayerIndex { stored_bytes, ..LayerIndex::default() })
    }

    #[test]
    fn forgets_the_longest_unused_beyond_its_bound() {
        let known = Known::default();
        let most = 2 * weight(&index(1));
        known.keep_within("a", &index(1), most);
        known.keep_within("b", &index(2), most);
        assert!(known.get("a", 1).is_some());
        known.keep_within("c", &index(3), most);
        let there = |digest, size| known.get(digest, size).is_some();
        assert_eq!((there("a", 1), there("b", 2), there("c", 3)), (true, false, true));
        assert_eq!(known.lock().bytes, most);
    }

    #[test]
    fn knows_a_layer_only_by_its_own_length() {
        let known = Known::default();
        known.keep("a", &index(7));
        assert!(known.get("a", 7).is_some() && known.get("a", 8).is_none());
        known.keep("a", &index(7));
        assert_eq!(known.lock().bytes, weight(&index(7)));
    }
}
