//! Wasted and avoidable files gathered under the folders that say most, for people: a removed folder is one row and not a
//! thousand. JSON has every path.

use std::collections::BTreeMap;

use super::{Avoidable, AvoidableKind, Causes, Waste};
use crate::Evidence;

/// Wasted files below one path, or at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WasteRow {
    /// Of the folder or the file.
    pub path: String,
    /// Together.
    pub bytes: u64,
    /// By what took them away.
    pub causes: Causes,
    /// Their share of the blobs.
    pub compressed_bytes: Option<u64>,
    /// How many files.
    pub count: u64,
    /// Places of the layers that hold them, most bytes first.
    pub layers: Vec<usize>,
}

/// A folder is shown by its parts if one of them holds nearly all of it, or two folders in it hold most of it.
const NEARLY_ALL: u64 = 80;
const MOST: u64 = 60;
/// A folder with less than this share of all is not taken apart: percent.
const SMALL: u64 = 4;

/// At most `rows` rows, most bytes first, and what they leave out.
pub fn by_folder(waste: &[Waste], rows: usize) -> (Vec<WasteRow>, Option<WasteRow>) {
    let tree = Tree::of(waste);
    let mut shown = tree.split();
    shown.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.path.cmp(&b.path)));
    let rest = shown.split_off(rows.min(shown.len()));
    let rest = rest.into_iter().reduce(|mut sum, row| {
        sum.add(row.bytes, &row.causes, row.compressed_bytes, row.count);
        sum
    });
    (shown, rest)
}

/// Avoidable files of one kind below one path, or at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvoidableRow {
    /// Of the folder or the file.
    pub path: String,
    /// Why.
    pub kind: AvoidableKind,
    /// Together.
    pub bytes: u64,
    /// Their share of the blobs.
    pub compressed_bytes: Option<u64>,
    /// How many places of the document: more than 1 where the folder holds other things as well.
    pub places: u64,
    /// Places of the layers that hold them, most bytes first.
    pub layers: Vec<usize>,
    /// Of the instruction that brought them, if it is one.
    pub dockerfile_line: Option<u32>,
    /// The weakest of them.
    pub evidence: Evidence,
}

/// At most `rows` rows, most bytes first, and bytes and places of what they leave out. Secrets are never left out or gathered.
pub fn avoidable_by_folder(avoidable: &[Avoidable], rows: usize) -> (Vec<AvoidableRow>, Option<(u64, u64)>) {
    let mut by_kind: BTreeMap<AvoidableKind, Vec<&Avoidable>> = BTreeMap::new();
    for item in avoidable {
        by_kind.entry(item.kind).or_default().push(item);
    }
    let secrets = by_kind.remove(&AvoidableKind::Secret).unwrap_or_default();
    let mut shown: Vec<AvoidableRow> = by_kind.into_iter().flat_map(|(kind, items)| of_kind(kind, &items)).collect();
    shown.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.path.cmp(&b.path)));
    let rest = shown.split_off(rows.min(shown.len()));
    let sum = |sum: (u64, u64), row: &AvoidableRow| (sum.0.saturating_add(row.bytes), sum.1.saturating_add(row.places));
    let left_out = (!rest.is_empty()).then(|| rest.iter().fold((0, 0), sum));
    shown.extend(secrets.into_iter().map(|secret| row_of(&secret.path, &[secret])));
    (shown, left_out)
}

fn of_kind(kind: AvoidableKind, items: &[&Avoidable]) -> Vec<AvoidableRow> {
    let plain = |item: &&Avoidable| Waste {
        path: item.path.clone(),
        causes: Causes::default(),
        bytes: item.bytes,
        compressed_bytes: item.compressed_bytes,
        count: 1,
        layers: item.layers.iter().copied().take(1).collect(),
    };
    let plain: Vec<Waste> = items.iter().map(plain).collect();
    let rows = Tree::of(&plain).split();
    let mut sorted: Vec<&Avoidable> = items.to_vec();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    let row = |row: WasteRow| AvoidableRow {
        kind,
        layers: row.layers,
        ..row_of(&row.path, &at_or_below(&sorted, &row.path))
    };
    rows.into_iter().map(row).collect()
}

/// Of items in path order those at a path and below it.
fn at_or_below<'a>(sorted: &[&'a Avoidable], path: &str) -> Vec<&'a Avoidable> {
    let exact = sorted.partition_point(|item| item.path.as_str() < path);
    let inside = format!("{}/", path.trim_end_matches('/'));
    let first = sorted.partition_point(|item| item.path < inside);
    let itself = sorted.iter().skip(exact).take_while(|item| item.path == path);
    let below = sorted.iter().skip(first).take_while(|item| item.path.starts_with(&inside));
    itself.chain(below).copied().collect()
}

