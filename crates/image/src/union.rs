//! The union of layers. The rules are those of containerd's overlay applied in tar order: a member replaces what is at its
//! path, whiteouts hide lower layers only, parents are resolved through symbolic links. OCI image-spec, layer.md.

use crate::names::{Names, NodeId, Place, ROOT};
use crate::path::split;
use crate::{Error, FileKind, LayerCounts, LayerEntry, LayerFault, LayerIndex, Warning};

/// An entry by layer and place in it.
pub(crate) type Source = (u32, u32);
/// Symbolic links on the way to one entry.
const MAX_HOPS: usize = 255;
/// Path parts walked on the way to one entry, those of link targets among them.
const MAX_STEPS: usize = 1 << 16;
/// The same for all entries of an image: some seconds' work.
const MAX_ALL_STEPS: u64 = 1 << 29;

pub(crate) struct Union<'a> {
    layers: &'a [&'a LayerIndex],
    pub(crate) names: Names<'a>,
    pub(crate) inodes: Vec<Inode>,
    /// What the layer at hand changed: the path, and the inode that stood there before.
    pub(crate) changes: Vec<(NodeId, Option<u32>)>,
    /// Inodes that lost their last name in the layer at hand.
    pub(crate) lost: Vec<u32>,
    /// The folder found last, by how it was named; good as long as no folder and no link goes.
    last: Option<(&'a str, NodeId)>,
    steps: u64,
}

/// A file, link or device; may have several names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inode {
    pub(crate) source: Source,
    /// Where its own entry put it.
    pub(crate) home: NodeId,
    /// Names it has.
    pub(crate) names: u32,
}

/// Why an entry cannot be applied.
#[derive(Clone, Copy, Debug)]
enum Stop {
    Loop,
    TooMuch,
}

