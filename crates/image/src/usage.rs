//! Where the bytes of an image are, as trees of sizes: by directory, by layer, by package. For pictures and for the list of
//! the largest directories; small boxes are folded, so that a tree has a bounded number of nodes whatever the image has.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::hash::BuildHasher;

use hashbrown::HashTable;

use crate::{FileKind, LayerEntry, LayerIndex, Stack};

/// Path parts that have a node of their own; what lies deeper is one box.
const MAX_DEPTH: usize = 48;
/// A directory is left out of the list of the largest if one in it holds nearly all of it: percent.
const NEARLY_ALL: u64 = 90;
/// So much of the whole a directory has to hold to be listed: percent.
const WORTH_LISTING: u64 = 2;

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
pub fn by_directory(stack: &Stack<'_>, nodes: usize) -> SizeNode {
    let mut tree = Tree::new(true);
    stack.each(&mut |name| {
        if let Some((layer, entry)) = name.entry.filter(|(_, entry)| name.counts && entry.kind == FileKind::Regular) {
            tree.add(parts(name.path), &Amount::of(entry, layer, true));
        }
    });
    tree.folded(nodes)
}

/// The final tree by what owns a file: `owner` gives the names of the boxes around it, none where nothing owns it.
pub fn by_owner<'o>(stack: &Stack<'_>, nodes: usize, owner: &dyn Fn(&str) -> Option<Vec<&'o str>>) -> SizeNode {
    let mut tree = Tree::new(true);
    tree.groups = 2;
    stack.each(&mut |name| {
        if let Some((layer, entry)) = name.entry.filter(|(_, entry)| name.counts && entry.kind == FileKind::Regular) {
            let around = owner(name.path).unwrap_or_else(|| vec!["of no package"]);
            tree.add(around.into_iter().chain(parts(name.path)), &Amount::of(entry, layer, true));
        }
    });
    tree.folded(nodes)
}

/// Every layer's own regular files, those that later layers hide among them. `names` are those of the layers' boxes.
pub fn by_layer(stack: &Stack<'_>, layers: &[&LayerIndex], names: &[String], nodes: usize) -> SizeNode {
    let alive = alive(stack);
    let mut tree = Tree::new(true);
    tree.groups = 1;
    for (layer, (index, name)) in layers.iter().zip(names).enumerate() {
        for (at, entry) in index.entries.iter().enumerate().filter(|(_, entry)| is_payload(entry)) {
            let kept = alive.contains(&(layer, at));
            tree.add(std::iter::once(name.as_str()).chain(parts(&entry.path)), &Amount::of(entry, layer, kept));
        }
    }
    tree.folded(nodes)
}

/// Bytes of every layer's regular files that the final tree does not have, lowest layer first.
pub fn wasted_by_layer(stack: &Stack<'_>, layers: &[&LayerIndex]) -> Vec<u64> {
    let alive = alive(stack);
    let wasted = |(layer, index): (usize, &&LayerIndex)| {
        let payloads = index.entries.iter().enumerate().filter(|(_, entry)| is_payload(entry));
        let gone = payloads.filter(|(at, _)| !alive.contains(&(layer, *at)));
        gone.map(|(_, entry)| entry.size).fold(0, u64::saturating_add)
    };
    layers.iter().enumerate().map(wasted).collect()
}

