//! A tree as it is looked at: what is open, sorted how, filtered by what, where the cursor is. Rows are kept until something of
//! that changes, so that moving the cursor costs nothing however large the tree is.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use super::search::Filtered;
use super::tree::{Kind, Mark, NONE, ROOT, Tree};

/// So few hits of a filter are all shown opened; of more, only what was open.
const OPENED_HITS: usize = 5_000;
/// Rows above one that was found.
const CONTEXT: usize = 6;
/// A tree of so few rows is shown whole at first.
const SMALL: usize = 200;

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Most bytes first.
    #[default]
    Size,
    /// By name.
    Name,
    /// Most wasted bytes first.
    Wasted,
    /// Most files first.
    Files,
}

impl Sort {
    /// The next one round.
    pub fn next(self) -> Self {
        match self {
            Self::Size => Self::Name,
            Self::Name => Self::Wasted,
            Self::Wasted => Self::Files,
            Self::Files => Self::Size,
        }
    }

    /// In a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Name => "name",
            Self::Wasted => "wasted",
            Self::Files => "files",
        }
    }
}

/// What is shown at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Show {
    /// Marks; see [`Mark::bit`].
    pub marks: u8,
    /// What has wasted bytes, whatever its mark.
    pub wasted: bool,
}

impl Show {
    /// Everything.
    pub const ALL: Self = Self { marks: Mark::ANY, wasted: false };
    /// Only what differs.
    pub const DIFFERENT: Self = Self { marks: Mark::DIFFERENT, wasted: false };

    /// With or without one more; with nothing left, everything again.
    pub fn toggled(self, marks: u8, wasted: bool) -> Self {
        // the first choice of one replaces what was shown by default
        let start = if self == Self::ALL || self == Self::DIFFERENT { Self { marks: 0, wasted: false } } else { self };
        let next = Self { marks: start.marks ^ marks, wasted: start.wasted ^ wasted };
        if next == (Self { marks: 0, wasted: false }) { Self::ALL } else { next }
    }
}

/// A tree that is looked at.
#[derive(Clone, Debug)]
pub struct Browse {
    /// Which.
    pub tree: Arc<Tree>,
    open: Vec<bool>,
    rows: Vec<u32>,
    /// Children in their order, of folders that are open.
    sorted: HashMap<u32, Vec<u32>>,
    filtered: Option<Filtered>,
    /// What names must hold.
    pub filter: String,
    /// By what rows are sorted.
    pub sort: Sort,
    /// The other way round.
    pub reverse: bool,
    /// What is shown at all.
    pub show: Show,
    /// Row of the cursor.
    pub cursor: usize,
    /// First row on the screen.
    pub top: usize,
}

