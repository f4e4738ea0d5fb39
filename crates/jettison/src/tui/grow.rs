//! From stacks of layers to trees to look through: the final tree against the base image, what one layer did, what a package
//! owns, what differs between two images. Pure; runs on the worker's thread.

use std::cmp::Ordering;
use std::collections::HashMap;

use jettison_image::diff::{FileChange, FileStatus, compare_trees, tree_nodes};
use jettison_image::{Error, FileKind, LayerEntry, LayerIndex, Stack, TreeName, WastedPath, shown_path};

use super::tree::{Growing, Item, Kind, Mark, Tree};

/// Which payloads the final tree has: by layer, by place in it.
#[derive(Clone, Debug, Default)]
pub struct Alive(Vec<Vec<bool>>);

impl Alive {
    /// Of a whole image.
    pub fn new(stack: &Stack<'_>, layers: &[&LayerIndex]) -> Self {
        let mut alive: Vec<Vec<bool>> = layers.iter().map(|layer| vec![false; layer.entries.len()]).collect();
        stack.each(&mut |name| {
            let slot = name.source.and_then(|(layer, at)| alive.get_mut(layer)?.get_mut(at));
            if let Some(slot) = slot {
                *slot = true;
            }
        });
        Self(alive)
    }

    /// What of a name's bytes the final tree does not have.
    fn wasted(&self, name: &TreeName<'_>, weight: u64) -> u64 {
        let alive = name.source.and_then(|(layer, at)| self.0.get(layer)?.get(at));
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
struct Plan<'p> {
    against: &'p str,
    changes: Vec<FileChange>,
    ghosts: Vec<Ghost>,
    alive: Option<&'p Alive>,
    /// Of which rows (see [`jettison_image::Listing`]) there is to be a node; of all without.
    wanted: Option<&'p dyn Fn(usize) -> bool>,
    /// What this layer named again without a difference is said to be so.
    by: Option<usize>,
}

/// The final tree, its marks against the lowest `base` layers; with the files that no longer are there and still take room.
pub fn whole(layers: &[&LayerIndex], stack: &Stack<'_>, base: usize, named: &str) -> Result<Tree, Error> {
    let changes = changes(layers.get(..base).unwrap_or_default(), stack)?;
    let ghosts = stack.waste.paths.iter().map(wasted).collect();
    Ok(grow(stack, Plan { against: named, changes, ghosts, alive: None, wanted: None, by: None }))
}

/// The tree as it is after layer `place`, its marks against the tree before.
pub fn of_layer(layers: &[&LayerIndex], place: usize, alive: &Alive) -> Result<Tree, Error> {
    let after = layers.get(..=place).unwrap_or_default();
    let stack = Stack::new(after)?;
    let changes = changes(layers.get(..place).unwrap_or_default(), &stack)?;
    let against = "against the layers below";
    Ok(grow(&stack, Plan { against, changes, ghosts: Vec::new(), alive: Some(alive), wanted: None, by: Some(place) }))
}

/// The rows of the final tree for which `wanted` says so.
pub fn of_rows(stack: &Stack<'_>, wanted: &dyn Fn(usize) -> bool) -> Tree {
    let (changes, ghosts) = (Vec::new(), Vec::new());
    grow(stack, Plan { against: "", changes, ghosts, alive: None, wanted: Some(wanted), by: None })
}

/// The tree of the second image, its marks against the first.
pub fn of_two(a: &Stack<'_>, b: &Stack<'_>) -> Tree {
    let changes = compare_trees(&tree_nodes(a), &tree_nodes(b));
    let against = "against the first image";
    grow(b, Plan { against, changes, ghosts: Vec::new(), alive: None, wanted: None, by: None })
}

/// What one layer holds, whatever is below it: for layers that arrive while the others are still being read.
pub fn alone(layer: &LayerIndex) -> Result<Tree, Error> {
    let layers = [layer];
    let stack = Stack::new(&layers)?;
    let ghosts = layer.entries.iter().filter_map(whiteout).collect();
    let plan = Plan { against: "", changes: Vec::new(), ghosts, alive: None, wanted: None, by: None };
    Ok(grow(&stack, plan))
}

fn changes(before: &[&LayerIndex], after: &Stack<'_>) -> Result<Vec<FileChange>, Error> {
    let before = Stack::new(before)?;
    let nodes = tree_nodes(&before);
    drop(before);
    Ok(compare_trees(&nodes, &tree_nodes(after)))
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

fn grow(stack: &Stack<'_>, plan: Plan<'_>) -> Tree {
    let mut growing = Growing::new(plan.against);
    let (mut changed, mut ghosts) = (HashMap::new(), plan.ghosts);
    for change in plan.changes {
        match change.status {
            FileStatus::Removed => ghosts.push(removed(&change)),
            FileStatus::Renamed => {
                ghosts.extend(moved_away(&change));
                changed.insert(change.path.clone(), change);
            }
            _ => {
                changed.insert(change.path.clone(), change);
            }
        }
    }
    ghosts.sort_by(|one, other| path_order(&one.path, &other.path));
    let mut ghosts = Ghosts(ghosts.into_iter().peekable());
    let mut row = 0;
    stack.each(&mut |name| {
        if name.path == "/" {
            return;
        }
        ghosts.before(name.path, &mut growing);
        let wanted = plan.wanted.is_none_or(|wanted| wanted(row));
        row += 1;
        if !wanted {
            return;
        }
        let mut item = item(&name, changed.get(name.path), plan.by);
        item.wasted = plan.alive.map_or(0, |alive| alive.wasted(&name, item.weight));
        ghosts.at(name.path, &mut item);
        growing.add(name.path, item);
    });
    ghosts.rest(&mut growing);
    growing.finish()
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

fn item(name: &TreeName<'_>, change: Option<&FileChange>, by: Option<usize>) -> Item {
    let entry = name.entry.map(|(_, entry)| entry);
    let kind = entry.map_or(Kind::Folder, |entry| kind(&entry.kind));
    let size = entry.filter(|_| kind == Kind::File).map_or(0, |entry| entry.size);
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let is_again = by == Some(name.layer) && kind != Kind::Folder && change.is_none();
    Item {
        kind,
        mark: change.map_or(Mark::Same, mark),
        size,
        weight: if name.counts { size } else { 0 },
        wasted: 0,
        source: name.source.map(|(layer, at)| (number(layer), number(at))),
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
