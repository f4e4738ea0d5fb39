//! Which paths of the final trees differ: content, type and link targets; metadata alone; and files that only moved. Times of
//! change do not count.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet, VecDeque};

use crate::{ContentHash, Device, DeviceSort, FileKind, LayerEntry, Listing, Row, Xattrs};

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

/// A path that differs, as rows of the two trees: there may be millions of them. [`Difference::told`] says the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What became of it.
    pub status: FileStatus,
    /// Row of the first tree; [`NONE`] of added ones.
    before: u32,
    /// Row of the second tree; [`NONE`] of removed ones.
    after: u32,
}

/// No row.
const NONE: u32 = u32::MAX;
/// The root, which is no row of a listing.
const ROOT: u32 = u32::MAX - 1;

/// What differs, by path. A folder that came or went is told only where it is empty: else its content tells.
pub fn compare_trees(a: &Listing<'_>, b: &Listing<'_>) -> Vec<FileChange> {
    differences(a, b).iter().map(|difference| difference.told(a, b)).collect()
}

/// As [`compare_trees`], without the words.
pub fn differences(a: &Listing<'_>, b: &Listing<'_>) -> Vec<Difference> {
    let trees = Trees { a, b };
    let (mut found, mut gone, mut new) = (Vec::new(), Vec::new(), Vec::new());
    found.extend(trees.differ(ROOT, ROOT));
    let (mut left, mut right) = (0, 0);
    loop {
        let order = match (left < number(a.len()), right < number(b.len())) {
            (true, true) => a.order(left as usize, b.row(right as usize).path),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => break,
        };
        match order {
            Ordering::Less => gone.extend(tells(a, left).then_some(left)),
            Ordering::Greater => new.extend(tells(b, right).then_some(right)),
            Ordering::Equal => found.extend(trees.differ(left, right)),
        }
        left += u32::from(order != Ordering::Greater);
        right += u32::from(order != Ordering::Less);
    }
    found.extend(trees.moved(&mut gone, &mut new));
    found.extend(gone.into_iter().map(|before| Difference { status: FileStatus::Removed, before, after: NONE }));
    found.extend(new.into_iter().map(|after| Difference { status: FileStatus::Added, before: NONE, after }));
    found.sort_unstable_by(|one, other| {
        trees.path(one).cmp(trees.path(other)).then_with(|| one.status.cmp(&other.status))
    });
    found
}

/// A tree of so many rows does not fit into memory.
fn number(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(ROOT).min(ROOT)
}

/// Whether a path that is in one tree only is told: not a folder with something in it.
fn tells(tree: &Listing<'_>, at: u32) -> bool {
    let (row, next) = (tree.row(at as usize), tree.row(at.saturating_add(1) as usize));
    let is_full = || next.path.strip_prefix(row.path).is_some_and(|rest| rest.starts_with('/'));
    kind(&row) != NodeKind::Directory || !is_full()
}

#[derive(Clone, Copy)]
struct Trees<'t> {
    a: &'t Listing<'t>,
    b: &'t Listing<'t>,
}

impl<'t> Trees<'t> {
    fn before(&self, difference: &Difference) -> Option<Row<'t, 't>> {
        row(self.a, difference.before)
    }

    fn after(&self, difference: &Difference) -> Option<Row<'t, 't>> {
        row(self.b, difference.after)
    }

    fn path(&self, difference: &Difference) -> &'t str {
        self.after(difference).or_else(|| self.before(difference)).map_or("", |row| row.path)
    }

    /// Of one path in both trees.
    fn differ(&self, before: u32, after: u32) -> Option<Difference> {
        let (a, b) = (row(self.a, before)?, row(self.b, after)?);
        let status = match () {
            () if kind(&a) != kind(&b) => FileStatus::Changed,
            () if is_other_metadata(&a, &b) => FileStatus::Metadata,
            () => return None,
        };
        Some(Difference { status, before, after })
    }

    /// Pairs files that went with files of the same content that came, and takes both out of the lists. Of several with the
    /// same content those with the same name are paired first, then in the order of their paths. Empty files are alike by
    /// chance.
    fn moved(&self, gone: &mut Vec<u32>, new: &mut Vec<u32>) -> Vec<Difference> {
        let mut pairs = Vec::new();
        if gone.is_empty() || new.is_empty() {
            return pairs;
        }
        gone.sort_unstable_by_key(|at| self.a.row(*at as usize).path);
        new.sort_unstable_by_key(|at| self.b.row(*at as usize).path);
        let came: HashSet<ContentHash> = new.iter().filter_map(|at| identity(self.b, *at)).collect();
        let mut by_content: HashMap<ContentHash, VecDeque<u32>> = HashMap::new();
        for (at, content) in gone.iter().filter_map(|at| Some((at, identity(self.a, *at)?))) {
            if came.contains(&content) {
                by_content.entry(content).or_default().push_back(*at);
            }
        }
        let (mut left, mut arrived): (HashSet<u32>, HashSet<u32>) = Default::default();
        for same_name in [true, false] {
            for after in new.iter().copied() {
                let Some(places) = identity(self.b, after).and_then(|content| by_content.get_mut(&content)) else {
                    continue;
                };
                if arrived.contains(&after) {
                    continue;
                }
                let name = self.b.row(after as usize).name();
                let is_named = |at: &u32| self.a.row(*at as usize).name() == name;
                let at = if same_name { places.iter().position(is_named) } else { Some(0) };
                let Some(before) = at.and_then(|at| places.remove(at)) else { continue };
                left.insert(before);
                arrived.insert(after);
                pairs.push(Difference { status: FileStatus::Renamed, before, after });
            }
        }
        gone.retain(|at| !left.contains(at));
        new.retain(|at| !arrived.contains(at));
        pairs
    }
}

