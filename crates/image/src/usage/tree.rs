//! The tree behind `usage`: grown file by file, then summed up from its leaves, then folded or listed. An image may have millions
//! of files, so nodes are small and names lie in one text.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::hash::BuildHasher;

use hashbrown::HashTable;

use super::{DirectorySize, SizeNode};
use crate::LayerEntry;

/// Path parts that have a node of their own; what lies deeper is one box.
const MAX_DEPTH: usize = 48;
/// A directory is left out of the list of the largest if one in it holds nearly all of it: percent.
const NEARLY_ALL: u64 = 90;
/// So much of the whole a directory has to hold to be listed: percent.
const WORTH_LISTING: u64 = 2;
/// The root is nobody's child, so its number stands for none as well.
const ROOT: u32 = 0;
/// No layer.
const NONE: u32 = u32::MAX;

/// What one file adds.
pub(super) struct Amount {
    bytes: u64,
    compressed_bytes: u64,
    layer: u32,
    kept: bool,
}

impl Amount {
    pub(super) fn of(entry: &LayerEntry, layer: usize, kept: bool) -> Self {
        let layer = u32::try_from(layer).unwrap_or(NONE);
        Self { bytes: entry.size, compressed_bytes: entry.compressed_bytes, layer, kept }
    }
}

/// A node's number is greater than that of the node it is in.
pub(super) struct Tree {
    nodes: Vec<Node>,
    names: String,
    /// Nodes by parent and name.
    table: HashTable<u32>,
    hasher: foldhash::fast::RandomState,
    /// Files have nodes of their own.
    leaves: bool,
    /// So many levels below the root are no directories: they keep their own boxes.
    groups: usize,
    /// The folder that was found last; files come folder by folder.
    last: Place,
}

/// Where the files of a folder go.
#[derive(Default)]
struct Place {
    /// What is around the folder.
    top: u32,
    folder: String,
    node: u32,
    /// So much of the path has nodes of its own.
    length: usize,
}

#[derive(Default)]
struct Node {
    /// Where in the names, and how long.
    name: (u32, u32),
    parent: u32,
    /// The first node in it, and the next in the same folder; [`ROOT`] is none.
    first: u32,
    next: u32,
    sum: Sum,
}

/// Before [`Tree::summed`] of the node alone, afterwards with all that is below it.
struct Sum {
    bytes: u64,
    compressed_bytes: u64,
    wasted_bytes: u64,
    files: u64,
    /// Where all is of one layer.
    layer: u32,
    by_layer: Option<Box<Shares>>,
}

/// Bytes by layer.
struct Shares(Vec<(u32, u64)>);

impl Tree {
    pub(super) fn new(leaves: bool, groups: usize) -> Self {
        let (table, hasher) = (HashTable::new(), foldhash::fast::RandomState::default());
        let last = Place { node: NONE, ..Place::default() };
        Self { nodes: vec![Node::default()], names: String::new(), table, hasher, leaves, groups, last }
    }

    /// Adds a file at an absolute path, below boxes of these names.
    pub(super) fn add(&mut self, around: &[&str], path: &str, amount: &Amount) {
        let top = around.iter().fold(ROOT, |at, name| self.child(at, name));
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if self.last.node == NONE || self.last.top != top || self.last.folder != folder {
            self.enter(top, around.len(), folder);
        }
        let mut at = self.last.node;
        let rest = path.get(self.last.length..).unwrap_or_default().trim_start_matches('/');
        if self.leaves && !rest.is_empty() {
            at = self.child(at, rest);
        }
        if let Some(node) = self.nodes.get_mut(at as usize) {
            node.sum.count(amount);
        }
    }

    /// Finds the node of a folder; what lies too deep has that of a folder above it.
    fn enter(&mut self, top: u32, around: usize, folder: &str) {
        let parts = || folder.split('/').filter(|part| !part.is_empty());
        let depth = around.saturating_add(parts().count()).saturating_add(usize::from(self.leaves));
        let most = if depth <= MAX_DEPTH { usize::MAX } else { MAX_DEPTH.saturating_sub(around.saturating_add(1)) };
        let (mut node, mut length) = (top, 0);
        for part in parts().take(most) {
            node = self.child(node, part);
            length += part.len() + 1;
        }
        let mut text = std::mem::take(&mut self.last.folder);
        text.clear();
        text.push_str(folder);
        self.last = Place { top, folder: text, node, length };
    }

