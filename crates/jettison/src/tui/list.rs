//! The left pane: rows, a cursor, a filter. Filtering keeps the rows' order; the first row, which stands for the whole image,
//! always stays.

use super::browse::{Sort, scrolled};
use super::overview::{Entry, Subject};
use super::search::holds;

/// The rows and where the cursor is.
#[derive(Clone, Debug, Default)]
pub struct List {
    entries: Vec<Entry>,
    rows: Vec<usize>,
    /// What labels must hold.
    pub filter: String,
    /// None: in the order of the image.
    pub sort: Option<Sort>,
    reverse: bool,
    /// Row of the cursor.
    pub cursor: usize,
    /// First row on the screen.
    pub top: usize,
}

impl List {
    /// The cursor on the first row.
    pub fn new(entries: Vec<Entry>) -> Self {
        let mut list = Self { entries, ..Self::default() };
        list.build();
        list
    }

    /// Other rows; the cursor stays on its subject.
    pub fn replace(&mut self, entries: Vec<Entry>) {
        let here = self.selected().map(|entry| entry.subject.clone());
        self.entries = entries;
        self.build();
        self.find_subject(here.as_ref());
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Some rows.
    pub fn rows(&self, from: usize, most: usize) -> impl Iterator<Item = &Entry> {
        self.rows.iter().skip(from).take(most).filter_map(|at| self.entries.get(*at))
    }

    /// The row under the cursor.
    pub fn selected(&self) -> Option<&Entry> {
        self.entries.get(*self.rows.get(self.cursor)?)
    }

    /// The largest row, for bars.
    pub fn most(&self) -> u64 {
        self.entries.iter().map(|entry| entry.bytes).max().unwrap_or(0)
    }

    /// Moves the cursor by so many rows; whether it moved.
    pub fn step(&mut self, by: isize) -> bool {
        self.go(self.cursor.saturating_add_signed(by))
    }

    /// Puts the cursor on a row; whether it was elsewhere.
    pub fn go(&mut self, row: usize) -> bool {
        let row = row.min(self.rows.len().saturating_sub(1));
        std::mem::replace(&mut self.cursor, row) != row
    }

    /// Scrolls so that the cursor is among so many rows on the screen.
    pub fn scroll_to_cursor(&mut self, height: usize) {
        self.top = scrolled(self.cursor, self.top, self.rows.len(), height);
    }

    /// Leaves only what holds the text.
    pub fn set_filter(&mut self, filter: &str) {
        filter.clone_into(&mut self.filter);
        let here = self.selected().map(|entry| entry.subject.clone());
        self.build();
        self.find_subject(here.as_ref());
    }

    /// Sorts otherwise.
    pub fn set_sort(&mut self, sort: Option<Sort>, reverse: bool) {
        (self.sort, self.reverse) = (sort, reverse);
        let here = self.selected().map(|entry| entry.subject.clone());
        self.build();
        self.find_subject(here.as_ref());
    }

    /// Whether the order is turned round.
    pub fn is_reversed(&self) -> bool {
        self.reverse
    }

    /// The next (or previous) row that holds the text.
    pub fn find(&mut self, text: &str, forward: bool, from_here: bool) -> bool {
        let text = text.to_lowercase();
        let count = self.rows.len();
        let first = usize::from(!from_here);
        let at = |step: usize| match forward {
            true => (self.cursor + step) % count.max(1),
            false => (self.cursor + count - step % count.max(1)) % count.max(1),
        };
        let holds_it = |row: &usize| {
            let entry = self.rows.get(*row).and_then(|at| self.entries.get(*at));
            entry.is_some_and(|entry| holds(&entry.label, &text))
        };
        let found = (first..count.saturating_add(first)).map(at).find(holds_it);
        if let Some(row) = found {
            self.cursor = row;
        }
        found.is_some()
    }

    fn find_subject(&mut self, subject: Option<&Subject>) {
        let is_it = |at: &usize| self.entries.get(*at).map(|entry| &entry.subject) == subject;
        self.cursor = self.rows.iter().position(is_it).unwrap_or(0);
    }

    fn build(&mut self) {
        let text = self.filter.to_lowercase();
        let stays = |entry: &Entry| entry.subject == Subject::Image || holds(&entry.label, &text);
        let rows = self.entries.iter().enumerate().filter(|(_, entry)| stays(entry)).map(|(at, _)| at);
        self.rows = rows.collect();
        let entries = &self.entries;
        let entry = |at: &usize| entries.get(*at);
        let fixed = self.rows.first().and_then(entry).is_some_and(|entry| entry.subject == Subject::Image);
        let Some(moving) = self.rows.get_mut(usize::from(fixed)..) else { return };
        match self.sort {
            None => {}
            Some(Sort::Name) => moving.sort_by_key(|at| entry(at).map(|entry| entry.label.to_lowercase())),
            Some(Sort::Wasted) => moving.sort_by_key(|at| std::cmp::Reverse(entry(at).map(|entry| entry.wasted))),
            Some(_) => moving.sort_by_key(|at| std::cmp::Reverse(entry(at).map(|entry| entry.bytes))),
        }
        if self.reverse {
            moving.reverse();
        }
        self.cursor = self.cursor.min(self.rows.len().saturating_sub(1));
    }
}
