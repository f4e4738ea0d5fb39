//! From stacks of layers to trees to look through: the final tree against the base image, what one layer did, what a package
//! owns, what differs between two images. Pure; runs on the worker's thread.

use std::cmp::Ordering;

use jettison_image::diff::{Difference, FileChange, FileStatus, differences};
use jettison_image::{Error, FileKind, LayerEntry, LayerIndex, Listing, Row, Stack, Waste, WastedPath, shown_path};

use super::tree::{Growing, Item, Kind, Mark, Tree};

/// Which payloads the final tree has: by layer, by place in it.
#[derive(Clone, Debug, Default)]
pub struct Alive(Vec<Vec<bool>>);

impl Alive {
    /// Of a whole image.
    pub fn new(tree: &Listing<'_>) -> Self {
        let mut alive: Vec<Vec<bool>> = tree.entries().map(|(_, entries)| vec![false; entries.len()]).collect();
        for (layer, at) in tree.rows().filter_map(|row| row.source) {
            if let Some(slot) = alive.get_mut(layer as usize).and_then(|layer| layer.get_mut(at as usize)) {
                *slot = true;
            }
        }
        Self(alive)
    }

    /// What of a row's bytes the final tree does not have.
    fn wasted(&self, row: &Row<'_, '_>, weight: u64) -> u64 {
        let alive = row.source.and_then(|(layer, at)| self.0.get(layer as usize)?.get(at as usize));
        if alive == Some(&false) { weight } else { 0 }
    }
}

/// A path that the tree shows although nothing stands there, or that is known to have wasted bytes.
#[derive(Clone, Debug, Default)]
struct Ghost {
    path: String,
    item: Item,
}

/// How a tree is grown.
#[derive(Default)]
struct Plan<'p> {
    against: &'p str,
    /// The tree that it is against, and what differs.
    before: Before<'p>,
    ghosts: Vec<Ghost>,
    alive: Option<&'p Alive>,
    /// Of which rows there is to be a node; of all without.
    wanted: Option<&'p dyn Fn(usize) -> bool>,
    /// What this layer named again without a difference is said to be so.
    by: Option<usize>,
}

/// What a tree is compared with.
#[derive(Default)]
enum Before<'p> {
    /// Nothing: its paths have no marks.
    #[default]
    None,
    /// An empty tree: all is new.
    Empty,
    /// Another tree.
    Tree(&'p Listing<'p>),
}

/// The final tree, its marks against the lowest `base` layers; with the files that no longer are there and still take room.
pub fn whole(
    layers: &[&LayerIndex],
    tree: &Listing<'_>,
    waste: &Waste,
    base: usize,
    named: &str,
) -> Result<Tree, Error> {
    let ghosts = waste.paths.iter().map(wasted).collect();
    let lower = layers.get(..base).filter(|_| base < layers.len());
    // an image is no different from itself
    let Some(lower) = lower else { return Ok(grow(tree, Plan { against: named, ghosts, ..Plan::default() })) };
    let before = listing(lower)?;
    Ok(grow(tree, Plan { against: named, before: Before::Tree(&before), ghosts, ..Plan::default() }))
}

/// The tree as it is after layer `place`, its marks against the tree before.
pub fn of_layer(layers: &[&LayerIndex], place: usize, alive: &Alive) -> Result<Tree, Error> {
    let after = listing(layers.get(..=place).unwrap_or_default())?;
    let lower = listing(layers.get(..place).unwrap_or_default())?;
    let before = if place == 0 { Before::Empty } else { Before::Tree(&lower) };
    let against = "against the layers below";
    Ok(grow(&after, Plan { against, before, alive: Some(alive), by: Some(place), ..Plan::default() }))
}

/// The rows of the final tree for which `wanted` says so.
pub fn of_rows(tree: &Listing<'_>, wanted: &dyn Fn(usize) -> bool) -> Tree {
    grow(tree, Plan { wanted: Some(wanted), ..Plan::default() })
}

/// The tree of the second image, its marks against the first.
pub fn of_two(a: &Listing<'_>, b: &Listing<'_>) -> Tree {
    grow(b, Plan { against: "against the first image", before: Before::Tree(a), ..Plan::default() })
}

