//! Where the bytes of an image are, as trees of sizes: by directory, by layer, by package. For pictures and for the list of
//! the largest directories; small boxes are folded, so that a tree has a bounded number of nodes whatever the image has.

mod tree;

use self::tree::{Amount, Tree};
use crate::{FileKind, LayerEntry, Listing, Row};

/// One box, with everything below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SizeNode {
    /// Last parts of the path: several where a directory holds nothing but one other. Empty for the root and for folds.
    pub name: String,
    /// Bytes of regular files as `stat` shows them.
    pub bytes: u64,
    /// Their shares of the blobs.
    pub compressed_bytes: u64,
    /// The layer that holds most of it.
    pub layer: usize,
    /// Bytes in it that the final tree does not have.
    pub wasted_bytes: u64,
    /// Regular files in it.
    pub files: u64,
    /// A fold: files and directories too small to be shown.
    pub is_fold: bool,
    /// Largest first.
    pub children: Vec<SizeNode>,
}

/// A directory of the final tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectorySize {
    /// Absolute.
    pub path: String,
    /// From 0, counting only directories of the same list.
    pub depth: usize,
    /// Of all regular files below it, hardlinks once.
    pub bytes: u64,
    /// Their shares of the blobs.
    pub compressed_bytes: u64,
    /// Regular files below it.
    pub files: u64,
}

/// The final tree, hardlinks once; at most some `nodes` nodes.
pub fn by_directory(tree: &Listing<'_>, nodes: usize) -> SizeNode {
    let mut sizes = Tree::new(true, 0);
    for (_, row, entry) in counted(tree) {
        sizes.add(&[], row.path, &Amount::of(entry, row.holder, true));
    }
    sizes.summed().folded(nodes)
}

/// The final tree by what owns a file: `owner` gives the names of the boxes around a row, none where nothing owns it.
pub fn by_owner<'o>(tree: &Listing<'_>, nodes: usize, owner: &dyn Fn(usize) -> Option<[&'o str; 2]>) -> SizeNode {
    let mut sizes = Tree::new(true, 2);
    for (at, row, entry) in counted(tree) {
        let amount = Amount::of(entry, row.holder, true);
        match owner(at) {
            Some(around) => sizes.add(&around, row.path, &amount),
            None => sizes.add(&["of no package"], row.path, &amount),
        }
    }
    sizes.summed().folded(nodes)
}

/// Every layer's own regular files, those that later layers hide among them. `names` are those of the layers' boxes.
pub fn by_layer(tree: &Listing<'_>, names: &[String], nodes: usize) -> SizeNode {
    let alive = Alive::of(tree);
    let mut sizes = Tree::new(true, 1);
    for ((layer, entries), name) in tree.entries().zip(names) {
        for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| is_payload(entry)) {
            sizes.add(&[name.as_str()], &entry.path, &Amount::of(entry, layer, alive.has(layer, at)));
        }
    }
    sizes.summed().folded(nodes)
}

/// Bytes of every layer's regular files that the final tree does not have, lowest layer first.
pub fn wasted_by_layer(tree: &Listing<'_>) -> Vec<u64> {
    let alive = Alive::of(tree);
    let wasted = |(layer, entries): (usize, &[LayerEntry])| {
        let gone = entries.iter().enumerate().filter(|(at, entry)| !alive.has(layer, *at) && is_payload(entry));
        gone.map(|(_, entry)| entry.size).fold(0, u64::saturating_add)
    };
    tree.entries().map(wasted).collect()
}

/// At most `most` directories of the final tree that hold most, each after the one that it is in. Where one directory holds
/// nearly all of another, that other is left out.
pub fn largest_directories(tree: &Listing<'_>, most: usize) -> Vec<DirectorySize> {
    let mut sizes = Tree::new(false, 0);
    for (_, row, entry) in counted(tree) {
        sizes.add(&[], row.path, &Amount::of(entry, row.holder, true));
    }
    sizes.summed().largest(most)
}

/// The rows that stand for regular files.
fn counted<'t>(tree: &'t Listing<'t>) -> impl Iterator<Item = (usize, Row<'t, 't>, &'t LayerEntry)> {
    let file = |(at, row): (usize, Row<'t, 't>)| {
        let entry = row.entry.filter(|entry| row.counts && entry.kind == FileKind::Regular)?;
        Some((at, row, entry))
    };
    tree.rows().enumerate().filter_map(file)
}

/// Whiteouts are no payloads.
fn is_payload(entry: &LayerEntry) -> bool {
    let name = entry.path.rsplit('/').next().unwrap_or_default();
    entry.kind == FileKind::Regular && !name.starts_with(".wh.")
}

/// Entries that the final tree has: by layer, by place in it.
struct Alive(Vec<Vec<bool>>);

impl Alive {
    fn of(tree: &Listing<'_>) -> Self {
        let mut alive: Vec<Vec<bool>> = tree.entries().map(|(_, entries)| vec![false; entries.len()]).collect();
        for (layer, at) in tree.rows().filter_map(|row| row.source) {
            if let Some(slot) = alive.get_mut(layer as usize).and_then(|layer| layer.get_mut(at as usize)) {
                *slot = true;
            }
        }
        Self(alive)
    }

    fn has(&self, layer: usize, at: usize) -> bool {
        self.0.get(layer).and_then(|layer| layer.get(at)) == Some(&true)
    }
}