    /// The node of that name; one that nobody could number is its folder's.
    fn child(&mut self, parent: u32, name: &str) -> u32 {
        let (nodes, names, hasher) = (&self.nodes, &self.names, &self.hasher);
        let hash = hasher.hash_one((parent, name));
        let of = |at: u32| nodes.get(at as usize).map_or((NONE, ""), |node| (node.parent, text(names, node)));
        if let Some(child) = self.table.find(hash, |at| of(*at) == (parent, name)) {
            return *child;
        }
        let number = |number: usize| u32::try_from(number).ok().filter(|number| *number != NONE);
        let (Some(child), Some(start), Some(length)) = (number(nodes.len()), number(names.len()), number(name.len()))
        else {
            return parent;
        };
        self.table.insert_unique(hash, child, |at| hasher.hash_one(of(*at)));
        self.names.push_str(name);
        let next =
            self.nodes.get_mut(parent as usize).map_or(ROOT, |parent| std::mem::replace(&mut parent.first, child));
        self.nodes.push(Node { name: (start, length), parent, next, ..Node::default() });
        child
    }

    /// Adds to every node what is below it.
    pub(super) fn summed(mut self) -> Self {
        for at in (1..self.nodes.len()).rev() {
            let (above, from) = self.nodes.split_at_mut(at);
            let Some(node) = from.first() else { continue };
            if let Some(parent) = above.get_mut(node.parent as usize) {
                parent.sum.add(&node.sum);
            }
        }
        self
    }

    fn node(&self, at: u32) -> Option<&Node> {
        self.nodes.get(at as usize)
    }

    fn bytes(&self, at: u32) -> u64 {
        self.node(at).map_or(0, |node| node.sum.bytes)
    }

    fn numbers(&self) -> impl Iterator<Item = u32> + use<> {
        0..u32::try_from(self.nodes.len()).unwrap_or(NONE)
    }

    fn children<'t>(&'t self, node: &Node) -> impl Iterator<Item = u32> + use<'t> {
        let some = |at: u32| (at != ROOT).then_some(at);
        std::iter::successors(some(node.first), move |at| some(self.node(*at)?.next))
    }

    /// The largest `most` nodes; the others are folded into one box in the directory they are in.
    pub(super) fn folded(&self, most: usize) -> SizeNode {
        let mut by_size: Vec<u32> = self.numbers().collect();
        by_size.sort_unstable_by_key(|at| (Reverse(self.bytes(*at)), *at));
        let mut shown = vec![false; by_size.len()];
        for at in by_size.into_iter().take(most.max(1)) {
            if let Some(shown) = shown.get_mut(at as usize) {
                *shown = true;
            }
        }
        self.box_of(ROOT, 0, &shown)
    }

    /// Depth is bounded by [`MAX_DEPTH`] and what `by_owner` puts around.
    fn box_of(&self, at: u32, depth: usize, shown: &[bool]) -> SizeNode {
        let Some(node) = self.node(at) else { return SizeNode::default() };
        let mut own = SizeNode { name: text(&self.names, node).to_owned(), ..node.sum.plain() };
        let mut fold = Sum::default();
        for child in self.children(node) {
            if shown.get(child as usize) == Some(&true) {
                own.children.push(self.box_of(child, depth + 1, shown));
            } else if let Some(small) = self.node(child) {
                fold.add(&small.sum);
            }
        }
        if fold.files > 0 {
            own.children.push(SizeNode { is_fold: true, ..fold.plain() });
        }
        own.children.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
        if depth > self.groups
            && let [only] = &own.children[..]
            && !only.is_fold
        {
            let name = format!("{}/{}", own.name, only.name);
            return SizeNode { name, ..own.children.swap_remove(0) };
        }
        own
    }

    pub(super) fn largest(&self, most: usize) -> Vec<DirectorySize> {
        let all = self.bytes(ROOT);
        let share = |part: u64, whole: u64| if whole == 0 { 0 } else { u128::from(part) * 100 / u128::from(whole) };
        let is_worth_it = |at: &u32| {
            let Some(node) = self.node(*at) else { return false };
            let largest = self.children(node).map(|part| self.bytes(part)).max().unwrap_or(0);
            node.sum.bytes > 0
                && share(node.sum.bytes, all) >= u128::from(WORTH_LISTING)
                && share(largest, node.sum.bytes) < u128::from(NEARLY_ALL)
        };
        let mut chosen: Vec<u32> = self.numbers().skip(1).filter(is_worth_it).collect();
        chosen.sort_by_key(|at| (Reverse(self.bytes(*at)), *at));
        chosen.truncate(most);
        let chosen: HashSet<u32> = chosen.into_iter().collect();
        let mut below: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for at in &chosen {
            below.entry(self.above(*at, &chosen)).or_default().push(*at);
        }
        self.in_order(&below)
    }

    /// The nearest chosen directory that this one is in; the root if there is none.
    fn above(&self, at: u32, chosen: &HashSet<u32>) -> u32 {
        let parent = |at: u32| self.node(at).map_or(ROOT, |node| node.parent);
        let mut above = parent(at);
        while above != ROOT && !chosen.contains(&above) {
            above = parent(above);
        }
        above
    }

    /// Each directory before those in it, larger ones first.
    fn in_order(&self, below: &BTreeMap<u32, Vec<u32>>) -> Vec<DirectorySize> {
        let (mut list, mut todo) = (Vec::new(), vec![(ROOT, 0)]);
        while let Some((at, depth)) = todo.pop() {
            if let Some(node) = self.node(at).filter(|_| at != ROOT) {
                list.push(DirectorySize {
                    path: self.path(at),
                    depth: depth - 1,
                    bytes: node.sum.bytes,
                    compressed_bytes: node.sum.compressed_bytes,
                    files: node.sum.files,
                });
            }
            let mut inside = below.get(&at).cloned().unwrap_or_default();
            inside.sort_by_key(|at| (self.bytes(*at), Reverse(*at)));
            todo.extend(inside.into_iter().map(|at| (at, depth + 1)));
        }
        list
    }

    fn path(&self, mut at: u32) -> String {
        let mut parts = Vec::new();
        while let Some(node) = self.node(at).filter(|_| at != ROOT) {
            parts.push(text(&self.names, node));
            at = node.parent;
        }
        parts.into_iter().rev().fold(String::new(), |path, part| path + "/" + part)
    }
}

