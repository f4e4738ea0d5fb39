//! The union of layers as an arena of nodes. The rules are those of containerd's overlay applied in tar order: a member
//! replaces what is at its path, whiteouts hide lower layers only, parents are resolved through symbolic links.

use std::collections::{BTreeMap, btree_map};

use crate::path::split;
use crate::{Error, FileKind, LayerEntry, LayerFault, LayerIndex};

/// An entry by layer and place in it.
pub(crate) type Source = (usize, usize);
type NodeId = usize;
const ROOT: NodeId = 0;
/// Symbolic links on the way to one entry.
const MAX_HOPS: usize = 255;
/// Path parts walked on the way to one entry, those of link targets among them.
const MAX_STEPS: usize = 1 << 16;

pub(crate) struct Union<'a> {
    layers: &'a [&'a LayerIndex],
    nodes: Vec<Node<'a>>,
    inodes: Vec<Inode>,
}

struct Node<'a> {
    /// That named it last.
    layer: usize,
    place: Place<'a>,
}

enum Place<'a> {
    /// Children, and the entry that describes the folder; none for one that was only implied.
    Folder(BTreeMap<&'a str, NodeId>, Option<Source>),
    /// Index of an inode.
    Leaf(usize),
}

/// A file, link or device; may have several names.
struct Inode {
    source: Source,
    /// The node that its own entry made, as long as that is in the tree.
    home: Option<NodeId>,
}

/// A name in the final tree.
pub(crate) struct Name {
    pub(crate) path: String,
    /// Of the layer that gave the name.
    pub(crate) layer: usize,
    pub(crate) what: What,
}

pub(crate) enum What {
    Folder(Option<Source>),
    /// Inode, its entry, and whether this is the inode's own name.
    Leaf(usize, Source, bool),
}