impl Browse {
    /// The tree with its root opened; a small one opened altogether.
    pub fn new(tree: Arc<Tree>, show: Show) -> Self {
        let mut open = vec![false; tree.len()];
        if let Some(root) = open.first_mut() {
            *root = true;
        }
        let mut browse = Self {
            tree,
            open,
            rows: Vec::new(),
            sorted: HashMap::new(),
            filtered: None,
            filter: String::new(),
            sort: Sort::default(),
            reverse: false,
            show,
            cursor: 0,
            top: 0,
        };
        let shown = |id: &u32| browse.is_shown(*id);
        if (1..browse.tree.len()).filter_map(|id| u32::try_from(id).ok()).filter(shown).take(SMALL + 1).count() <= SMALL
        {
            browse.open.fill(true);
        }
        browse.build();
        browse
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The nodes of some rows.
    pub fn rows(&self, from: usize, most: usize) -> &[u32] {
        let to = from.saturating_add(most).min(self.rows.len());
        self.rows.get(from..to).unwrap_or_default()
    }

    /// The node under the cursor.
    pub fn selected(&self) -> Option<u32> {
        self.rows.get(self.cursor).copied()
    }

    /// Whether a folder shows what is in it.
    pub fn is_open(&self, id: u32) -> bool {
        let leads =
            |filtered: &Filtered| filtered.hits <= OPENED_HITS && filtered.leads.get(id as usize) == Some(&true);
        self.filtered.as_ref().is_some_and(leads) || self.open.get(id as usize) == Some(&true)
    }

    /// Bytes as this view counts them.
    pub fn bytes(&self, id: u32) -> u64 {
        let Show { marks, wasted } = self.show;
        match () {
            () if wasted && marks == 0 => self.tree.node(id).wasted,
            // a folder of which nothing is left shows what it had
            () if self.tree.sign(id) == Mark::Removed => self.tree.bytes(id, Mark::Removed.bit()),
            () => self.tree.bytes(id, marks),
        }
    }

    /// Moves the cursor by so many rows.
    pub fn step(&mut self, by: isize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(self.rows.len().saturating_sub(1));
    }

    /// Puts the cursor on a row.
    pub fn go(&mut self, row: usize) {
        self.cursor = row.min(self.rows.len().saturating_sub(1));
    }

    /// Scrolls so that the cursor is among so many rows on the screen.
    pub fn scroll_to_cursor(&mut self, height: usize) {
        self.top = scrolled(self.cursor, self.top, self.rows.len(), height);
    }

    /// Opens or closes a folder.
    pub fn set_open(&mut self, id: u32, open: bool) {
        if self.tree.has_children(id)
            && let Some(slot) = self.open.get_mut(id as usize)
        {
            *slot = open;
            self.rebuild();
        }
    }

    /// Closes the folder under the cursor, or goes to the one that it is in.
    pub fn close_or_leave(&mut self) {
        let Some(id) = self.selected() else { return };
        if self.is_open(id) && self.tree.has_children(id) && id != ROOT && self.open.get(id as usize) == Some(&true) {
            return self.set_open(id, false);
        }
        let parent = self.tree.node(id).parent;
        if let Some(row) = self.rows.iter().take(self.cursor).rposition(|row| *row == parent) {
            self.cursor = row;
        }
    }

    /// Opens every folder.
    pub fn open_all(&mut self) {
        self.open.fill(true);
        self.rebuild();
    }

    /// Closes every folder but the root.
    pub fn close_all(&mut self) {
        self.open.fill(false);
        if let Some(root) = self.open.first_mut() {
            *root = true;
        }
        self.rebuild();
    }

    /// Sorts otherwise.
    pub fn set_sort(&mut self, sort: Sort, reverse: bool) {
        (self.sort, self.reverse) = (sort, reverse);
        self.sorted.clear();
        self.rebuild();
    }

    /// Shows other things.
    pub fn set_show(&mut self, show: Show) {
        self.show = show;
        self.sorted.clear();
        self.rebuild();
    }

    /// Leaves only what holds the text in its name (in its path, if the text has a slash), with all that is below it.
    pub fn set_filter(&mut self, filter: &str) {
        filter.clone_into(&mut self.filter);
        self.filtered = (!filter.is_empty()).then(|| self.tree.matching(filter));
        self.rebuild();
    }

    /// Puts the cursor on the next (or previous) path that holds the text, opening what it is in; whether there is one.
    pub fn find(&mut self, text: &str, forward: bool, from_here: bool) -> bool {
        let hits = self.tree.hits(text);
        let mut order: Vec<u32> = hits.into_iter().filter(|id| self.is_shown(*id)).collect();
        if !forward {
            order.reverse();
        }
        let here = self.selected().unwrap_or(ROOT);
        let behind = |id: &&u32| match forward {
            true => **id > here || from_here && **id == here,
            false => **id < here || from_here && **id == here,
        };
        let Some(id) = order.iter().find(behind).or(order.first()).copied() else { return false };
        self.reveal(id);
        true
    }

    /// Puts the cursor on a node, opening what it is in.
    pub fn reveal(&mut self, id: u32) {
        let mut at = self.tree.node(id).parent;
        let mut is_new = false;
        while at != NONE {
            if let Some(open) = self.open.get_mut(at as usize) {
                is_new |= !std::mem::replace(open, true);
            }
            at = self.tree.node(at).parent;
        }
        if is_new {
            self.build();
        }
        if let Some(row) = self.rows.iter().position(|row| *row == id) {
            self.cursor = row;
            // what it is in should be seen as well
            if row < self.top || row >= self.top.saturating_add(CONTEXT) {
                self.top = row.saturating_sub(CONTEXT);
            }
        }
    }

    /// Builds the rows again; the cursor stays where it was, or goes to the nearest folder around it that is still shown.
    fn rebuild(&mut self) {
        let mut here = self.selected();
        let offset = self.cursor.saturating_sub(self.top);
        self.build();
        while let Some(id) = here {
            if let Some(row) = self.rows.iter().position(|row| *row == id) {
                self.cursor = row;
                self.top = row.saturating_sub(offset);
                return;
            }
            here = Some(self.tree.node(id).parent).filter(|parent| *parent != NONE);
        }
        self.go(0);
    }

    fn build(&mut self) {
        self.rows.clear();
        let mut todo = vec![ROOT];
        while let Some(id) = todo.pop() {
            self.rows.push(id);
            if !self.is_open(id) || !self.tree.has_children(id) {
                continue;
            }
            if !self.sorted.contains_key(&id) {
                let children = self.in_order(id);
                self.sorted.insert(id, children);
            }
            let children = self.sorted.get(&id).map(Vec::as_slice).unwrap_or_default();
            todo.extend(children.iter().rev().filter(|child| self.is_shown(**child)));
        }
        self.cursor = self.cursor.min(self.rows.len().saturating_sub(1));
    }

    fn is_shown(&self, id: u32) -> bool {
        let node = self.tree.node(id);
        let by_mark = node.has & self.show.marks != 0 || self.show.wasted && node.wasted > 0;
        by_mark && self.filtered.as_ref().is_none_or(|filtered| filtered.left.get(id as usize) == Some(&true))
    }

    fn in_order(&self, id: u32) -> Vec<u32> {
        let tree = &self.tree;
        let mut children: Vec<(u64, u32)> = tree.children(id).map(|child| (self.weight(child), child)).collect();
        let by_name = |one: u32, other: u32| {
            let folder = |id| tree.node(id).kind != Kind::Folder;
            folder(one).cmp(&folder(other)).then_with(|| tree.name(one).cmp(tree.name(other)))
        };
        children.sort_by(|(most, one), (more, other)| match self.sort {
            Sort::Name => by_name(*one, *other),
            _ => more.cmp(most).then_with(|| by_name(*one, *other)),
        });
        if self.reverse {
            children.reverse();
        }
        children.into_iter().map(|(_, child)| child).collect()
    }

    fn weight(&self, id: u32) -> u64 {
        match self.sort {
            Sort::Name => 0,
            Sort::Size => self.bytes(id),
            Sort::Wasted => self.tree.node(id).wasted,
            Sort::Files => self.tree.files(id, self.show.marks),
        }
    }
}

/// For lists that scroll like a tree does.
pub fn scrolled(cursor: usize, top: usize, length: usize, height: usize) -> usize {
    let height = height.max(1);
    let least = cursor.saturating_add(1).saturating_sub(height);
    let most = length.saturating_sub(height).max(least);
    match top.cmp(&cursor) {
        Ordering::Greater => cursor.min(most),
        _ => top.max(least).min(most),
    }
}
