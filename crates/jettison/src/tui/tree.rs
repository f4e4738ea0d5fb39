//! A tree of files to look through: one arena in path order, so that what is below a folder stands right behind it and a
//! million entries take tens of megabytes. Grown by `grow`, looked at through `browse`. Knows no terminal and no image.

use std::collections::BTreeMap;

/// No node, no entry.
pub const NONE: u32 = u32::MAX;
/// The root, which every tree has.
pub const ROOT: u32 = 0;

/// What became of a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// As it was.
    #[default]
    Same,
    /// Not there before.
    Added,
    /// There before, and different.
    Changed,
    /// There before, not any more.
    Removed,
}

impl Mark {
    /// Those that differ.
    pub const DIFFERENT: u8 = Self::Added.bit() | Self::Changed.bit() | Self::Removed.bit();
    /// Every one.
    pub const ANY: u8 = Self::DIFFERENT | Self::Same.bit();

    /// Its place in a set.
    pub const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// How it is shown.
    pub const fn sign(self) -> char {
        match self {
            Self::Same => ' ',
            Self::Added => '+',
            Self::Changed => '~',
            Self::Removed => '−',
        }
    }
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A folder.
    #[default]
    Folder,
    /// A regular file.
    File,
    /// A symbolic link.
    Link,
    /// A device or pipe.
    Special,
}

/// What is put into a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// What became of it.
    pub mark: Mark,
    /// Bytes of a regular file, as `stat` shows them.
    pub size: u64,
    /// What of `size` counts in sums: nothing for a further name of a file that counts elsewhere.
    pub weight: u64,
    /// Bytes that the final tree does not have.
    pub wasted: u64,
    /// Layer and place in it of the entry that it comes from.
    pub source: Option<(u32, u32)>,
    /// What else there is to say: `moved from /a`, `mode 0644 → 0755`.
    pub note: Option<String>,
}

/// One path.
#[derive(Clone, Debug)]
pub struct Node {
    name: (u32, u32),
    /// The folder that it is in; [`NONE`] for the root.
    pub parent: u32,
    /// Behind the last node below it.
    pub end: u32,
    /// Parts of the path.
    pub depth: u16,
    /// What it is.
    pub kind: Kind,
    /// What became of it; of a folder with something in it, see [`Tree::sign`].
    pub mark: Mark,
    /// Marks of it and all below it.
    pub has: u8,
    /// Bytes of a regular file, as `stat` shows them.
    pub size: u64,
    weight: u64,
    /// Bytes at and below it that the final tree does not have.
    pub wasted: u64,
    /// Layer and place in it of the entry that it comes from; [`NONE`] where there is none.
    pub source: (u32, u32),
    sums: u32,
}

/// What is below a folder, by mark.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    bytes: [u64; 4],
    files: [u32; 4],
}

/// The tree.
#[derive(Clone, Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    names: String,
    sums: Vec<Sums>,
    notes: BTreeMap<u32, String>,
    /// What the marks are against: `against the base image`.
    pub against: String,
}

impl Tree {
    /// How many nodes there are, the root among them.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The node of that number; beyond the last, the root.
    pub fn node(&self, id: u32) -> &Node {
        &self.nodes[if (id as usize) < self.nodes.len() { id as usize } else { 0 }]
    }

    /// The last part of its path; of the root, `/`.
    pub fn name(&self, id: u32) -> &str {
        let (start, length) = self.node(id).name;
        self.names.get(start as usize..(start as usize).saturating_add(length as usize)).unwrap_or_default()
    }

    /// Its absolute path.
    pub fn path(&self, id: u32) -> String {
        let mut parts = Vec::new();
        let mut at = id;
        while at != ROOT && at != NONE {
            parts.push(self.name(at));
            at = self.node(at).parent;
        }
        parts.reverse();
        format!("/{}", parts.join("/"))
    }