/// What one layer holds, whatever is below it: for layers that arrive while the others are still being read.
pub fn alone(layer: &LayerIndex) -> Result<Tree, Error> {
    let ghosts = layer.entries.iter().filter_map(whiteout).collect();
    Ok(grow(&listing(&[layer])?, Plan { ghosts, ..Plan::default() }))
}

fn listing<'a>(layers: &[&'a LayerIndex]) -> Result<Listing<'a>, Error> {
    Listing::new(&Stack::new(layers)?, layers)
}

fn wasted(path: &WastedPath) -> Ghost {
    let bytes = path.bytes;
    let item =
        Item { kind: Kind::File, mark: Mark::Removed, size: bytes, weight: bytes, wasted: bytes, ..Item::default() };
    Ghost { path: path.path.clone(), item }
}

/// `/a/.wh.b` removes `/a/b`.
fn whiteout(entry: &LayerEntry) -> Option<Ghost> {
    let (folder, name) = entry.path.rsplit_once('/')?;
    let (path, note) = match name.strip_prefix(".wh.")? {
        ".wh..opq" => (folder.to_owned(), "what lower layers have in it"),
        hidden if hidden.starts_with(".wh.") || hidden.is_empty() => return None,
        hidden => (format!("{folder}/{hidden}"), "removed from lower layers"),
    };
    let item = Item { kind: Kind::File, mark: Mark::Removed, note: Some(note.to_owned()), ..Item::default() };
    (!path.is_empty()).then_some(Ghost { path, item })
}

fn grow(tree: &Listing<'_>, plan: Plan<'_>) -> Tree {
    let mut growing = Growing::new(plan.against);
    let mut ghosts = plan.ghosts;
    let mut changes = Changes::new(&plan.before, tree, &mut ghosts);
    ghosts.sort_by(|one, other| path_order(&one.path, &other.path));
    let mut ghosts = Ghosts(ghosts.into_iter().peekable());
    for (at, row) in tree.rows().enumerate() {
        ghosts.before(row.path, &mut growing);
        if !plan.wanted.is_none_or(|wanted| wanted(at)) {
            continue;
        }
        let mut item = item(&row, changes.at(row.path).as_ref(), plan.by);
        if matches!(plan.before, Before::Empty) && !has_something_in_it(tree, at) {
            (item.mark, item.note) = (Mark::Added, None);
        }
        item.wasted = plan.alive.map_or(0, |alive| alive.wasted(&row, item.weight));
        ghosts.at(row.path, &mut item);
        growing.add(row.path, item);
    }
    ghosts.rest(&mut growing);
    growing.finish()
}

fn has_something_in_it(tree: &Listing<'_>, at: usize) -> bool {
    let (row, next) = (tree.row(at), tree.row(at.saturating_add(1)));
    row.is_folder() && next.path.strip_prefix(row.path).is_some_and(|rest| rest.starts_with('/'))
}

/// What differs in paths that are there, in path order.
struct Changes<'t> {
    trees: Option<(&'t Listing<'t>, &'t Listing<'t>)>,
    /// The next one last.
    left: Vec<Difference>,
}

impl<'t> Changes<'t> {
    /// Compares; what is not there any more goes to the ghosts.
    fn new(before: &Before<'t>, after: &'t Listing<'t>, ghosts: &mut Vec<Ghost>) -> Self {
        let Before::Tree(before) = before else { return Self { trees: None, left: Vec::new() } };
        let mut left = differences(before, after);
        left.retain(|difference| match difference.status {
            FileStatus::Removed => {
                ghosts.push(removed(&difference.told(before, after)));
                false
            }
            FileStatus::Renamed => {
                ghosts.extend(moved_away(&difference.told(before, after)));
                true
            }
            _ => true,
        });
        left.sort_by(|one, other| path_order(other.path(before, after), one.path(before, after)));
        Self { trees: Some((before, after)), left }
    }

    /// What differs at a path, which must come behind those asked before.
    fn at(&mut self, path: &str) -> Option<FileChange> {
        let (before, after) = self.trees?;
        while let Some(next) = self.left.last() {
            match path_order(next.path(before, after), path) {
                Ordering::Less => self.left.truncate(self.left.len().saturating_sub(1)),
                Ordering::Equal => return self.left.pop().map(|difference| difference.told(before, after)),
                Ordering::Greater => break,
            }
        }
        None
    }
}

