//! The final tree as a table in path order: what stands where, from which entry of which layer, and what it weighs. Questions
//! about packages, avoidable bytes and reasons are answered from it. Entries are borrowed from the layer indexes.

use std::cmp::Ordering;
use std::ops::{AddAssign, Range};

use crate::{Error, FileKind, LayerEntry, LayerFault, LayerIndex, Stack, TreeName};

/// Bytes of all paths together: deep folders repeat their parents' names in each.
const MAX_PATH_BYTES: usize = 1 << 30;
/// As Linux: fs/namei.c, MAXSYMLINKS.
const MAX_LINKS: usize = 40;
/// Path parts walked for one question, those of link targets among them.
const MAX_STEPS: usize = 1 << 12;

/// Bytes of regular files, hardlinks once, and their share of the layers' blobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weight {
    /// As `stat` shows them.
    pub bytes: u64,
    /// Of the blobs as they are stored; see [`LayerEntry::compressed_bytes`].
    pub compressed_bytes: u64,
}

impl AddAssign for Weight {
    fn add_assign(&mut self, other: Self) {
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.compressed_bytes = self.compressed_bytes.saturating_add(other.compressed_bytes);
    }
}

impl std::iter::Sum for Weight {
    fn sum<I: Iterator<Item = Self>>(weights: I) -> Self {
        weights.fold(Self::default(), |mut sum, weight| {
            sum += weight;
            sum
        })
    }
}

/// The final tree, the root left out. Rows are in path order: each folder is followed by all that is below it.
#[derive(Clone, Debug, Default)]
pub struct Listing<'a> {
    layers: Vec<&'a LayerIndex>,
    paths: String,
    rows: Vec<Stored>,
    /// What stands at `/`.
    root: Option<Stored>,
}

/// There may be millions of them.
#[derive(Clone, Copy, Debug)]
struct Stored {
    /// Where in `paths`, and how long.
    path: (u32, u32),
    layer: u32,
    /// Layer and place in it; [`NONE`] where there is none.
    source: (u32, u32),
    /// [`NONE`] for folders.
    inode: u32,
    depth: u16,
    counts: bool,
}

/// No entry, no inode.
const NONE: u32 = u32::MAX;

/// One row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Row<'t, 'a> {
    /// Absolute.
    pub path: &'t str,
    /// The layer that gave the name.
    pub layer: usize,
    /// The layer that holds the content: another one for a hardlink to a file of a lower layer.
    pub holder: usize,
    /// Its entry; none for a folder that was only implied.
    pub entry: Option<&'a LayerEntry>,
    /// The entry's place: its layer, and its number there.
    pub source: Option<(u32, u32)>,
    /// The same number for all names of a file; none for folders.
    pub inode: Option<usize>,
    /// Whether this is the one name that stands for the file where each counts once.
    pub counts: bool,
    /// Parts of the path: 1 below the root.
    pub depth: usize,
}

impl<'t> Row<'t, '_> {
    /// The last part of the path.
    pub fn name(&self) -> &'t str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// Whether it is a folder.
    pub fn is_folder(&self) -> bool {
        self.inode.is_none()
    }

    /// Whether it is a regular file, under any of its names.
    pub fn is_file(&self) -> bool {
        self.entry.is_some_and(|entry| entry.kind == FileKind::Regular)
    }

    /// Bytes of a regular file, at the one name that counts; else nothing.
    pub fn weight(&self) -> Weight {
        match self.entry.filter(|_| self.counts && self.is_file()) {
            Some(entry) => Weight { bytes: entry.size, compressed_bytes: entry.compressed_bytes },
            None => Weight::default(),
        }
    }
}