    /// The node at a path.
    pub fn find(&self, path: &str) -> Option<u32> {
        let mut at = ROOT;
        for part in path.split('/').filter(|part| !part.is_empty()) {
            at = self.children(at).find(|child| self.name(*child) == part)?;
        }
        Some(at)
    }

    /// What is in a folder, in path order.
    pub fn children(&self, id: u32) -> impl Iterator<Item = u32> {
        let end = self.node(id).end;
        let inside = move |at: u32| (at < end).then_some(at);
        std::iter::successors(inside(id.saturating_add(1)), move |at| inside(self.node(*at).end))
    }

    /// Whether something is in it.
    pub fn has_children(&self, id: u32) -> bool {
        self.node(id).end > id.saturating_add(1)
    }

    /// What became of it; of a folder, what became of what is in it where that is all the same.
    pub fn sign(&self, id: u32) -> Mark {
        let node = self.node(id);
        if !self.has_children(id) {
            return node.mark;
        }
        match node.has {
            has if has == Mark::Same.bit() => Mark::Same,
            has if has == Mark::Added.bit() => Mark::Added,
            has if has == Mark::Removed.bit() => Mark::Removed,
            _ => Mark::Changed,
        }
    }

    /// Bytes of what has one of these marks, at and below it; hardlinks once. What was removed counts only where nothing else
    /// is asked for: it is not there.
    pub fn bytes(&self, id: u32, marks: u8) -> u64 {
        self.sum(id, there(marks), |sums, mark| sums.bytes[mark], |node| node.size)
    }

    /// Regular files with one of these marks, at and below it.
    pub fn files(&self, id: u32, marks: u8) -> u64 {
        self.sum(id, there(marks), |sums, mark| sums.files[mark].into(), |node| u64::from(node.kind == Kind::File))
    }

    fn sum(&self, id: u32, marks: u8, of: fn(&Sums, usize) -> u64, own: fn(&Node) -> u64) -> u64 {
        let node = self.node(id);
        match self.sums.get(node.sums as usize) {
            Some(sums) => {
                let asked = (0..4).filter(|mark| marks & (1 << mark) != 0);
                asked.map(|mark| of(sums, mark)).fold(0, u64::saturating_add)
            }
            // a file alone is shown with its size, whether it counts in sums or not
            None => own(node),
        }
    }

    /// What else there is to say of it.
    pub fn note(&self, id: u32) -> Option<&str> {
        self.notes.get(&id).map(String::as_str)
    }
}

fn there(marks: u8) -> u8 {
    if marks == Mark::Removed.bit() { marks } else { marks & !Mark::Removed.bit() }
}

/// A tree that grows, path by path in path order: a folder before what is in it, and that before its next neighbour.
pub struct Growing {
    tree: Tree,
    /// From the root to the node added last, each with the length of its path.
    open: Vec<(u32, usize)>,
    path: String,
}

impl Growing {
    /// The root alone.
    pub fn new(against: &str) -> Self {
        let root = Node {
            name: (0, 1),
            parent: NONE,
            end: 1,
            depth: 0,
            kind: Kind::Folder,
            mark: Mark::Same,
            has: 0,
            size: 0,
            weight: 0,
            wasted: 0,
            source: (NONE, NONE),
            sums: 0,
        };
        let tree = Tree {
            nodes: vec![root],
            names: "/".to_owned(),
            sums: vec![Sums::default()],
            notes: BTreeMap::new(),
            against: against.to_owned(),
        };
        Self { tree, open: vec![(ROOT, 0)], path: String::new() }
    }

    /// Adds what stands at an absolute path; folders that nobody added before are made. What does not fit the arena's numbers
    /// (4 GB of names) is left out.
    pub fn add(&mut self, path: &str, item: Item) {
        let path = path.trim_end_matches('/');
        while self.open.len() > 1 && !is_below(path, &self.path) {
            self.close();
        }
        let rest = path.get(self.path.len()..).unwrap_or_default();
        let mut parts = rest.split('/').filter(|part| !part.is_empty()).peekable();
        let implied = if item.mark == Mark::Removed { Mark::Removed } else { Mark::Same };
        while let Some(part) = parts.next() {
            match parts.peek() {
                Some(_) => self.push(part, Item { mark: implied, ..Item::default() }),
                None => return self.push(part, item),
            }
        }
    }