impl<'a> Union<'a> {
    /// Stacks layers, lowest first.
    pub(crate) fn stack(layers: &'a [&'a LayerIndex]) -> Result<Self, Error> {
        let root = Node { layer: 0, place: Place::Folder(BTreeMap::new(), None) };
        let mut union = Self { layers, nodes: vec![root], inodes: Vec::new() };
        for (layer, index) in layers.iter().enumerate() {
            for (at, entry) in index.entries.iter().enumerate() {
                union.apply((layer, at), entry).ok_or_else(|| {
                    let name = index.diff_id.as_ref().map_or_else(|| layer.to_string(), ToString::to_string);
                    Error::Layer { layer: name, reason: LayerFault::SymlinkLoop { entry: entry.path.clone() } }
                })?;
            }
        }
        Ok(union)
    }

    /// None if the parent never resolves.
    fn apply(&mut self, source: Source, entry: &'a LayerEntry) -> Option<()> {
        let (folder, base) = split(&entry.path);
        if base.is_empty() {
            self.describe_root(source, entry);
            return Some(());
        }
        if base == ".wh..wh..opq" {
            let folder = self.folder(folder, None)?;
            let children: Vec<&str> =
                folder.and_then(|id| self.children(id)).into_iter().flatten().map(|(name, _)| *name).collect();
            for name in children {
                self.hide_lower(folder.unwrap_or(ROOT), name, source.0);
            }
            return Some(());
        }
        if entry.path.split('/').any(|part| part.starts_with(".wh..wh.")) {
            return Some(());
        }
        if let Some(hidden) = base.strip_prefix(".wh.") {
            if !matches!(hidden, "" | "." | "..")
                && let Some(folder) = self.folder(folder, None)?
            {
                self.hide_lower(folder, hidden, source.0);
            }
            return Some(());
        }
        let folder = self.folder(folder, Some(source.0))?.unwrap_or(ROOT);
        self.place(folder, base, source, entry)
    }

    fn describe_root(&mut self, source: Source, entry: &LayerEntry) {
        if entry.kind == FileKind::Directory
            && let Some(Node { place: Place::Folder(_, described), .. }) = self.nodes.get_mut(ROOT)
        {
            *described = Some(source);
        }
    }

    fn place(&mut self, folder: NodeId, base: &'a str, source: Source, entry: &'a LayerEntry) -> Option<()> {
        let old = self.child(folder, base);
        let inode = match &entry.kind {
            FileKind::Directory => {
                self.place_folder(folder, base, source, old);
                return Some(());
            }
            FileKind::Hardlink(target) => {
                let (parent, name) = split(target);
                let target = self.folder(parent, None)?.and_then(|parent| self.child(parent, name));
                // A link to what is not there, or to a folder, makes no name.
                match target.and_then(|id| self.nodes.get(id)).map(|node| &node.place) {
                    Some(Place::Leaf(inode)) => *inode,
                    _ => return Some(()),
                }
            }
            _ => {
                self.inodes.push(Inode { source, home: Some(self.nodes.len()) });
                self.inodes.len() - 1
            }
        };
        let node = self.add(Node { layer: source.0, place: Place::Leaf(inode) });
        self.insert(folder, base, node);
        if let Some(old) = old {
            self.drop_all(old);
        }
        Some(())
    }

    fn place_folder(&mut self, folder: NodeId, base: &'a str, source: Source, old: Option<NodeId>) {
        if let Some(node) = old.and_then(|id| self.nodes.get_mut(id))
            && let Place::Folder(_, described) = &mut node.place
        {
            *described = Some(source);
            node.layer = source.0;
            return;
        }
        let node = self.add(Node { layer: source.0, place: Place::Folder(BTreeMap::new(), Some(source)) });
        self.insert(folder, base, node);
        if let Some(old) = old {
            self.drop_all(old);
        }
    }

    /// The folder at `path`, symbolic links followed inside the root. With `create`, what is missing is made (and a file in
    /// the way replaced) as of that layer; without, `Some(None)` if it is not there. None if it never resolves.
    fn folder(&mut self, path: &'a str, create: Option<usize>) -> Option<Option<NodeId>> {
        let mut todo: Vec<&'a str> = path.rsplit('/').collect();
        let mut trail = vec![ROOT];
        let (mut hops, mut steps) = (0, 0);
        while let Some(part) = todo.pop() {
            steps += 1;
            if steps > MAX_STEPS {
                return None;
            }
            let here = trail.last().copied().unwrap_or(ROOT);
            match part {
                "" | "." => continue,
                ".." => {
                    if trail.len() > 1 {
                        trail.pop();
                    }
                    continue;
                }
                _ => {}
            }
            let child = self.child(here, part);
            if let Some(target) = child.and_then(|id| self.link_target(id)) {
                hops += 1;
                if hops > MAX_HOPS {
                    return None;
                }
                if target.starts_with('/') {
                    trail.truncate(1);
                }
                todo.extend(target.rsplit('/'));
                continue;
            }
            match (child.filter(|id| self.children(*id).is_some()), create) {
                (Some(folder), _) => trail.push(folder),
                (None, None) => return Some(None),
                (None, Some(layer)) => {
                    if let Some(file) = child {
                        self.drop_all(file);
                    }
                    let folder = self.add(Node { layer, place: Place::Folder(BTreeMap::new(), None) });
                    self.insert(here, part, folder);
                    trail.push(folder);
                }
            }
        }
        Some(trail.last().copied())
    }

    /// Removes what lower layers have at `name`; what this layer has below it stays.
    fn hide_lower(&mut self, parent: NodeId, name: &'a str, layer: usize) {
        let Some(top) = self.child(parent, name) else { return };
        let mut order = vec![(parent, name, top)];
        let mut at = 0;
        while let Some((_, _, id)) = order.get(at).copied() {
            if let Some(children) = self.children(id) {
                let below: Vec<_> = children.iter().map(|(name, child)| (id, *name, *child)).collect();
                order.extend(below);
            }
            at += 1;
        }
        for (parent, name, id) in order.into_iter().rev() {
            let is_lower = self.nodes.get(id).is_some_and(|node| node.layer < layer);
            if is_lower && self.children(id).is_none_or(BTreeMap::is_empty) {
                self.remove(parent, name);
                self.drop_all(id);
            }
        }
    }

    /// Forgets a node and all below it.
    fn drop_all(&mut self, id: NodeId) {
        let mut todo = vec![id];
        while let Some(id) = todo.pop() {
            match self.nodes.get_mut(id).map(|node| &mut node.place) {
                Some(Place::Folder(children, _)) => todo.extend(std::mem::take(children).into_values()),
                Some(Place::Leaf(inode)) => {
                    let inode = *inode;
                    if let Some(inode) = self.inodes.get_mut(inode).filter(|inode| inode.home == Some(id)) {
                        inode.home = None;
                    }
                }
                None => {}
            }
        }
    }

    fn add(&mut self, node: Node<'a>) -> NodeId {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn children(&self, id: NodeId) -> Option<&BTreeMap<&'a str, NodeId>> {
        match &self.nodes.get(id)?.place {
            Place::Folder(children, _) => Some(children),
            Place::Leaf(_) => None,
        }
    }

    fn child(&self, folder: NodeId, name: &str) -> Option<NodeId> {
        self.children(folder)?.get(name).copied()
    }

    fn insert(&mut self, folder: NodeId, name: &'a str, id: NodeId) {
        if let Some(Node { place: Place::Folder(children, _), .. }) = self.nodes.get_mut(folder) {
            children.insert(name, id);
        }
    }

    fn remove(&mut self, folder: NodeId, name: &str) {
        if let Some(Node { place: Place::Folder(children, _), .. }) = self.nodes.get_mut(folder) {
            children.remove(name);
        }
    }

    fn link_target(&self, id: NodeId) -> Option<&'a str> {
        let Place::Leaf(inode) = self.nodes.get(id)?.place else { return None };
        match &self.entry(self.inodes.get(inode)?.source)?.kind {
            FileKind::Symlink(target) => Some(target),
            _ => None,
        }
    }

    /// The entry that a node or inode comes from.
    pub(crate) fn entry(&self, (layer, at): Source) -> Option<&'a LayerEntry> {
        self.layers.get(layer)?.entries.get(at)
    }

    /// All names of the final tree, the root (`/`) first.
    pub(crate) fn names(&self) -> Names<'_, 'a> {
        Names { union: self, path: String::new(), open: Vec::new(), started: false }
    }

    fn name(&self, path: &str, id: NodeId) -> Option<Name> {
        let node = self.nodes.get(id)?;
        let what = match &node.place {
            Place::Folder(_, described) => What::Folder(*described),
            Place::Leaf(at) => {
                let inode = self.inodes.get(*at)?;
                What::Leaf(*at, inode.source, inode.home == Some(id))
            }
        };
        let path = if path.is_empty() { "/" } else { path };
        Some(Name { path: path.to_owned(), layer: node.layer, what })
    }
}

/// The walk over the final tree: one path at a time, so that a deep tree costs no more than its depth.
pub(crate) struct Names<'u, 'a> {
    union: &'u Union<'a>,
    path: String,
    /// Folders on the way, each with the length of its path and its children still to come.
    open: Vec<(usize, btree_map::Iter<'u, &'a str, NodeId>)>,
    started: bool,
}

impl Iterator for Names<'_, '_> {
    type Item = Name;

    fn next(&mut self) -> Option<Name> {
        let id = if self.started { self.step()? } else { ROOT };
        self.started = true;
        if let Some(children) = self.union.children(id) {
            self.open.push((self.path.len(), children.iter()));
        }
        self.union.name(&self.path, id)
    }
}

impl Names<'_, '_> {
    /// Goes to the next node, depth first.
    fn step(&mut self) -> Option<NodeId> {
        loop {
            let (length, children) = self.open.last_mut()?;
            self.path.truncate(*length);
            if let Some((name, id)) = children.next() {
                self.path.push('/');
                self.path.push_str(name);
                return Some(*id);
            }
            self.open.pop();
        }
    }
}
