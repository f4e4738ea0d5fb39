//! Layers stacked: the final tree name by name, what it has, what each layer did, what is wasted. A view: entries are
//! borrowed from the layer indexes, nothing is copied but the names of one walk at a time.

use std::collections::BTreeMap;

use crate::names::{NodeId, Place, ROOT};
use crate::union::{Source, Union};
use crate::waste::Wasted;
use crate::{Error, FileKind, LayerCounts, LayerEntry, LayerIndex, Noted, TreeCounts, TreeName, Warning, Waste};

/// A stack of layers.
pub struct Stack<'a> {
    union: Union<'a>,
    /// Which bytes cannot be reached.
    pub waste: Waste,
    /// What each layer did, lowest first.
    pub layers: Vec<LayerCounts>,
    /// What the final tree has.
    pub tree: TreeCounts,
    /// What is odd, once per class and layer, those of reading the layers among them.
    pub noted: Vec<Noted>,
}

impl<'a> Stack<'a> {
    /// Stacks layers, lowest first (see [`crate::Image::indexes`]). Fails if an entry's parent never resolves.
    pub fn new(layers: &'a [&'a LayerIndex]) -> Result<Self, Error> {
        let mut union = Union::new(layers);
        let (mut wasted, mut counts, mut noted) = (Wasted::default(), Vec::with_capacity(layers.len()), Vec::new());
        for (place, index) in layers.iter().enumerate() {
            let mut odd: BTreeMap<Warning, Option<String>> = index.warnings.clone();
            let mut note = |class, path: &str| {
                odd.entry(class).or_insert_with(|| Some(path.to_owned()));
            };
            let mut of_layer = union.stack(place, &mut note)?;
            count_changes(&union, &mut of_layer);
            let fault = |reason| Error::Layer { place: Some(place), layer: "of the stack".to_owned(), reason };
            wasted.after_layer(&union).map_err(fault)?;
            counts.push(of_layer);
            noted.extend(odd.into_iter().map(|(class, path)| Noted { class, layer: Some(place), path }));
        }
        let total = counts.iter().map(|counts| counts.file_bytes).fold(0, u64::saturating_add);
        let tree = count_tree(&union);
        Ok(Self { waste: wasted.finish(total), layers: counts, tree, noted, union })
    }

    /// What is known beside the tree, which takes some hundred bytes a name; [`Stack::each`] of what is left shows the root alone.
    pub fn without_tree(self) -> Stack<'static> {
        let Self { waste, layers, tree, noted, .. } = self;
        Stack { union: Union::new(&[]), waste, layers, tree, noted }
    }

    /// Shows every name of the final tree to `visit`, parents before children, each folder's children by name.
    pub fn each(&self, visit: &mut dyn FnMut(TreeName<'_>)) {
        let mut seen = vec![false; self.union.inodes.len()];
        let mut walk = Walk::new(&self.union);
        while let Some((id, path)) = walk.next() {
            let node = self.union.names.node(id);
            let (source, inode) = match node.place {
                Place::Nothing => continue,
                Place::Folder(source) => (source, None),
                Place::Leaf(inode) => (self.union.inodes.get(inode as usize).map(|inode| inode.source), Some(inode)),
            };
            let counts = inode.is_some_and(|inode| self.counts(inode, id, &mut seen));
            visit(TreeName {
                path: if path.is_empty() { "/" } else { path },
                layer: node.layer as usize,
                entry: source.and_then(|source| self.sourced(source)),
                source: source.map(|(layer, at)| (layer as usize, at as usize)),
                inode: inode.map(|inode| inode as usize),
                counts,
            });
        }
    }

    /// Whether `id` is the name of an inode that stands for it: where its own entry put it, else the first.
    fn counts(&self, inode: u32, id: NodeId, seen: &mut [bool]) -> bool {
        let Some(home) = self.union.inodes.get(inode as usize).map(|inode| inode.home) else { return false };
        if self.union.names.node(home).place == Place::Leaf(inode) {
            return home == id;
        }
        seen.get_mut(inode as usize).is_some_and(|seen| !std::mem::replace(seen, true))
    }

    fn sourced(&self, source: Source) -> Option<(usize, &'a LayerEntry)> {
        Some((source.0 as usize, self.union.entry(source)?))
    }
}

/// The walk over the final tree: one path at a time, so that a deep tree costs no more than its depth.
struct Walk<'u, 'a> {
    union: &'u Union<'a>,
    path: String,
    /// Names still to come, with the length of their folder's path; the next one last.
    todo: Vec<(NodeId, usize)>,
}

impl<'u, 'a> Walk<'u, 'a> {
    fn new(union: &'u Union<'a>) -> Self {
        Self { union, path: String::new(), todo: vec![(ROOT, 0)] }
    }

    fn next(&mut self) -> Option<(NodeId, &str)> {
        let (id, length) = self.todo.pop()?;
        let names = &self.union.names;
        self.path.truncate(length);
        if id != ROOT {
            self.path.push('/');
            self.path.push_str(names.node(id).name);
        }
        let (from, here) = (self.todo.len(), self.path.len());
        self.todo.extend(names.children(id).map(|child| (child, here)));
        if let Some(children) = self.todo.get_mut(from..) {
            children.sort_unstable_by_key(|(child, _)| std::cmp::Reverse(names.node(*child).name));
        }
        Some((id, &self.path))
    }
}

/// What the layer just stacked added, removed, modified and rewrote.
fn count_changes(union: &Union<'_>, counts: &mut LayerCounts) {
    for (id, before) in &union.changes {
        let after = match union.names.node(*id).place {
            Place::Leaf(inode) => Some(inode),
            Place::Nothing | Place::Folder(_) => None,
        };
        match (before, after) {
            (None, None) => {}
            (None, Some(_)) => counts.added += 1,
            (Some(_), None) => counts.removed += 1,
            (Some(before), Some(after)) if *before == after || are_same(union, *before, after) => counts.rewritten += 1,
            (Some(_), Some(_)) => counts.modified += 1,
        }
    }
}

fn are_same(union: &Union<'_>, before: u32, after: u32) -> bool {
    let entry = |inode: u32| union.entry(union.inodes.get(inode as usize)?.source);
    entry(before)
        .zip(entry(after))
        .is_some_and(|(before, after)| same_content(before, after) && same_meta(before, after))
}

/// Whether two entries hold the same, whatever their owners and modes.
pub(crate) fn same_content(one: &LayerEntry, other: &LayerEntry) -> bool {
    let is_known = one.kind != FileKind::Regular || one.content.is_some();
    let of = |entry: &LayerEntry| (entry.size, entry.content, entry.device());
    is_known && one.kind == other.kind && of(one) == of(other)
}

/// Whether two entries have the same mode, owner and attributes.
pub(crate) fn same_meta(one: &LayerEntry, other: &LayerEntry) -> bool {
    (one.mode, one.uid, one.gid) == (other.mode, other.uid, other.gid) && one.xattrs() == other.xattrs()
}

fn count_tree(union: &Union<'_>) -> TreeCounts {
    let mut counts = TreeCounts::default();
    for node in union.names.nodes.iter().skip(1) {
        match node.place {
            Place::Nothing => {}
            Place::Folder(_) => counts.directories += 1,
            Place::Leaf(_) => counts.names += 1,
        }
    }
    for inode in union.inodes.iter().filter(|inode| inode.names > 0) {
        match union.entry(inode.source).map(|entry| &entry.kind) {
            Some(FileKind::Regular) => counts.regular_inodes += 1,
            Some(FileKind::Symlink(_)) => counts.symlinks += 1,
            _ => counts.special += 1,
        }
    }
    counts
}