/// What is not there, in path order, on its way into a tree.
struct Ghosts(std::iter::Peekable<std::vec::IntoIter<Ghost>>);

impl Ghosts {
    /// Adds those that come before a path.
    fn before(&mut self, path: &str, growing: &mut Growing) {
        while let Some(ghost) = self.0.next_if(|ghost| path_order(&ghost.path, path) == Ordering::Less) {
            self.add(ghost, growing);
        }
    }

    fn add(&mut self, mut ghost: Ghost, growing: &mut Growing) {
        // removed since the base, and wasted: one path
        while let Some(other) = self.0.next_if(|other| other.path == ghost.path) {
            merge(&mut ghost.item, other.item);
        }
        growing.add(&ghost.path, ghost.item);
    }

    /// What is wasted at a path where something stands.
    fn at(&mut self, path: &str, item: &mut Item) {
        while let Some(ghost) = self.0.next_if(|ghost| ghost.path == path) {
            item.wasted = item.wasted.saturating_add(ghost.item.wasted);
        }
    }

    fn rest(&mut self, growing: &mut Growing) {
        while let Some(ghost) = self.0.next() {
            self.add(ghost, growing);
        }
    }
}

fn merge(item: &mut Item, other: Item) {
    item.size = item.size.max(other.size);
    item.weight = item.weight.max(other.weight);
    item.wasted = item.wasted.max(other.wasted);
    item.note = item.note.take().or(other.note);
}

fn item(row: &Row<'_, '_>, change: Option<&FileChange>, by: Option<usize>) -> Item {
    let entry = row.entry;
    let kind = entry.map_or(Kind::Folder, |entry| kind(&entry.kind));
    let size = entry.filter(|_| kind == Kind::File).map_or(0, |entry| entry.size);
    let is_again = by == Some(row.layer) && kind != Kind::Folder && change.is_none();
    Item {
        kind,
        mark: change.map_or(Mark::Same, mark),
        size,
        weight: if row.counts { size } else { 0 },
        wasted: 0,
        source: row.source,
        note: change.and_then(note).or_else(|| is_again.then(|| "the same again".to_owned())),
    }
}

fn kind(kind: &FileKind) -> Kind {
    match kind {
        FileKind::Directory => Kind::Folder,
        FileKind::Regular | FileKind::Hardlink(_) => Kind::File,
        FileKind::Symlink(_) => Kind::Link,
        FileKind::Special => Kind::Special,
    }
}

fn mark(change: &FileChange) -> Mark {
    match change.status {
        FileStatus::Added | FileStatus::Renamed => Mark::Added,
        FileStatus::Removed => Mark::Removed,
        FileStatus::Changed | FileStatus::Metadata => Mark::Changed,
    }
}

fn note(change: &FileChange) -> Option<String> {
    let mut words = Vec::new();
    words.extend(change.from.as_ref().map(|from| format!("moved from {}", shown_path(from))));
    if let (Some(before), Some(_), FileStatus::Changed) = (change.before, change.after, change.status) {
        words.push(format!("was {}", jettison_model::ByteSize(before)));
    }
    words.extend(change.what.iter().cloned());
    (!words.is_empty()).then(|| words.join(", "))
}

fn removed(change: &FileChange) -> Ghost {
    let kind = match change.before {
        _ if change.is_directory => Kind::Folder,
        Some(_) => Kind::File,
        None => Kind::Link,
    };
    let size = change.before.unwrap_or(0);
    let item = Item { kind, mark: Mark::Removed, size, weight: size, ..Item::default() };
    Ghost { path: change.path.clone(), item }
}

fn moved_away(change: &FileChange) -> Option<Ghost> {
    let size = change.before.unwrap_or(0);
    let note = Some(format!("moved to {}", shown_path(&change.path)));
    let item = Item { kind: Kind::File, mark: Mark::Removed, size, weight: size, note, ..Item::default() };
    Some(Ghost { path: change.from.clone()?, item })
}

/// Part by part, so that a folder stands before what is in it and that before its next neighbour: the order of
/// [`Stack::each`].
fn path_order(one: &str, other: &str) -> Ordering {
    one.split('/').cmp(other.split('/'))
}
