//! Files whose bytes are elsewhere in the tree under another path. Hardlinks are no copies. What the distribution's packages hold
//! twice is their affair.

use std::collections::HashMap;

use hashbrown::HashTable;

use super::{AvoidableKind, Mark};
use crate::{ContentHash, Inventory, Listing};

/// Smaller files are equal by chance (licences, empty modules).
const MIN_BYTES: u64 = 512;

/// Marks copies; for each the row of the other one, by row.
pub(super) fn mark(listing: &Listing<'_>, inventory: &Inventory, marks: &mut [Mark]) -> HashMap<usize, usize> {
    // Rows: of every content the one that is the original so far.
    let mut first: HashTable<usize> = HashTable::new();
    let content = |at: usize| listing.row(at).entry.and_then(|entry| Some((entry.size, entry.content?)));
    let mut copies: Vec<usize> = Vec::new();
    for (at, row) in listing.rows().enumerate().filter(|(_, row)| row.counts && row.is_file()) {
        let Some(entry) = row.entry.filter(|entry| entry.size >= MIN_BYTES) else { continue };
        let Some(key) = entry.content.map(|content| (entry.size, content)) else { continue };
        let Some(original) = first.find_mut(short(&key.1), |other| content(*other) == Some(key)) else {
            first.insert_unique(short(&key.1), at, |other| content(*other).map_or(0, |(_, content)| short(&content)));
            continue;
        };
        // The one that was there first is the original; what a package owns goes before that.
        let age = |at: usize| (!is_owned(inventory, at), listing.row(at).holder, at);
        let (keep, copy) = if age(at) < age(*original) { (at, *original) } else { (*original, at) };
        *original = keep;
        copies.push(copy);
    }
    let mut originals = HashMap::new();
    for at in copies {
        let original =
            content(at).and_then(|key| first.find(short(&key.1), |other| content(*other) == Some(key))).copied();
        let Some(mark) = marks.get_mut(at).filter(|mark| mark.kind.is_none() && !is_owned(inventory, at)) else {
            continue;
        };
        *mark = Mark { kind: Some(AvoidableKind::CopyElsewhere), sure: false };
        originals.extend(original.map(|original| (at, original)));
    }
    originals
}

/// Part of a content's hash: as good as any.
fn short(content: &ContentHash) -> u64 {
    content.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

fn is_owned(inventory: &Inventory, row: usize) -> bool {
    let owner = inventory.owner(row).and_then(|owner| inventory.packages.get(owner));
    owner.is_some_and(|owner| owner.kind().is_system())
}