impl Difference {
    /// The path that it is about: in the second tree; of removed ones in the first.
    pub fn path<'t>(&self, a: &'t Listing<'_>, b: &'t Listing<'_>) -> &'t str {
        Trees { a, b }.path(self)
    }

    /// All that there is to say, of the trees that it was found between.
    pub fn told(&self, a: &Listing<'_>, b: &Listing<'_>) -> FileChange {
        let trees = Trees { a, b };
        let (before, after) = (trees.before(self), trees.after(self));
        let from = before.filter(|_| self.status == FileStatus::Renamed);
        FileChange {
            path: trees.path(self).to_owned(),
            status: self.status,
            from: from.map(|row| row.path.to_owned()),
            before: before.and_then(|row| bytes(&row)),
            after: after.and_then(|row| bytes(&row)),
            is_directory: after.or(before).is_some_and(|row| kind(&row) == NodeKind::Directory),
            what: before.zip(after).map(|(before, after)| what(&before, &after)).unwrap_or_default(),
        }
    }
}

fn row<'t>(tree: &'t Listing<'t>, at: u32) -> Option<Row<'t, 't>> {
    match at {
        NONE => None,
        ROOT => tree.root(),
        at => Some(tree.row(at as usize)),
    }
}

/// What a path is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NodeKind<'t> {
    Directory,
    /// Bytes and content; hardlinks are files like any other.
    File(u64, Option<ContentHash>),
    Symlink(&'t str),
    Special(Option<Device>),
}

impl NodeKind<'_> {
    fn word(&self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::File(..) => "file",
            Self::Symlink(_) => "symlink",
            Self::Special(Some(Device { sort: DeviceSort::Pipe, .. })) => "pipe",
            Self::Special(_) => "device",
        }
    }
}

fn kind<'t>(row: &Row<'t, 't>) -> NodeKind<'t> {
    let Some(entry) = row.entry else { return NodeKind::Directory };
    match &entry.kind {
        FileKind::Directory => NodeKind::Directory,
        FileKind::Symlink(target) => NodeKind::Symlink(target),
        FileKind::Special => NodeKind::Special(entry.device()),
        FileKind::Regular | FileKind::Hardlink(_) => NodeKind::File(entry.size, entry.content),
    }
}

fn bytes(row: &Row<'_, '_>) -> Option<u64> {
    row.entry.filter(|entry| matches!(entry.kind, FileKind::Regular | FileKind::Hardlink(_))).map(|entry| entry.size)
}

/// By which a file is known again elsewhere.
fn identity(tree: &Listing<'_>, at: u32) -> Option<ContentHash> {
    let row = tree.row(at as usize);
    bytes(&row).filter(|size| *size > 0)?;
    row.entry?.content
}

/// What differs in one path, or in a file that moved.
fn what(a: &Row<'_, '_>, b: &Row<'_, '_>) -> Vec<String> {
    let mut what = Vec::new();
    match (kind(a), kind(b)) {
        (NodeKind::Symlink(before), NodeKind::Symlink(after)) if before != after => {
            what.push(format!("target {before} → {after}"));
        }
        (before, after) if before.word() != after.word() => {
            what.push(format!("{} → {}", before.word(), after.word()));
        }
        _ => {}
    }
    let ((mode, owner), (mode_after, owner_after)) = (rights(a), rights(b));
    if mode != mode_after && have_modes(a, b) {
        what.push(format!("mode {mode:04o} → {mode_after:04o}"));
    }
    if owner != owner_after {
        what.push(format!("owner {}:{} → {}:{}", owner.0, owner.1, owner_after.0, owner_after.1));
    }
    if xattrs(a) != xattrs(b) {
        what.push("xattrs".to_owned());
    }
    what
}

fn is_other_metadata(a: &Row<'_, '_>, b: &Row<'_, '_>) -> bool {
    let ((mode, owner), (mode_after, owner_after)) = (rights(a), rights(b));
    owner != owner_after || mode != mode_after && have_modes(a, b) || xattrs(a) != xattrs(b)
}

/// A symbolic link's own mode means nothing, and one type's mode is not another's.
fn have_modes(a: &Row<'_, '_>, b: &Row<'_, '_>) -> bool {
    let (a, b) = (kind(a), kind(b));
    a.word() == b.word() && !matches!(a, NodeKind::Symlink(_))
}

/// Mode, and owner; of a folder that was only implied as every engine makes it.
fn rights(row: &Row<'_, '_>) -> (u32, (u32, u32)) {
    row.entry.map_or((0o755, (0, 0)), |entry| (entry.mode, (entry.uid, entry.gid)))
}

fn xattrs<'t>(row: &Row<'_, 't>) -> Option<&'t Xattrs> {
    row.entry.and_then(LayerEntry::xattrs)
}

/// `after` less `before`.
pub(super) fn difference(before: u64, after: u64) -> i64 {
    let amount = i64::try_from(before.abs_diff(after)).unwrap_or(i64::MAX);
    if after >= before { amount } else { -amount }
}
