//! From marked rows to entries: the highest folder that is wholly of a kind stands for all that is in it. Where a folder has
//! nothing but one folder, that one says more.

use std::collections::{BTreeMap, HashMap};

use super::{Avoidable, AvoidableKind, Mark};
use crate::{Inventory, Listing, Weight};

/// Copies of less together are not worth a word.
const MIN_COPIES: u64 = 16 * 1024;

/// What a folder holds, while the walk is in it.
struct Open {
    row: usize,
    depth: usize,
    /// None yet; all of this kind; or mixed.
    inside: Inside,
    children: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    Nothing,
    /// The kind; of copies also the folder that it is a copy of.
    Only(AvoidableKind, Option<usize>),
    Mixed,
}

impl Inside {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, other) => other,
            (own, Self::Nothing) => own,
            (own, other) if own == other => own,
            _ => Self::Mixed,
        }
    }
}

pub(super) fn group(
    listing: &Listing<'_>,
    inventory: &Inventory,
    marks: &[Mark],
    originals: &HashMap<usize, usize>,
) -> Vec<Avoidable> {
    let folders = Folders::read(listing, marks, originals);
    let mut found = Vec::new();
    let mut at = 0;
    while at < listing.len() {
        let row = listing.row(at);
        let kind = match row.is_folder() {
            true => folders.kind(at),
            false => marks.get(at).and_then(|mark| mark.kind).filter(|_| row.is_file()),
        };
        match kind {
            Some(kind) => {
                let end = if row.is_folder() { listing.below(row.path).end } else { at + 1 };
                found.extend(entry(listing, inventory, marks, originals, kind, folders.most_telling(at), at..end));
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

struct Folders {
    inside: Vec<Inside>,
    /// Of a folder with one child only: that child, if it is a folder.
    only_child: HashMap<usize, usize>,
}

impl Folders {
    fn read(listing: &Listing<'_>, marks: &[Mark], originals: &HashMap<usize, usize>) -> Self {
        let mut folders = Self { inside: vec![Inside::Nothing; listing.len()], only_child: HashMap::new() };
        let mut open: Vec<Open> = Vec::new();
        for at in 0..listing.len() {
            let row = listing.row(at);
            let depth = row.depth;
            folders.close(listing, &mut open, depth);
            let Some(folder) = open.last_mut() else {
                open.extend(row.is_folder().then_some(Open { row: at, depth, inside: Inside::Nothing, children: 0 }));
                continue;
            };
            folder.children += 1;
            match (folder.children, row.is_folder()) {
                (1, true) => drop(folders.only_child.insert(folder.row, at)),
                _ => drop(folders.only_child.remove(&folder.row)),
            }
            if row.is_folder() {
                open.push(Open { row: at, depth, inside: Inside::Nothing, children: 0 });
            } else if row.is_file() {
                let own = match marks.get(at).and_then(|mark| mark.kind) {
                    None => Inside::Mixed,
                    Some(AvoidableKind::CopyElsewhere) => copied(listing, at, originals.get(&at).copied()),
                    Some(kind) => Inside::Only(kind, None),
                };
                folder.inside = folder.inside.and(own);
            }
        }
        folders.close(listing, &mut open, 0);
        folders
    }

    /// Ends the folders that are not above `depth`.
    fn close(&mut self, listing: &Listing<'_>, open: &mut Vec<Open>, depth: usize) {
        while let Some(folder) = open.pop_if(|folder| folder.depth >= depth) {
            if let Some(inside) = self.inside.get_mut(folder.row) {
                *inside = folder.inside;
            }
            if let Some(above) = open.last_mut() {
                let for_above = match folder.inside {
                    Inside::Only(AvoidableKind::CopyElsewhere, original) => copied(listing, folder.row, original),
                    other => other,
                };
                above.inside = above.inside.and(for_above);
            }
        }
    }

    fn kind(&self, at: usize) -> Option<AvoidableKind> {
        match self.inside.get(at) {
            Some(Inside::Only(kind, _)) => Some(*kind),
            _ => None,
        }
    }

    fn most_telling(&self, at: usize) -> usize {
        std::iter::successors(Some(at), |at| self.only_child.get(at).copied()).last().unwrap_or(at)
    }
}

/// What a copy means for its folder: that is a copy too if everything in it is called as in one other folder.
fn copied(listing: &Listing<'_>, copy: usize, original: Option<usize>) -> Inside {
    let (copy, original) = (listing.row(copy).path, original.map(|original| listing.row(original).path));
    let pair = original.and_then(|original| Some((copy.rsplit_once('/')?.1, original.rsplit_once('/')?)));
    match pair {
        Some((name, (folder, original))) if name == original => match listing.find(folder) {
            Some(folder) => Inside::Only(AvoidableKind::CopyElsewhere, Some(folder)),
            None => Inside::Mixed,
        },
        _ => Inside::Mixed,
    }
}

fn entry(
    listing: &Listing<'_>,
    inventory: &Inventory,
    marks: &[Mark],
    originals: &HashMap<usize, usize>,
    kind: AvoidableKind,
    named: usize,
    rows: std::ops::Range<usize>,
) -> Option<Avoidable> {
    let mut layers: BTreeMap<usize, u64> = BTreeMap::new();
    let mut owners: BTreeMap<Option<usize>, u64> = BTreeMap::new();
    let (mut weight, mut files, mut sure) = (Weight::default(), 0, true);
    let mut original = None;
    for at in rows {
        let row = listing.row(at);
        if !row.is_file() {
            continue;
        }
        files += 1;
        weight += row.weight();
        sure &= marks.get(at).is_some_and(|mark| mark.sure);
        *layers.entry(row.holder).or_default() += row.weight().bytes;
        *owners.entry(inventory.owner(at)).or_default() += 1;
        original = original.or_else(|| original_of(listing, named, at, *originals.get(&at)?));
    }
    if kind == AvoidableKind::CopyElsewhere && weight.bytes < MIN_COPIES {
        return None;
    }
    let layer = layers.iter().max_by_key(|(layer, bytes)| (**bytes, **layer)).map_or(0, |(layer, _)| *layer);
    let package = owners.first_key_value().filter(|_| owners.len() == 1).and_then(|(owner, _)| *owner);
    Some(Avoidable {
        path: listing.row(named).path.to_owned(),
        kind,
        weight,
        files,
        layers: layers.into_keys().collect(),
        layer,
        package,
        original,
        sure,
    })
}

/// Where the other copy of the folder or file `named` is, judged by one of its files.
fn original_of(listing: &Listing<'_>, named: usize, copy: usize, original: usize) -> Option<String> {
    let (folder, copy, original) = (listing.row(named).path, listing.row(copy).path, listing.row(original).path);
    match copy.strip_prefix(folder)? {
        "" => Some(original.to_owned()),
        inside => Some(original.strip_suffix(inside).unwrap_or(original).to_owned()),
    }
}
