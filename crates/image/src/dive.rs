//! dive's figures, for people who compare: what dive 0.13.1 computes, its errors included, but in one pass over the layers
//! where dive stacks them anew for every whiteout. Each layer is a tree of its own; only paths without children count; a
//! whiteout weighs what the layers below have at its path, if that is a folder.

use hashbrown::HashTable;
use std::hash::BuildHasher;

use crate::path::path_bytes;
use crate::{Dive, FileKind, LayerEntry, LayerIndex};

type Id = u32;
const ROOT: Id = 0;
const NONE: Id = u32::MAX;
/// Steps to sum up what whiteouts weigh; no image of this world needs a hundredth.
const MAX_STEPS: u64 = 1 << 30;

impl Dive {
    /// The figures for a stack of layers, lowest first. None for an image made to take for ever.
    pub fn of(layers: &[&LayerIndex]) -> Option<Self> {
        let whiteouts = |index: &&LayerIndex| index.entries.iter().any(LayerEntry::is_marked);
        let last = layers.iter().rposition(whiteouts);
        let mut forest = Forest::new(layers.iter().map(|index| index.entries.len()).sum());
        for (place, index) in layers.iter().enumerate() {
            forest.grow(place, index)?;
            let order = if whiteouts(index) { forest.in_order(place) } else { forest.layer.clone() };
            let is_seen_later = last.is_some_and(|last| place <= last);
            if place == 0 && is_seen_later {
                // dive begins with the lowest layer as it is, and then stacks it on itself.
                order.iter().for_each(|id| forest.lay(*id));
            }
            forest.weigh(place, &order)?;
            if is_seen_later {
                forest.stack(&order);
            }
        }
        let sizes = |index: &&LayerIndex| index.entries.iter().map(|entry| entry.size).fold(0, u64::saturating_add);
        let user_bytes = layers.iter().skip(1).map(sizes).fold(0, u64::saturating_add);
        Some(forest.figures(user_bytes))
    }
}

/// All paths of all layers, each with what it is in the layer at hand, in the stack of those below, and in the sums.
struct Forest<'a> {
    nodes: Vec<Node<'a>>,
    table: HashTable<Id>,
    hasher: foldhash::fast::RandomState,
    /// The paths of the layer at hand, children behind their parents.
    layer: Vec<Id>,
    steps: u64,
}

struct Node<'a> {
    name: &'a str,
    parent: Id,
    /// The layer, from 1, that has it; and that has something below it.
    layer: u32,
    inner: u32,
    size: u64,
    is_folder: bool,
    stacked: Stacked,
    /// Σ of sizes, smallest size, number.
    total: u64,
    least: u64,
    count: u32,
    is_counted: bool,
}

/// What the layers below have at a path.
#[derive(Clone, Copy)]
struct Stacked {
    is_there: bool,
    size: u64,
    is_folder: bool,
    first: Id,
    next: Id,
    previous: Id,
}

const NOTHING: Stacked =
    Stacked { is_there: false, size: 0, is_folder: false, first: NONE, next: NONE, previous: NONE };

impl<'a> Forest<'a> {
    fn new(paths: usize) -> Self {
        let mut root = Node::new("", NONE);
        root.stacked.is_there = true;
        let mut nodes = Vec::with_capacity(paths.saturating_add(1));
        nodes.push(root);
        let (table, hasher) = (HashTable::with_capacity(paths), foldhash::fast::RandomState::default());
        Self { nodes, table, hasher, layer: Vec::new(), steps: 0 }
    }