    fn push(&mut self, name: &str, item: Item) {
        let number = |number: usize| u32::try_from(number).ok().filter(|number| *number != NONE);
        let (Some(id), Some(start), Some(length)) =
            (number(self.tree.nodes.len()), number(self.tree.names.len()), number(name.len()))
        else {
            return;
        };
        let parent = self.open.last().map_or(ROOT, |(parent, _)| *parent);
        self.give_sums(parent);
        self.tree.names.push_str(name);
        self.path.push('/');
        self.path.push_str(name);
        let sums = if item.kind == Kind::Folder { self.new_sums() } else { NONE };
        if let Some(note) = item.note {
            self.tree.notes.insert(id, note);
        }
        self.tree.nodes.push(Node {
            name: (start, length),
            parent,
            end: id.saturating_add(1),
            depth: self.tree.node(parent).depth.saturating_add(1),
            kind: item.kind,
            mark: item.mark,
            has: 0,
            size: item.size,
            weight: item.weight,
            wasted: item.wasted,
            source: item.source.unwrap_or((NONE, NONE)),
            sums,
        });
        self.open.push((id, self.path.len()));
    }

    fn new_sums(&mut self) -> u32 {
        self.tree.sums.push(Sums::default());
        u32::try_from(self.tree.sums.len() - 1).unwrap_or(NONE)
    }

    /// A file where a folder was has what was in that folder below it.
    fn give_sums(&mut self, id: u32) {
        if self.tree.node(id).sums != NONE {
            return;
        }
        let own = self.new_sums();
        if let Some(node) = self.tree.nodes.get_mut(id as usize) {
            node.sums = own;
            let (mark, weight, is_file) = (node.mark as usize, node.weight, node.kind == Kind::File);
            if let Some(sums) = self.tree.sums.get_mut(own as usize) {
                sums.bytes[mark] = weight;
                sums.files[mark] = u32::from(is_file);
            }
        }
    }

    /// The node added last is whole: its folder learns what is in it.
    fn close(&mut self) {
        let Some((id, _)) = self.open.pop() else { return };
        self.path.truncate(self.open.last().map_or(0, |(_, length)| *length));
        let end = u32::try_from(self.tree.nodes.len()).unwrap_or(NONE);
        let Some(node) = self.tree.nodes.get_mut(id as usize) else { return };
        node.end = end;
        let is_full = end > id.saturating_add(1);
        if !(node.kind == Kind::Folder && is_full) {
            node.has |= node.mark.bit();
        }
        let (has, wasted, parent) = (node.has, node.wasted, node.parent);
        let added = match self.tree.sums.get(node.sums as usize) {
            Some(sums) => *sums,
            None => {
                let mut sums = Sums::default();
                sums.bytes[node.mark as usize] = node.weight;
                sums.files[node.mark as usize] = u32::from(node.kind == Kind::File);
                sums
            }
        };
        let Some(parent) = self.tree.nodes.get_mut(parent as usize) else { return };
        parent.has |= has;
        parent.wasted = parent.wasted.saturating_add(wasted);
        if let Some(sums) = self.tree.sums.get_mut(parent.sums as usize) {
            for mark in 0..4 {
                sums.bytes[mark] = sums.bytes[mark].saturating_add(added.bytes[mark]);
                sums.files[mark] = sums.files[mark].saturating_add(added.files[mark]);
            }
        }
    }

    /// The tree as it stands.
    pub fn finish(mut self) -> Tree {
        while !self.open.is_empty() {
            self.close();
        }
        self.tree
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