/// At most `most` directories of the final tree that hold most, each after the one that it is in. Where one directory holds
/// nearly all of another, that other is left out.
pub fn largest_directories(stack: &Stack<'_>, most: usize) -> Vec<DirectorySize> {
    let mut tree = Tree::new(false);
    stack.each(&mut |name| {
        if let Some((layer, entry)) = name.entry.filter(|(_, entry)| name.counts && entry.kind == FileKind::Regular) {
            let folder = name.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            tree.add(parts(folder), &Amount::of(entry, layer, true));
        }
    });
    tree.largest(most)
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

/// Whiteouts are no payloads.
fn is_payload(entry: &LayerEntry) -> bool {
    entry.kind == FileKind::Regular && !parts(&entry.path).last().is_some_and(|name| name.starts_with(".wh."))
}

/// Payloads that the final tree has: layer, and place in it.
fn alive(stack: &Stack<'_>) -> HashSet<(usize, usize)> {
    let mut alive = HashSet::new();
    stack.each(&mut |name| alive.extend(name.source));
    alive
}

/// What one file adds.
struct Amount {
    bytes: u64,
    compressed_bytes: u64,
    layer: usize,
    kept: bool,
}

impl Amount {
    fn of(entry: &LayerEntry, layer: usize, kept: bool) -> Self {
        Self { bytes: entry.size, compressed_bytes: entry.compressed_bytes, layer, kept }
    }
}

struct Tree {
    nodes: Vec<Node>,
    /// Nodes by parent and name.
    table: HashTable<usize>,
    hasher: foldhash::fast::RandomState,
    /// Files have nodes of their own.
    leaves: bool,
    /// So many levels below the root are no directories: they keep their own boxes.
    groups: usize,
}

#[derive(Default)]
struct Node {
    name: Box<str>,
    parent: usize,
    bytes: u64,
    compressed_bytes: u64,
    wasted_bytes: u64,
    files: u64,
    by_layer: Shares,
    children: Vec<usize>,
}

/// Bytes by layer; nearly all nodes have one layer.
#[derive(Clone, Default)]
struct Shares {
    first: Option<(usize, u64)>,
    others: Vec<(usize, u64)>,
}

impl Shares {
    fn add(&mut self, layer: usize, bytes: u64) {
        let (first, sum) = self.first.get_or_insert((layer, 0));
        if *first == layer {
            *sum = sum.saturating_add(bytes);
            return;
        }
        match self.others.iter_mut().find(|(known, _)| *known == layer) {
            Some((_, sum)) => *sum = sum.saturating_add(bytes),
            None => self.others.push((layer, bytes)),
        }
    }

    fn iter(&self) -> impl Iterator<Item = (usize, u64)> {
        self.first.iter().chain(&self.others).copied()
    }

    /// The layer with most bytes, the lowest of several.
    fn most(&self) -> usize {
        self.iter().max_by_key(|(layer, bytes)| (*bytes, Reverse(*layer))).map_or(0, |(layer, _)| layer)
    }
}

impl Tree {
    fn new(leaves: bool) -> Self {
        let hasher = foldhash::fast::RandomState::default();
        Self { nodes: vec![Node::default()], table: HashTable::new(), hasher, leaves, groups: 0 }
    }

    fn add<'p>(&mut self, path: impl Iterator<Item = &'p str>, amount: &Amount) {
        let mut at = 0;
        self.count(at, amount);
        let mut path = path.peekable();
        let mut depth = 0;
        while let Some(part) = path.next() {
            depth += 1;
            // every file too deep to show has its own box all the same, under what is left of its path
            if depth == MAX_DEPTH && path.peek().is_some() {
                if self.leaves {
                    let rest: Vec<&str> = std::iter::once(part).chain(path).collect();
                    at = self.child(at, &rest.join("/"));
                    self.count(at, amount);
                }
                return;
            }
            at = self.child(at, part);
            self.count(at, amount);
        }
    }

    fn child(&mut self, parent: usize, name: &str) -> usize {
        let (nodes, hasher) = (&self.nodes, &self.hasher);
        let hash = hasher.hash_one((parent, name));
        let is_it = |at: &usize| nodes.get(*at).is_some_and(|node| node.parent == parent && &*node.name == name);
        if let Some(child) = self.table.find(hash, is_it) {
            return *child;
        }
        let child = nodes.len();
        let rehash = |at: &usize| nodes.get(*at).map_or(0, |node| hasher.hash_one((node.parent, &*node.name)));
        self.table.insert_unique(hash, child, rehash);
        self.nodes.push(Node { name: name.into(), parent, ..Node::default() });
        if let Some(parent) = self.nodes.get_mut(parent) {
            parent.children.push(child);
        }
        child
    }

    fn count(&mut self, at: usize, amount: &Amount) {
        let Some(node) = self.nodes.get_mut(at) else { return };
        node.bytes = node.bytes.saturating_add(amount.bytes);
        node.compressed_bytes = node.compressed_bytes.saturating_add(amount.compressed_bytes);
        node.wasted_bytes = node.wasted_bytes.saturating_add(if amount.kept { 0 } else { amount.bytes });
        node.files = node.files.saturating_add(1);
        node.by_layer.add(amount.layer, amount.bytes);
    }

    /// The largest `most` nodes; the others are folded into one box in the directory they are in.
    fn folded(&self, most: usize) -> SizeNode {
        let mut by_size: Vec<usize> = (0..self.nodes.len()).collect();
        by_size.sort_by_key(|at| (Reverse(self.nodes.get(*at).map_or(0, |node| node.bytes)), *at));
        let shown: HashSet<usize> = by_size.into_iter().take(most.max(1)).collect();
        self.box_of(0, 0, &shown)
    }

    /// Depth is bounded by [`MAX_DEPTH`] and what `by_owner` puts around.
    fn box_of(&self, at: usize, depth: usize, shown: &HashSet<usize>) -> SizeNode {
        let Some(node) = self.nodes.get(at) else { return SizeNode::default() };
        let mut own = SizeNode { name: node.name.to_string(), ..node.plain() };
        let mut fold = Node::default();
        for child in &node.children {
            if shown.contains(child) {
                own.children.push(self.box_of(*child, depth + 1, shown));
            } else if let Some(small) = self.nodes.get(*child) {
                fold.add(small);
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

    fn largest(&self, most: usize) -> Vec<DirectorySize> {
        let all = self.nodes.first().map_or(0, |root| root.bytes);
        let share = |part: u64, whole: u64| if whole == 0 { 0 } else { u128::from(part) * 100 / u128::from(whole) };
        let mut chosen: Vec<usize> = (1..self.nodes.len())
            .filter(|at| {
                let Some(node) = self.nodes.get(*at) else { return false };
                let parts = node.children.iter().filter_map(|child| self.nodes.get(*child));
                let largest = parts.map(|part| part.bytes).max().unwrap_or(0);
                node.bytes > 0
                    && share(node.bytes, all) >= u128::from(WORTH_LISTING)
                    && share(largest, node.bytes) < u128::from(NEARLY_ALL)
            })
            .collect();
        chosen.sort_by_key(|at| (Reverse(self.nodes.get(*at).map_or(0, |node| node.bytes)), *at));
        chosen.truncate(most);
        let chosen: HashSet<usize> = chosen.into_iter().collect();
        let mut below: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in &chosen {
            below.entry(self.above(*at, &chosen)).or_default().push(*at);
        }
        self.in_order(&below)
    }

    /// The nearest chosen directory that this one is in; the root if there is none.
    fn above(&self, at: usize, chosen: &HashSet<usize>) -> usize {
        let mut above = self.nodes.get(at).map_or(0, |node| node.parent);
        while above != 0 && !chosen.contains(&above) {
            above = self.nodes.get(above).map_or(0, |node| node.parent);
        }
        above
    }

    /// Each directory before those in it, larger ones first.
    fn in_order(&self, below: &BTreeMap<usize, Vec<usize>>) -> Vec<DirectorySize> {
        let (mut list, mut todo) = (Vec::new(), vec![(0, 0)]);
        while let Some((at, depth)) = todo.pop() {
            if let Some(node) = self.nodes.get(at).filter(|_| at != 0) {
                list.push(DirectorySize {
                    path: self.path(at),
                    depth: depth - 1,
                    bytes: node.bytes,
                    compressed_bytes: node.compressed_bytes,
                    files: node.files,
                });
            }
            let mut inside = below.get(&at).cloned().unwrap_or_default();
            inside.sort_by_key(|at| (self.nodes.get(*at).map_or(0, |node| node.bytes), Reverse(*at)));
            todo.extend(inside.into_iter().map(|at| (at, depth + 1)));
        }
        list
    }

    fn path(&self, mut at: usize) -> String {
        let mut parts = Vec::new();
        while let Some(node) = self.nodes.get(at).filter(|_| at != 0) {
            parts.push(&*node.name);
            at = node.parent;
        }
        parts.into_iter().rev().fold(String::new(), |path, part| path + "/" + part)
    }
}

impl Node {
    fn add(&mut self, other: &Self) {
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.compressed_bytes = self.compressed_bytes.saturating_add(other.compressed_bytes);
        self.wasted_bytes = self.wasted_bytes.saturating_add(other.wasted_bytes);
        self.files = self.files.saturating_add(other.files);
        other.by_layer.iter().for_each(|(layer, bytes)| self.by_layer.add(layer, bytes));
    }

    /// Without name and children.
    fn plain(&self) -> SizeNode {
        SizeNode {
            bytes: self.bytes,
            compressed_bytes: self.compressed_bytes,
            layer: self.by_layer.most(),
            wasted_bytes: self.wasted_bytes,
            files: self.files,
            ..SizeNode::default()
        }
    }
}