impl<'a> Listing<'a> {
    /// The final tree of `stack`, which was made from these `layers` (see [`crate::Image::indexes`]).
    pub fn new(stack: &Stack<'_>, layers: &[&'a LayerIndex]) -> Result<Self, Error> {
        let mut listing = Self { layers: layers.to_vec(), ..Self::default() };
        stack.each(&mut |name| listing.push(&name));
        if listing.paths.len() > MAX_PATH_BYTES {
            let reason = LayerFault::TooLarge { what: "bytes of paths", limit: MAX_PATH_BYTES as u64 };
            return Err(Error::Layer { place: None, layer: "of the final tree".to_owned(), reason });
        }
        listing.rows.shrink_to_fit();
        Ok(listing)
    }

    fn push(&mut self, name: &TreeName<'_>) {
        if self.paths.len() > MAX_PATH_BYTES {
            return;
        }
        let number = |number: usize| u32::try_from(number).unwrap_or(NONE);
        let row = Stored {
            path: (number(self.paths.len()), number(name.path.len())),
            layer: number(name.layer),
            source: name.source.map_or((NONE, NONE), |(layer, at)| (number(layer), number(at))),
            inode: name.inode.map_or(NONE, number),
            depth: name.path.bytes().filter(|byte| *byte == b'/').count().try_into().unwrap_or(u16::MAX),
            counts: name.counts,
        };
        self.paths.push_str(name.path);
        if name.path == "/" {
            self.root = Some(row);
        } else {
            self.rows.push(row);
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether the tree is empty.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many layers the image has.
    pub fn layers(&self) -> usize {
        self.layers.len()
    }

    /// The entries of each layer, lowest first, in archive order.
    pub fn entries(&self) -> impl Iterator<Item = (usize, &'a [LayerEntry])> {
        self.layers.iter().enumerate().map(|(place, layer)| (place, layer.entries.as_slice()))
    }

    /// Row `at`, which must be less than [`Listing::len`]; beyond, an empty one.
    pub fn row(&self, at: usize) -> Row<'_, 'a> {
        match self.rows.get(at) {
            Some(row) => self.shown(row),
            None => Row::default(),
        }
    }

    /// What stands at `/`, which is no row.
    pub(crate) fn root(&self) -> Option<Row<'_, 'a>> {
        self.root.as_ref().map(|row| self.shown(row))
    }

    fn shown(&self, row: &Stored) -> Row<'_, 'a> {
        let (holder, at) = row.source;
        let entry = self.layers.get(holder as usize).and_then(|layer| layer.entries.get(at as usize));
        Row {
            path: self.path(row),
            layer: row.layer as usize,
            holder: if holder == NONE { row.layer } else { holder } as usize,
            entry,
            source: (holder != NONE).then_some(row.source),
            inode: (row.inode != NONE).then_some(row.inode as usize),
            counts: row.counts,
            depth: row.depth.into(),
        }
    }

    /// How row `at` and a path stand to one another in path order.
    pub(crate) fn order(&self, at: usize, path: &str) -> Ordering {
        compare(self.row(at).path, path)
    }

    fn path(&self, row: &Stored) -> &str {
        let (start, length) = (row.path.0 as usize, row.path.1 as usize);
        self.paths.get(start..start.saturating_add(length)).unwrap_or_default()
    }

    /// All rows, in path order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_, 'a>> {
        (0..self.rows.len()).map(|at| self.row(at))
    }

    /// The row of an absolute path, as it stands there: links are not followed.
    pub fn find(&self, path: &str) -> Option<usize> {
        self.rows.binary_search_by(|row| compare(self.path(row), path)).ok()
    }

    /// The rows below a folder's path, without its own; all of them for `/` or the empty path.
    pub fn below(&self, path: &str) -> Range<usize> {
        let path = path.trim_end_matches('/');
        if path.is_empty() {
            return 0..self.rows.len();
        }
        let start = self.rows.partition_point(|row| compare(self.path(row), path) != Ordering::Greater);
        let inside = |row: &Stored| self.path(row).strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        let length = self.rows.get(start..).unwrap_or_default().partition_point(inside);
        start..start + length
    }

    /// What the files at and below a path weigh together.
    pub fn weight_below(&self, path: &str) -> Weight {
        let own = self.find(path).map(|at| self.row(at).weight()).unwrap_or_default();
        let mut weight: Weight = self.below(path).map(|at| self.row(at).weight()).sum();
        weight += own;
        weight
    }

    /// The row that `path` leads to, links in every part followed as the kernel would inside the image.
    pub fn resolve(&self, path: &str) -> Option<usize> {
        let mut todo: Vec<&str> = path.rsplit('/').collect();
        let (mut at, mut row) = (String::new(), None);
        let (mut links, mut steps) = (0, 0);
        while let Some(part) = todo.pop() {
            steps += 1;
            match part {
                _ if steps > MAX_STEPS => return None,
                "" | "." => continue,
                ".." => {
                    at.truncate(at.rfind('/').unwrap_or(0));
                    continue;
                }
                _ => {}
            }
            let parent = at.len();
            at.push('/');
            at.push_str(part);
            row = Some(self.find(&at)?);
            let entry = row.and_then(|row| self.row(row).entry);
            if let Some(FileKind::Symlink(target)) = entry.map(|entry| &entry.kind) {
                links += 1;
                if links > MAX_LINKS {
                    return None;
                }
                at.truncate(if target.starts_with('/') { 0 } else { parent });
                todo.extend(target.rsplit('/'));
            }
        }
        self.find(&at).or(row)
    }

    /// The kept payload at `path`.
    pub(crate) fn payload(&self, path: &str) -> Option<&'a [u8]> {
        self.row(self.find(path)?).entry?.payload()
    }
}