fn row_of(path: &str, items: &[&Avoidable]) -> AvoidableRow {
    let sum = |a: Option<u64>, b: Option<u64>| match (a, b) {
        (Some(a), Some(b)) => Some(a.saturating_add(b)),
        (a, b) => a.or(b),
    };
    let first = items.first();
    let line = first.and_then(|item| item.dockerfile_line);
    AvoidableRow {
        path: path.to_owned(),
        kind: first.map_or(AvoidableKind::Secret, |item| item.kind),
        bytes: items.iter().map(|item| item.bytes).fold(0, u64::saturating_add),
        compressed_bytes: items.iter().map(|item| item.compressed_bytes).fold(None, sum),
        places: items.len() as u64,
        layers: first.map(|item| item.layers.clone()).unwrap_or_default(),
        dockerfile_line: line.filter(|_| items.iter().all(|item| item.dockerfile_line == line)),
        evidence: items.iter().fold(Evidence::Measured, |weakest, item| weakest.weaker(item.evidence)),
    }
}

impl WasteRow {
    fn add(&mut self, bytes: u64, causes: &Causes, compressed: Option<u64>, count: u64) {
        self.bytes = self.bytes.saturating_add(bytes);
        self.causes.overwritten = self.causes.overwritten.saturating_add(causes.overwritten);
        self.causes.metadata_only = self.causes.metadata_only.saturating_add(causes.metadata_only);
        self.causes.duplicate = self.causes.duplicate.saturating_add(causes.duplicate);
        self.causes.deleted = self.causes.deleted.saturating_add(causes.deleted);
        let sum = |a: u64, b: u64| a.saturating_add(b);
        self.compressed_bytes = match (self.compressed_bytes, compressed) {
            (Some(a), Some(b)) => Some(sum(a, b)),
            (a, b) => a.or(b),
        };
        self.count = self.count.saturating_add(count);
    }
}

struct Tree<'a> {
    nodes: Vec<Node<'a>>,
}

#[derive(Default)]
struct Node<'a> {
    path: &'a str,
    row: WasteRow,
    by_layer: BTreeMap<usize, u64>,
    children: BTreeMap<&'a str, usize>,
}

impl<'a> Tree<'a> {
    fn of(waste: &'a [Waste]) -> Self {
        let mut tree = Self { nodes: vec![Node { path: "/", ..Node::default() }] };
        for file in waste {
            tree.add(file);
        }
        tree
    }

    fn add(&mut self, file: &'a Waste) {
        let mut at = 0;
        self.count(at, file);
        let mut start = 0;
        for part in file.path.split('/') {
            let end = start + part.len();
            if !part.is_empty() {
                let next = self.nodes.len();
                let Some(node) = self.nodes.get_mut(at) else { return };
                let child = *node.children.entry(part).or_insert(next);
                if child == next {
                    let path = file.path.get(..end).unwrap_or(&file.path);
                    self.nodes.push(Node { path, ..Node::default() });
                }
                at = child;
                self.count(at, file);
            }
            start = end + 1;
        }
    }

    fn count(&mut self, at: usize, file: &Waste) {
        let Some(node) = self.nodes.get_mut(at) else { return };
        node.row.add(file.bytes, &file.causes, file.compressed_bytes, file.count);
        for layer in &file.layers {
            let bytes = node.by_layer.entry(*layer).or_default();
            *bytes = bytes.saturating_add(file.bytes);
        }
    }

    /// The rows: folders and files that together hold everything, each once.
    fn split(&self) -> Vec<WasteRow> {
        let all = self.nodes.first().map_or(0, |root| root.row.bytes);
        let (mut rows, mut todo) = (Vec::new(), vec![0]);
        while let Some(at) = todo.pop() {
            let Some(node) = self.nodes.get(at) else { continue };
            if self.should_split(node, all) {
                todo.extend(node.children.values());
            } else if node.row.count > 0 {
                let mut layers: Vec<(usize, u64)> =
                    node.by_layer.iter().map(|(layer, bytes)| (*layer, *bytes)).collect();
                layers.sort_by_key(|(layer, bytes)| (std::cmp::Reverse(*bytes), *layer));
                let layers = layers.into_iter().map(|(layer, _)| layer).collect();
                rows.push(WasteRow { path: node.path.to_owned(), layers, ..node.row.clone() });
            }
        }
        rows
    }