fn text<'n>(names: &'n str, node: &Node) -> &'n str {
    let (start, length) = (node.name.0 as usize, node.name.1 as usize);
    names.get(start..start.saturating_add(length)).unwrap_or_default()
}

impl Default for Sum {
    fn default() -> Self {
        Self { bytes: 0, compressed_bytes: 0, wasted_bytes: 0, files: 0, layer: NONE, by_layer: None }
    }
}

impl Sum {
    fn count(&mut self, amount: &Amount) {
        self.take(amount.layer, amount.bytes);
        self.compressed_bytes = self.compressed_bytes.saturating_add(amount.compressed_bytes);
        self.wasted_bytes = self.wasted_bytes.saturating_add(if amount.kept { 0 } else { amount.bytes });
        self.files = self.files.saturating_add(1);
    }

    fn add(&mut self, other: &Self) {
        match &other.by_layer {
            Some(shares) => shares.0.iter().for_each(|(layer, bytes)| self.take(*layer, *bytes)),
            None if other.layer != NONE => self.take(other.layer, other.bytes),
            None => {}
        }
        self.compressed_bytes = self.compressed_bytes.saturating_add(other.compressed_bytes);
        self.wasted_bytes = self.wasted_bytes.saturating_add(other.wasted_bytes);
        self.files = self.files.saturating_add(other.files);
    }

    fn take(&mut self, layer: u32, bytes: u64) {
        if self.layer == NONE {
            self.layer = layer;
        } else if self.layer != layer || self.by_layer.is_some() {
            let first = (self.layer, self.bytes);
            self.by_layer.get_or_insert_with(|| Box::new(Shares(vec![first]))).add(layer, bytes);
        }
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// The layer with most bytes, the lowest of several.
    fn most(&self) -> usize {
        let shares = self.by_layer.iter().flat_map(|shares| &shares.0);
        let most =
            shares.max_by_key(|(layer, bytes)| (*bytes, Reverse(*layer))).map_or(self.layer, |(layer, _)| *layer);
        if most == NONE { 0 } else { most as usize }
    }

    /// Without name and children.
    fn plain(&self) -> SizeNode {
        SizeNode {
            bytes: self.bytes,
            compressed_bytes: self.compressed_bytes,
            layer: self.most(),
            wasted_bytes: self.wasted_bytes,
            files: self.files,
            ..SizeNode::default()
        }
    }
}

impl Shares {
    fn add(&mut self, layer: u32, bytes: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == layer) {
            Some((_, sum)) => *sum = sum.saturating_add(bytes),
            None => self.0.push((layer, bytes)),
        }
    }
}