/// Path order: part by part, so that a folder stands before what is in it and that before its next neighbour.
fn compare(one: &str, other: &str) -> Ordering {
    let key = |byte: &u8| if *byte == b'/' { 0 } else { *byte };
    let (one, other) = (one.as_bytes(), other.as_bytes());
    // Neighbours have most of their paths in common: those are passed over eight bytes at a time.
    let same = one.chunks_exact(8).zip(other.chunks_exact(8)).take_while(|(one, other)| one == other).count() * 8;
    let (one, other) = (one.get(same..).unwrap_or_default(), other.get(same..).unwrap_or_default());
    one.iter().map(key).cmp(other.iter().map(key))
}

#[cfg(test)]
mod tests {
    use jettison_testkit::LayerBuilder;

    use super::*;
    use crate::{LayerReader, index_layer};

    fn index(layer: &LayerBuilder) -> LayerIndex {
        let tar = layer.tar();
        index_layer(LayerReader { name: "test".to_owned(), blob: Box::new(&tar[..]) }, &|_| false).unwrap()
    }

    #[test]
    fn a_folder_is_followed_by_what_is_below_it_and_then_by_its_neighbours() {
        let lower =
            index(&LayerBuilder::new().file("a/b", "12").file("a-b", "123").file("a.b", "1").file("a/c/d", "1234"));
        let upper = index(&LayerBuilder::new().hardlink("z", "a/b").symlink("l", "a/c"));
        let layers = [&lower, &upper];
        let listing = Listing::new(&Stack::new(&layers).unwrap(), &layers).unwrap();
        let paths: Vec<&str> = listing.rows().map(|row| row.path).collect();
        assert_eq!(paths, ["/a", "/a/b", "/a/c", "/a/c/d", "/a-b", "/a.b", "/l", "/z"]);
        for (at, path) in paths.iter().enumerate() {
            assert_eq!(listing.find(path), Some(at), "{path}");
        }
        assert_eq!((listing.below("/a"), listing.below("/"), listing.below("/z")), (1..4, 0..8, 8..8));
        assert_eq!(listing.find("/a/"), None);
        assert_eq!(listing.weight_below("/a").bytes, 6);
        assert_eq!(listing.weight_below("/").bytes, 10);
        assert_eq!(listing.resolve("/l/../b").map(|at| listing.row(at).path), Some("/a/b"));
        assert_eq!(listing.resolve("/l/d").map(|at| listing.row(at).path), Some("/a/c/d"));
        assert_eq!(listing.resolve("/l/x"), None);
        let link = listing.row(listing.find("/z").unwrap());
        assert_eq!((link.layer, link.holder, link.counts, link.is_file()), (1, 0, false, true));
    }
}