    fn should_split(&self, node: &Node<'_>, all: u64) -> bool {
        let parts = || node.children.values().filter_map(|child| self.nodes.get(*child));
        // what was wasted both at a path and below it stays one row: the path was first a file, then a folder
        let own = node.row.bytes.saturating_sub(parts().map(|part| part.row.bytes).fold(0, u64::saturating_add));
        if node.children.is_empty() || own > 0 {
            return false;
        }
        if node.path == "/" || node.children.len() == 1 {
            return true;
        }
        if percent(node.row.bytes, all) < SMALL {
            return false;
        }
        let largest = parts().map(|part| part.row.bytes).max().unwrap_or(0);
        let mut folders: Vec<u64> =
            parts().filter(|part| !part.children.is_empty()).map(|part| part.row.bytes).collect();
        folders.sort_unstable_by(|a, b| b.cmp(a));
        let two = folders.iter().take(2).fold(0u64, |sum, bytes| sum.saturating_add(*bytes));
        percent(largest, node.row.bytes) >= NEARLY_ALL || percent(two, node.row.bytes) >= MOST
    }
}

fn percent(part: u64, whole: u64) -> u64 {
    if whole == 0 { 0 } else { u64::try_from(u128::from(part) * 100 / u128::from(whole)).unwrap_or(100) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deleted(path: &str, bytes: u64, layer: usize) -> Waste {
        let causes = Causes { deleted: bytes, ..Causes::default() };
        Waste { path: path.to_owned(), causes, bytes, compressed_bytes: Some(bytes / 2), count: 1, layers: vec![layer] }
    }

    #[test]
    fn a_removed_folder_is_one_row() {
        let mut waste: Vec<Waste> =
            (0..200).map(|n| deleted(&format!("/usr/share/doc/p{n}/copyright"), 1_000, 3)).collect();
        waste.push(deleted("/tmp/archive.tar", 900_000, 4));
        let (rows, rest) = by_folder(&waste, 10);
        let shown: Vec<(&str, u64, u64)> = rows.iter().map(|row| (row.path.as_str(), row.bytes, row.count)).collect();
        assert_eq!(shown, [("/tmp/archive.tar", 900_000, 1), ("/usr/share/doc", 200_000, 200)]);
        assert_eq!(rows[1].layers, [3]);
        assert_eq!(rest, None);
    }

    #[test]
    fn avoidable_files_of_a_kind_are_gathered_and_secrets_are_not() {
        let item = |path: &str, kind, bytes| Avoidable {
            path: path.to_owned(),
            kind,
            bytes,
            compressed_bytes: None,
            layers: vec![1],
            dockerfile_line: Some(4),
            evidence: Evidence::Modelled,
        };
        let mut items: Vec<Avoidable> =
            (0..50).map(|n| item(&format!("/usr/lib/lib{n}.a"), AvoidableKind::BuildTool, 1_000)).collect();
        items.push(item("/usr/share/man", AvoidableKind::Docs, 90_000));
        items.push(item("/app/.env", AvoidableKind::Secret, 1));
        items.push(item("/app/key.pem", AvoidableKind::Secret, 1));
        let (rows, rest) = avoidable_by_folder(&items, 1);
        let shown: Vec<(&str, u64, u64)> = rows.iter().map(|row| (row.path.as_str(), row.bytes, row.places)).collect();
        assert_eq!(shown, [("/usr/share/man", 90_000, 1), ("/app/.env", 1, 1), ("/app/key.pem", 1, 1)]);
        assert_eq!(rest, Some((50_000, 50)));
        let (rows, rest) = avoidable_by_folder(&items, 10);
        assert_eq!((rows[1].path.as_str(), rows[1].bytes, rows[1].places, rest), ("/usr/lib", 50_000, 50, None));
        assert_eq!(rows[1].dockerfile_line, Some(4));
    }

    #[test]
    fn rows_and_rest_sum_to_everything() {
        let waste: Vec<Waste> =
            (0..300u64).map(|n| deleted(&format!("/d{}/e{}/f{n}", n % 7, n % 31), n, n as usize % 5)).collect();
        let (rows, rest) = by_folder(&waste, 4);
        assert_eq!(rows.len(), 4);
        let sum: u64 = rows.iter().chain(&rest).map(|row| row.bytes).sum();
        assert_eq!(sum, waste.iter().map(|file| file.bytes).sum::<u64>());
        assert_eq!(rows.iter().chain(&rest).map(|row| row.count).sum::<u64>(), 300);
    }

    #[test]
    fn a_path_that_was_a_file_and_then_a_folder_counts_once() {
        let (rows, _) = by_folder(&[deleted("/a/x", 10, 0), deleted("/a/x/y", 90, 1)], 9);
        assert_eq!(rows.iter().map(|row| (row.path.as_str(), row.bytes)).collect::<Vec<_>>(), [("/a/x", 100)]);
    }
}