impl<'a> Union<'a> {
    pub(crate) fn new(layers: &'a [&'a LayerIndex]) -> Self {
        Self {
            layers,
            names: Names::new(layers.iter().map(|index| index.entries.len()).sum()),
            inodes: Vec::new(),
            changes: Vec::new(),
            lost: Vec::new(),
            last: None,
            steps: 0,
        }
    }

    /// Puts layer `place` on top. `note` hears what is odd, and where.
    pub(crate) fn stack(&mut self, place: usize, note: &mut dyn FnMut(Warning, &str)) -> Result<LayerCounts, Error> {
        let mut counts = LayerCounts::default();
        self.changes.clear();
        self.lost.clear();
        let Some(index) = self.layers.get(place) else { return Ok(counts) };
        for (at, entry) in index.entries.iter().enumerate() {
            counts.entries += 1;
            let applied = self.apply((place as u32, at as u32), entry, &mut counts, note);
            applied.map_err(|stop| {
                let digest = index.digest.as_ref().or(index.diff_id.as_ref());
                let layer = digest.map_or_else(|| "of the stack".to_owned(), ToString::to_string);
                let reason = match stop {
                    Stop::Loop => LayerFault::SymlinkLoop { entry: entry.path.clone() },
                    Stop::TooMuch => LayerFault::TooLarge { what: "path parts to resolve", limit: MAX_ALL_STEPS },
                };
                Error::Layer { place: Some(place), layer, reason }
            })?;
        }
        Ok(counts)
    }

    fn apply(
        &mut self,
        source: Source,
        entry: &'a LayerEntry,
        counts: &mut LayerCounts,
        note: &mut dyn FnMut(Warning, &str),
    ) -> Result<(), Stop> {
        let (folder, base) = split(&entry.path);
        if base.is_empty() {
            self.describe_root(source, entry);
            return Ok(());
        }
        if entry.is_marked() {
            if base == ".wh..wh..opq" {
                counts.opaque += 1;
                return self.hide_children(folder, source.0);
            }
            if entry.path.split('/').any(|part| part.starts_with(".wh..wh.")) {
                note(Warning::AufsMetadataSkipped, &entry.path);
                return Ok(());
            }
            if let Some(hidden) = base.strip_prefix(".wh.") {
                return self.white_out(folder, hidden, source.0, counts, &mut |class| note(class, &entry.path));
            }
        }
        if entry.kind == FileKind::Regular {
            counts.file_bytes = counts.file_bytes.saturating_add(entry.size);
            counts.stored_bytes = counts.stored_bytes.saturating_add(entry.stored_bytes);
        }
        let folder = self.folder(folder, Some(source.0))?.unwrap_or(ROOT);
        self.place(folder, base, source, entry, &mut |class| note(class, &entry.path))
    }

    fn describe_root(&mut self, source: Source, entry: &LayerEntry) {
        if entry.kind == FileKind::Directory {
            self.names.put(ROOT, Place::Folder(Some(source)));
        }
    }

    fn hide_children(&mut self, folder: &'a str, layer: u32) -> Result<(), Stop> {
        let Some(folder) = self.folder(folder, None)? else { return Ok(()) };
        if self.names.node(folder).swept > layer {
            return Ok(());
        }
        let children: Vec<NodeId> = self.names.children(folder).collect();
        for child in children {
            self.hide_lower(child, layer);
        }
        self.names.node_mut(folder).swept = layer + 1;
        Ok(())
    }

    fn white_out(
        &mut self,
        folder: &'a str,
        hidden: &'a str,
        layer: u32,
        counts: &mut LayerCounts,
        note: &mut dyn FnMut(Warning),
    ) -> Result<(), Stop> {
        if matches!(hidden, "" | "." | "..") {
            note(Warning::InvalidWhiteout);
            return Ok(());
        }
        counts.whiteouts += 1;
        match self.folder(folder, None)?.and_then(|folder| self.names.child(folder, hidden)) {
            Some(target) => self.hide_lower(target, layer),
            None => note(Warning::WhiteoutWithoutTarget),
        }
        Ok(())
    }

    fn place(
        &mut self,
        folder: NodeId,
        base: &'a str,
        source: Source,
        entry: &'a LayerEntry,
        note: &mut dyn FnMut(Warning),
    ) -> Result<(), Stop> {
        let there = || Stop::TooMuch;
        let inode = match &entry.kind {
            FileKind::Directory => {
                let node = self.names.intern(folder, base).ok_or_else(there)?;
                self.place_folder(node, source);
                return Ok(());
            }
            FileKind::Hardlink(target) => {
                let (parent, name) = split(target);
                let target = self.folder(parent, None)?.and_then(|parent| self.names.child(parent, name));
                match target.map(|id| self.names.node(id).place) {
                    Some(Place::Leaf(inode)) => Some(inode),
                    // A link to what is not there, or to a folder, makes no name.
                    _ => {
                        note(Warning::DanglingHardlink);
                        None
                    }
                }
            }
            // Of a type that nobody knows: makes no name either.
            FileKind::Special if entry.device().is_none() => None,
            _ => {
                let home = self.names.intern(folder, base).ok_or_else(there)?;
                self.inodes.push(Inode { source, home, names: 0 });
                let inode = u32::try_from(self.inodes.len() - 1).map_err(|_| Stop::TooMuch)?;
                self.place_leaf(home, inode, source.0);
                return Ok(());
            }
        };
        match inode {
            Some(inode) => {
                let node = self.names.intern(folder, base).ok_or_else(there)?;
                self.place_leaf(node, inode, source.0);
            }
            None => {
                if let Some(node) = self.names.child(folder, base) {
                    self.change(node, source.0);
                }
            }
        }
        Ok(())
    }

    fn place_leaf(&mut self, node: NodeId, inode: u32, layer: u32) {
        self.change(node, layer);
        // Before what is there goes: that may hold the only other name.
        self.inodes[inode as usize].names += 1;
        self.clear(node, layer);
        self.names.put(node, Place::Leaf(inode));
        self.names.node_mut(node).layer = layer;
    }

    fn place_folder(&mut self, node: NodeId, source: Source) {
        if !self.names.is_folder(node) {
            self.clear(node, source.0);
        }
        self.names.put(node, Place::Folder(Some(source)));
        self.names.node_mut(node).layer = source.0;
    }

    /// The folder at `path`, symbolic links followed inside the root. With `create`, what is missing is made (and a file in
    /// the way replaced) as of that layer; without, none if it is not there.
    fn folder(&mut self, path: &'a str, create: Option<u32>) -> Result<Option<NodeId>, Stop> {
        if let Some((_, folder)) = self.last.filter(|(last, _)| *last == path) {
            return Ok(Some(folder));
        }
        let folder = self.walk(path, create)?;
        self.last = folder.map(|folder| (path, folder)).or(self.last);
        Ok(folder)
    }

    fn walk(&mut self, path: &'a str, create: Option<u32>) -> Result<Option<NodeId>, Stop> {
        let mut rest = path.trim_start_matches('/').split('/');
        let mut here = ROOT;
        // What links put in front of the rest of the path.
        let mut detour: Vec<&'a str> = Vec::new();
        let (mut hops, mut steps) = (0, 0);
        while let Some(part) = detour.pop().or_else(|| rest.next()) {
            steps += 1;
            self.steps += 1;
            match part {
                _ if steps > MAX_STEPS => return Err(Stop::Loop),
                _ if self.steps > MAX_ALL_STEPS => return Err(Stop::TooMuch),
                "" | "." => continue,
                ".." if here == ROOT => continue,
                ".." => {
                    here = self.names.node(here).parent;
                    continue;
                }
                _ => {}
            }
            let child = self.names.find(here, part);
            let place = child.map_or(Place::Nothing, |id| self.names.node(id).place);
            if let Place::Leaf(inode) = place
                && let Some(target) = self.link_target(inode)
            {
                hops += 1;
                if hops > MAX_HOPS || detour.len() > MAX_STEPS {
                    return Err(Stop::Loop);
                }
                if target.starts_with('/') {
                    here = ROOT;
                }
                detour.extend(target.rsplit('/'));
                continue;
            }
            here = match (child, place, create) {
                (Some(folder), Place::Folder(_), _) => folder,
                (_, _, None) => return Ok(None),
                (_, _, Some(layer)) => self.make_folder(here, part, layer)?,
            };
        }
        Ok(Some(here))
    }

    fn make_folder(&mut self, parent: NodeId, name: &'a str, layer: u32) -> Result<NodeId, Stop> {
        let node = self.names.intern(parent, name).ok_or(Stop::TooMuch)?;
        self.clear(node, layer);
        self.names.put(node, Place::Folder(None));
        self.names.node_mut(node).layer = layer;
        Ok(node)
    }

    /// Removes what lower layers have at and below a path; what this layer has below it stays.
    fn hide_lower(&mut self, top: NodeId, layer: u32) {
        let mut order = vec![top];
        let mut at = 0;
        while let Some(id) = order.get(at).copied() {
            // Below what has been swept, all is of this layer.
            if self.names.is_folder(id) && self.names.node(id).swept <= layer {
                order.extend(self.names.children(id));
                self.names.node_mut(id).swept = layer + 1;
            }
            at += 1;
        }
        for id in order.into_iter().rev() {
            if self.names.node(id).layer < layer && self.names.is_empty(id) {
                self.clear(id, layer);
            }
        }
    }

    /// Leaves nothing at a path and below it.
    fn clear(&mut self, top: NodeId, layer: u32) {
        if self.names.node(top).place == Place::Nothing {
            return;
        }
        let mut todo = vec![top];
        while let Some(id) = todo.pop() {
            match self.names.node(id).place {
                Place::Nothing => continue,
                Place::Folder(_) => {
                    self.last = None;
                    todo.extend(self.names.children(id));
                    self.names.forget_children(id);
                }
                Place::Leaf(inode) => {
                    self.change(id, layer);
                    self.drop_name(inode);
                }
            }
            if id == top {
                self.names.put(id, Place::Nothing);
            } else {
                self.names.node_mut(id).place = Place::Nothing;
            }
        }
    }

    fn drop_name(&mut self, inode: u32) {
        if self.link_target(inode).is_some() {
            self.last = None;
        }
        let names = &mut self.inodes[inode as usize].names;
        *names = names.saturating_sub(1);
        if *names == 0 {
            self.lost.push(inode);
        }
    }

    /// Remembers what stood at a path before this layer, if that was no folder.
    fn change(&mut self, id: NodeId, layer: u32) {
        let node = self.names.node_mut(id);
        if node.changed > layer {
            return;
        }
        node.changed = layer + 1;
        let before = match node.place {
            Place::Leaf(inode) => Some(inode),
            Place::Nothing | Place::Folder(_) => None,
        };
        self.changes.push((id, before));
    }

    fn link_target(&self, inode: u32) -> Option<&'a str> {
        match &self.entry(self.inodes[inode as usize].source)?.kind {
            FileKind::Symlink(target) => Some(target),
            _ => None,
        }
    }

    /// The entry that a folder or inode comes from.
    pub(crate) fn entry(&self, (layer, at): Source) -> Option<&'a LayerEntry> {
        self.layers.get(layer as usize)?.entries.get(at as usize)
    }
}
