//! Files whose bytes are elsewhere in the tree under another path. Hardlinks are no copies. What the distribution's packages hold
//! twice is their affair.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{AvoidableKind, Mark};
use crate::{Inventory, Listing};

/// Smaller files are equal by chance (licences, empty modules).
const MIN_BYTES: u64 = 512;

/// Marks copies; for each the row of the other one, by row.
pub(super) fn mark(listing: &Listing<'_>, inventory: &Inventory, marks: &mut [Mark]) -> HashMap<usize, usize> {
    let mut first: HashMap<(u64, [u8; 32]), usize, RandomState> = HashMap::default();
    let mut copies: Vec<usize> = Vec::new();
    for (at, row) in listing.rows().enumerate().filter(|(_, row)| row.counts && row.is_file()) {
        let Some(entry) = row.entry.filter(|entry| entry.size >= MIN_BYTES) else { continue };
        let Some(content) = entry.content else { continue };
        let original = first.entry((entry.size, content)).or_insert(at);
        if *original == at {
            continue;
        }
        // The one that was there first is the original; what a package owns goes before that.
        let age = |at: usize| (!is_owned(inventory, at), listing.row(at).holder, at);
        let (keep, copy) = if age(at) < age(*original) { (at, *original) } else { (*original, at) };
        *original = keep;
        copies.push(copy);
    }
    let mut originals = HashMap::new();
    for at in copies {
        let entry = listing.row(at).entry;
        let key = entry.and_then(|entry| Some((entry.size, entry.content?)));
        let original = key.and_then(|key| first.get(&key)).copied();
        let Some(mark) = marks.get_mut(at).filter(|mark| mark.kind.is_none() && !is_owned(inventory, at)) else {
            continue;
        };
        *mark = Mark { kind: Some(AvoidableKind::CopyElsewhere), sure: false };
        originals.extend(original.map(|original| (at, original)));
    }
    originals
}

fn is_owned(inventory: &Inventory, row: usize) -> bool {
    let owner = inventory.owner(row).and_then(|owner| inventory.packages.get(owner));
    owner.is_some_and(|owner| owner.kind().is_system())
}