    fn node(&self, id: Id) -> &Node<'a> {
        &self.nodes[id as usize]
    }

    fn node_mut(&mut self, id: Id) -> &mut Node<'a> {
        &mut self.nodes[id as usize]
    }

    fn child(&mut self, parent: Id, name: &'a str) -> Option<Id> {
        let hash = self.hasher.hash_one((parent, name));
        let nodes = &self.nodes;
        let same = |id: &Id| nodes[*id as usize].parent == parent && nodes[*id as usize].name == name;
        if let Some(id) = self.table.find(hash, same) {
            return Some(*id);
        }
        let id = Id::try_from(nodes.len()).ok().filter(|id| *id != NONE)?;
        self.nodes.push(Node::new(name, parent));
        let (nodes, hasher) = (&self.nodes, &self.hasher);
        let rehash = |id: &Id| hasher.hash_one((nodes[*id as usize].parent, nodes[*id as usize].name));
        self.table.insert_unique(hash, id, rehash);
        Some(id)
    }

    /// Makes the tree of one layer.
    fn grow(&mut self, place: usize, index: &'a LayerIndex) -> Option<()> {
        let stamp = u32::try_from(place).ok()?.checked_add(1)?;
        self.layer.clear();
        let mut last: (&str, Id) = ("", ROOT);
        for entry in &index.entries {
            let folder = entry.path.rfind('/').and_then(|at| entry.path.get(..at)).unwrap_or_default();
            let is_near = entry.climbs() == 0 && folder == last.0 && !folder.is_empty();
            let (from, rest) = match is_near {
                true => (last.1, entry.path.get(folder.len()..).unwrap_or_default()),
                false => (self.climb(entry, stamp)?, entry.path.as_str()),
            };
            let Some((at, parent)) = self.walk(from, rest, stamp)? else { continue };
            if entry.climbs() == 0 {
                last = (folder, parent);
            }
            let node = self.node_mut(at);
            (node.size, node.is_folder) = (entry.size, entry.kind == FileKind::Directory);
        }
        Some(())
    }

    /// dive keeps the `..` that lead out of the root as names.
    fn climb(&mut self, entry: &LayerEntry, stamp: u32) -> Option<Id> {
        let mut at = ROOT;
        for _ in 0..entry.climbs() {
            at = self.child(at, "..")?;
            self.mark(at, stamp);
        }
        Some(at)
    }

    /// The node at the end of a path and its parent; none in it if dive does not add the path.
    fn walk(&mut self, from: Id, path: &'a str, stamp: u32) -> Option<Option<(Id, Id)>> {
        let (mut at, mut parent) = (from, NONE);
        for part in path.split('/').filter(|part| !part.is_empty()) {
            if part.starts_with(".wh..wh..") {
                return Some(None);
            }
            parent = at;
            at = self.child(at, part)?;
            self.mark(at, stamp);
        }
        Some((parent != NONE).then_some((at, parent)))
    }

    fn mark(&mut self, id: Id, stamp: u32) {
        let node = self.node_mut(id);
        if node.layer == stamp {
            return;
        }
        (node.layer, node.size, node.is_folder) = (stamp, 0, false);
        let parent = node.parent;
        self.node_mut(parent).inner = stamp;
        self.layer.push(id);
    }

    /// The layer's paths as dive visits them: what is below a path before it, names sorted.
    fn in_order(&self, place: usize) -> Vec<Id> {
        let stamp = place as u32 + 1;
        let mut by_parent: Vec<(Id, std::borrow::Cow<'_, [u8]>, Id)> =
            self.layer.iter().map(|id| (self.node(*id).parent, path_bytes(self.node(*id).name), *id)).collect();
        by_parent.sort_unstable();
        let mut order = Vec::with_capacity(self.layer.len());
        // Backwards: parents before children, last names first.
        let mut todo = vec![ROOT];
        while let Some(id) = todo.pop() {
            if id != ROOT {
                order.push(id);
            }
            if self.node(id).inner != stamp {
                continue;
            }
            let from = by_parent.partition_point(|(parent, ..)| *parent < id);
            let children = by_parent.iter().skip(from).take_while(|(parent, ..)| *parent == id);
            todo.extend(children.map(|(.., child)| *child));
        }
        order.reverse();
        order
    }

    /// Adds the layer's paths without children to the sums.
    fn weigh(&mut self, place: usize, order: &[Id]) -> Option<()> {
        let stamp = place as u32 + 1;
        for id in order {
            let node = self.node(*id);
            if node.inner == stamp {
                continue;
            }
            let (counted, size) = match node.name.strip_prefix(".wh.") {
                None => (*id, node.size),
                Some(hidden) => {
                    let target = self.child(node.parent, hidden)?;
                    self.node_mut(target).is_counted = true;
                    let below = if hidden.is_empty() { self.node(target).parent } else { target };
                    if !self.node(below).stacked.is_there {
                        // dive drops the rest of the layer.
                        return Some(());
                    }
                    (target, self.weight(below)?)
                }
            };
            let node = self.node_mut(counted);
            node.is_counted = true;
            node.total = node.total.saturating_add(size);
            node.least = if node.count == 0 { size } else { node.least.min(size) };
            node.count = node.count.saturating_add(1);
        }
        Some(())
    }

    /// What a whiteout of a path weighs: all below a folder, nothing otherwise.
    fn weight(&mut self, top: Id) -> Option<u64> {
        if !self.node(top).stacked.is_folder {
            return Some(0);
        }
        let (mut todo, mut total) = (vec![top], 0u64);
        while let Some(id) = todo.pop() {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return None;
            }
            total = total.saturating_add(self.node(id).stacked.size);
            self.push_children(id, &mut todo);
        }
        Some(total)
    }

    fn push_children(&self, id: Id, todo: &mut Vec<Id>) {
        let mut child = self.node(id).stacked.first;
        while child != NONE {
            todo.push(child);
            child = self.node(child).stacked.next;
        }
    }

    /// Lays a layer over those below.
    fn stack(&mut self, order: &[Id]) {
        for id in order {
            let node = self.node(*id);
            let parent = node.parent;
            match node.name.strip_prefix(".wh.") {
                None => self.lay(*id),
                Some("") => self.take_away(parent),
                Some(hidden) => {
                    if let Some(target) = self.child(parent, hidden) {
                        self.take_away(target);
                    }
                }
            }
        }
    }

    /// Puts a path of the layer at hand into the stack, with what leads there.
    fn lay(&mut self, id: Id) {
        let mut at = id;
        while at != NONE && !self.node(at).stacked.is_there {
            let parent = self.node(at).parent;
            let next = self.node(parent).stacked.first;
            // What is below it may be linked already.
            let first = self.node(at).stacked.first;
            self.node_mut(at).stacked = Stacked { is_there: true, first, next, ..NOTHING };
            if next != NONE {
                self.node_mut(next).stacked.previous = at;
            }
            self.node_mut(parent).stacked.first = at;
            at = parent;
        }
        let node = self.node_mut(id);
        (node.stacked.size, node.stacked.is_folder) = (node.size, node.is_folder);
    }

    fn take_away(&mut self, top: Id) {
        if top == ROOT || !self.node(top).stacked.is_there {
            return;
        }
        let Stacked { next, previous, .. } = self.node(top).stacked;
        let parent = self.node(top).parent;
        match previous {
            NONE => self.node_mut(parent).stacked.first = next,
            previous => self.node_mut(previous).stacked.next = next,
        }
        if next != NONE {
            self.node_mut(next).stacked.previous = previous;
        }
        let mut todo = vec![top];
        while let Some(id) = todo.pop() {
            self.push_children(id, &mut todo);
            self.node_mut(id).stacked = NOTHING;
        }
    }

    fn figures(&self, user_bytes: u64) -> Dive {
        let counted = || self.nodes.iter().filter(|node| node.is_counted);
        // dive begins with a smallest size of −1
        let least: i128 = counted().map(|node| if node.count == 0 { -1 } else { i128::from(node.least) }).sum();
        let total: i128 = counted().map(|node| i128::from(node.total)).sum();
        let twice = counted().filter(|node| node.count >= 2);
        let wasted_bytes = twice.map(|node| node.total).fold(0, u64::saturating_add);
        Dive {
            efficiency: if total == 0 { 1.0 } else { least as f64 / total as f64 },
            wasted_bytes,
            user_wasted_percent: (user_bytes > 0).then(|| wasted_bytes as f64 / user_bytes as f64),
        }
    }
}

impl<'a> Node<'a> {
    fn new(name: &'a str, parent: Id) -> Self {
        Self {
            name,
            parent,
            layer: 0,
            inner: 0,
            size: 0,
            is_folder: false,
            stacked: NOTHING,
            total: 0,
            least: 0,
            count: 0,
            is_counted: false,
        }
    }
}
