//! Which paths of the final trees differ: content, type and link targets; metadata alone; and files that only moved. Times of
//! change do not count.

use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::{Device, DeviceSort, FileKind, LayerEntry, Stack, TreeName, Xattrs};

/// One path of a final tree, as far as comparing needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeNode {
    /// Absolute.
    pub path: String,
    /// What it is.
    pub kind: NodeKind,
    /// Permission bits.
    pub mode: u32,
    /// Numeric.
    pub uid: u32,
    /// Numeric.
    pub gid: u32,
    /// Extended attributes.
    pub xattrs: Option<Box<Xattrs>>,
}

/// What a path is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A folder, and whether nothing is in it.
    Directory {
        /// Nothing is in it.
        empty: bool,
    },
    /// A regular file; hardlinks are files like any other.
    File {
        /// Bytes.
        size: u64,
        /// sha256; none where it was not computed.
        content: Option<[u8; 32]>,
    },
    /// A symbolic link and its target.
    Symlink(String),
    /// A device or pipe.
    Special(Option<Device>),
}

/// What became of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileStatus {
    /// Only in the second tree.
    Added,
    /// Only in the first.
    Removed,
    /// Another content, type, link target or device.
    Changed,
    /// The same content at another path.
    Renamed,
    /// The same content with another mode, owner or extended attributes.
    Metadata,
}

/// A path that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// In the second tree; of removed ones in the first.
    pub path: String,
    /// What became of it.
    pub status: FileStatus,
    /// Path in the first tree, of renamed ones.
    pub from: Option<String>,
    /// Bytes in the first tree, of regular files.
    pub before: Option<u64>,
    /// Bytes in the second tree, of regular files.
    pub after: Option<u64>,
    /// Whether it is a folder.
    pub is_directory: bool,
    /// What differs beside the content: `mode 0644 → 0755`, `owner 0:0 → 1000:1000`, `xattrs`, `file → symlink`.
    pub what: Vec<String>,
}

/// The final tree, by path.
pub fn tree_nodes(stack: &Stack<'_>) -> Vec<TreeNode> {
    let mut nodes: Vec<TreeNode> = Vec::new();
    stack.each(&mut |name| nodes.push(node(&name)));
    nodes.sort_by(|a, b| a.path.cmp(&b.path));
    mark_full(&mut nodes);
    nodes
}

fn node(name: &TreeName<'_>) -> TreeNode {
    let Some((_, entry)) = name.entry else {
        return TreeNode {
            path: name.path.to_owned(),
            kind: NodeKind::Directory { empty: true },
            mode: 0o755,
            uid: 0,
            gid: 0,
            xattrs: None,
        };
    };
    let kind = match &entry.kind {
        FileKind::Directory => NodeKind::Directory { empty: true },
        FileKind::Symlink(target) => NodeKind::Symlink(target.clone()),
        FileKind::Special => NodeKind::Special(entry.device),
        FileKind::Regular | FileKind::Hardlink(_) => file(entry),
    };
    let LayerEntry { mode, uid, gid, xattrs, .. } = entry;
    TreeNode { path: name.path.to_owned(), kind, mode: *mode, uid: *uid, gid: *gid, xattrs: xattrs.clone() }
}

fn file(entry: &LayerEntry) -> NodeKind {
    NodeKind::File { size: entry.size, content: entry.content }
}

/// Folders that have a path below them are not empty.
fn mark_full(nodes: &mut [TreeNode]) {
    let parents: Vec<String> = nodes.iter().filter_map(|node| parent(&node.path)).map(str::to_owned).collect();
    for path in parents {
        let Ok(at) = nodes.binary_search_by(|node| node.path.as_str().cmp(&path)) else { continue };
        if let Some(TreeNode { kind: NodeKind::Directory { empty }, .. }) = nodes.get_mut(at) {
            *empty = false;
        }
    }
}

fn parent(path: &str) -> Option<&str> {
    let (parent, name) = path.rsplit_once('/')?;
    match (parent, name) {
        (_, "") => None,
        ("", _) => Some("/"),
        (parent, _) => Some(parent),
    }
}

/// What differs, by path. Both trees as [`tree_nodes`] gives them. A folder that came or went is told only where it is empty:
/// else its content tells.
pub fn compare_trees(a: &[TreeNode], b: &[TreeNode]) -> Vec<FileChange> {
    let (mut changes, mut gone, mut new) = (Vec::new(), Vec::new(), Vec::new());
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    loop {
        match (left.peek(), right.peek()) {
            (Some(before), Some(after)) if before.path == after.path => {
                changes.extend(differ(before, after));
                left.next();
                right.next();
            }
            (Some(before), Some(after)) if before.path < after.path => gone.extend(left.next()),
            (Some(_), None) => gone.extend(left.next()),
            (_, Some(_)) => new.extend(right.next()),
            (None, None) => break,
        }
    }
    changes.extend(moved(&mut gone, &mut new));
    changes.extend(gone.into_iter().filter(|node| tells(node)).map(|node| one_sided(node, FileStatus::Removed)));
    changes.extend(new.into_iter().filter(|node| tells(node)).map(|node| one_sided(node, FileStatus::Added)));
    changes.sort_by(|a, b| a.path.cmp(&b.path).then(a.status.cmp(&b.status)));
    changes
}

