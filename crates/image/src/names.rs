//! All paths that any layer ever names, as a tree that only grows: one node a path, so that "this path before and after"
//! is a question about one node. What stands at a path now, if anything, is kept by `union`.

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use std::hash::BuildHasher;

/// A path: its place in the arena.
pub(crate) type NodeId = u32;
pub(crate) const ROOT: NodeId = 0;
/// No node.
pub(crate) const NONE: NodeId = u32::MAX;

/// The nodes, and how to find one.
pub(crate) struct Names<'a> {
    pub(crate) nodes: Vec<Node<'a>>,
    table: HashTable<NodeId>,
    hasher: RandomState,
}

/// A path, and what stands there.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    pub(crate) name: &'a str,
    pub(crate) parent: NodeId,
    /// Of the children that are there now, in no order; each knows its neighbours.
    first: NodeId,
    next: NodeId,
    previous: NodeId,
    pub(crate) place: Place,
    /// That named it last.
    pub(crate) layer: u32,
    /// The layer, counted from 1, that has hidden everything of lower ones below it.
    pub(crate) swept: u32,
    /// The layer, counted from 1, that has changed it last.
    pub(crate) changed: u32,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Nothing,
    /// Layer and number of the entry that describes it; none for a folder that was only implied.
    Folder(Option<(u32, u32)>),
    /// Anything else: which inode.
    Leaf(u32),
}

impl<'a> Names<'a> {
    /// Makes room for so many paths.
    pub(crate) fn new(paths: usize) -> Self {
        let mut nodes = Vec::with_capacity(paths.saturating_add(1));
        nodes.push(Node::new("", NONE, Place::Folder(None)));
        Self { nodes, table: HashTable::with_capacity(paths), hasher: RandomState::default() }
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node<'a> {
        &self.nodes[id as usize]
    }

    pub(crate) fn node_mut(&mut self, id: NodeId) -> &mut Node<'a> {
        &mut self.nodes[id as usize]
    }

    /// The node of `name` in `parent`, whether anything stands there or not.
    pub(crate) fn find(&self, parent: NodeId, name: &str) -> Option<NodeId> {
        let same = |id: &NodeId| {
            let node = self.node(*id);
            node.parent == parent && node.name == name
        };
        self.table.find(self.hasher.hash_one((parent, name)), same).copied()
    }

    /// As [`Names::find`], if something stands there.
    pub(crate) fn child(&self, parent: NodeId, name: &str) -> Option<NodeId> {
        self.find(parent, name).filter(|id| self.node(*id).place != Place::Nothing)
    }

    /// As [`Names::find`]; makes the node if there is none. None if there are more nodes than can be counted.
    pub(crate) fn intern(&mut self, parent: NodeId, name: &'a str) -> Option<NodeId> {
        if let Some(id) = self.find(parent, name) {
            return Some(id);
        }
        let id = NodeId::try_from(self.nodes.len()).ok().filter(|id| *id != NONE)?;
        self.nodes.push(Node::new(name, parent, Place::Nothing));
        let (nodes, hasher) = (&self.nodes, &self.hasher);
        let hash = |id: &NodeId| {
            let node = &nodes[*id as usize];
            hasher.hash_one((node.parent, node.name))
        };
        self.table.insert_unique(hasher.hash_one((parent, name)), id, hash);
        Some(id)
    }

    /// Puts something where nothing was, or something else.
    pub(crate) fn put(&mut self, id: NodeId, place: Place) {
        let node = &mut self.nodes[id as usize];
        let before = std::mem::replace(&mut node.place, place);
        if (before == Place::Nothing) == (place == Place::Nothing) || node.parent == NONE {
            return;
        }
        let parent = node.parent as usize;
        if before == Place::Nothing {
            let first = std::mem::replace(&mut self.nodes[parent].first, id);
            self.nodes[id as usize].next = first;
            self.nodes[id as usize].previous = NONE;
            if first != NONE {
                self.nodes[first as usize].previous = id;
            }
            return;
        }
        let Node { next, previous, .. } = self.nodes[id as usize];
        match previous {
            NONE => self.nodes[parent].first = next,
            previous => self.nodes[previous as usize].next = next,
        }
        if next != NONE {
            self.nodes[next as usize].previous = previous;
        }
    }

    /// The children that are there, in no order.
    pub(crate) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let some = |id: NodeId| (id != NONE).then_some(id);
        std::iter::successors(some(self.node(id).first), move |id| some(self.node(*id).next))
    }

    /// Leaves a folder without children; they are the caller's to deal with.
    pub(crate) fn forget_children(&mut self, id: NodeId) {
        self.node_mut(id).first = NONE;
    }

    pub(crate) fn is_folder(&self, id: NodeId) -> bool {
        matches!(self.node(id).place, Place::Folder(_))
    }

    pub(crate) fn is_empty(&self, id: NodeId) -> bool {
        self.node(id).first == NONE
    }

    /// The absolute path; that of the root is `/`.
    pub(crate) fn path(&self, id: NodeId) -> String {
        let mut parts: Vec<&str> = Vec::new();
        let mut at = id;
        while at != ROOT && at != NONE {
            parts.push(self.node(at).name);
            at = self.node(at).parent;
        }
        parts.reverse();
        format!("/{}", parts.join("/"))
    }
}

impl<'a> Node<'a> {
    fn new(name: &'a str, parent: NodeId, place: Place) -> Self {
        let (first, next, previous) = (NONE, NONE, NONE);
        Self { name, parent, first, next, previous, place, layer: 0, swept: 0, changed: 0 }
    }
}