fn tells(node: &TreeNode) -> bool {
    !matches!(node.kind, NodeKind::Directory { empty: false })
}

fn one_sided(node: &TreeNode, status: FileStatus) -> FileChange {
    let bytes = node.bytes();
    let (before, after) = if status == FileStatus::Added { (None, bytes) } else { (bytes, None) };
    FileChange {
        path: node.path.clone(),
        status,
        from: None,
        before,
        after,
        is_directory: node.is_directory(),
        what: Vec::new(),
    }
}

/// Of one path in both trees.
fn differ(a: &TreeNode, b: &TreeNode) -> Option<FileChange> {
    let mut what = Vec::new();
    let other_type = a.kind.word() != b.kind.word();
    let changed = match (&a.kind, &b.kind) {
        (NodeKind::Directory { .. }, NodeKind::Directory { .. }) => false,
        (first, second) => first != second,
    };
    if other_type {
        what.push(format!("{} → {}", a.kind.word(), b.kind.word()));
    } else if let (NodeKind::Symlink(before), NodeKind::Symlink(after)) = (&a.kind, &b.kind)
        && changed
    {
        what.push(format!("target {before} → {after}"));
    }
    what.extend(metadata(a, b));
    if !changed && what.is_empty() {
        return None;
    }
    Some(FileChange {
        path: b.path.clone(),
        status: if changed { FileStatus::Changed } else { FileStatus::Metadata },
        from: None,
        before: a.bytes(),
        after: b.bytes(),
        is_directory: b.is_directory(),
        what,
    })
}

/// A symbolic link's own mode means nothing, and one type's mode is not another's.
fn metadata(a: &TreeNode, b: &TreeNode) -> Vec<String> {
    let mut what = Vec::new();
    let comparable = a.kind.word() == b.kind.word() && !matches!(a.kind, NodeKind::Symlink(_));
    if a.mode != b.mode && comparable {
        what.push(format!("mode {:04o} → {:04o}", a.mode, b.mode));
    }
    if (a.uid, a.gid) != (b.uid, b.gid) {
        what.push(format!("owner {}:{} → {}:{}", a.uid, a.gid, b.uid, b.gid));
    }
    if a.xattrs != b.xattrs {
        what.push("xattrs".to_owned());
    }
    what
}

/// Pairs files that went with files of the same content that came, and takes both out of the lists. Of several with the same
/// content those with the same name are paired first, then in the order of their paths. Empty files are alike by chance.
fn moved<'a>(gone: &mut Vec<&'a TreeNode>, new: &mut Vec<&'a TreeNode>) -> Vec<FileChange> {
    let mut by_content: HashMap<[u8; 32], VecDeque<&TreeNode>> = HashMap::new();
    for node in gone.iter().copied() {
        if let Some(content) = node.identity() {
            by_content.entry(content).or_default().push_back(node);
        }
    }
    let mut pairs: BTreeMap<&str, &str> = BTreeMap::new();
    let mut changes = Vec::new();
    for same_name in [true, false] {
        for after in new.iter().copied().filter(|node| node.identity().is_some()) {
            if pairs.contains_key(after.path.as_str()) {
                continue;
            }
            let Some(left) = after.identity().and_then(|content| by_content.get_mut(&content)) else { continue };
            let at = if same_name { left.iter().position(|before| before.name() == after.name()) } else { Some(0) };
            let Some(before) = at.and_then(|at| left.remove(at)) else { continue };
            pairs.insert(&after.path, &before.path);
            changes.push(FileChange {
                path: after.path.clone(),
                status: FileStatus::Renamed,
                from: Some(before.path.clone()),
                before: before.bytes(),
                after: after.bytes(),
                is_directory: false,
                what: metadata(before, after),
            });
        }
    }
    let came: std::collections::HashSet<&str> = pairs.values().copied().collect();
    gone.retain(|node| !came.contains(node.path.as_str()));
    new.retain(|node| !pairs.contains_key(node.path.as_str()));
    changes
}

impl TreeNode {
    fn bytes(&self) -> Option<u64> {
        match self.kind {
            NodeKind::File { size, .. } => Some(size),
            _ => None,
        }
    }

    fn is_directory(&self) -> bool {
        matches!(self.kind, NodeKind::Directory { .. })
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or("")
    }

    /// By which a file is known again elsewhere.
    fn identity(&self) -> Option<[u8; 32]> {
        match self.kind {
            NodeKind::File { size, content } if size > 0 => content,
            _ => None,
        }
    }
}

impl NodeKind {
    fn word(&self) -> &'static str {
        match self {
            Self::Directory { .. } => "directory",
            Self::File { .. } => "file",
            Self::Symlink(_) => "symlink",
            Self::Special(Some(Device { sort: DeviceSort::Pipe, .. })) => "pipe",
            Self::Special(_) => "device",
        }
    }
}

/// `after` less `before`.
pub(super) fn difference(before: u64, after: u64) -> i64 {
    let amount = i64::try_from(before.abs_diff(after)).unwrap_or(i64::MAX);
    if after >= before { amount } else { -amount }
}
