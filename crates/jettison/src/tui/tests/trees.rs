//! Trees: sums, marks, and that a large one is gone through without being built again.

use std::sync::Arc;

use jettison_image::{LayerReader, Listing, Stack, index_layer};
use jettison_testkit::LayerBuilder;
use proptest::prelude::*;

use crate::tui::browse::{Browse, Show, Sort};
use crate::tui::grow;
use crate::tui::tree::{Growing, Item, Kind, Mark, Tree};

fn file(size: u64, mark: Mark) -> Item {
    Item { kind: Kind::File, mark, size, weight: size, ..Item::default() }
}

fn grown(files: &[(&str, u64, Mark)]) -> Tree {
    let mut growing = Growing::new("");
    files.iter().for_each(|(path, size, mark)| growing.add(path, file(*size, *mark)));
    growing.finish()
}

#[test]
fn folders_know_what_is_in_them_by_mark() {
    let tree = grown(&[
        ("/a/b/one", 1, Mark::Same),
        ("/a/b/two", 20, Mark::Added),
        ("/a/c", 300, Mark::Removed),
        ("/d/e", 4_000, Mark::Added),
        ("/f/g", 50_000, Mark::Removed),
    ]);
    let at = |path: &str| tree.find(path).unwrap();
    assert_eq!(tree.bytes(at("/a"), Mark::ANY), 21, "what was removed is not there");
    assert_eq!(tree.bytes(at("/a"), Mark::Removed.bit()), 300);
    assert_eq!((tree.files(at("/a"), Mark::ANY), tree.files(0, Mark::ANY)), (2, 3));
    let signs = ["/", "/a", "/a/b", "/d", "/f", "/a/b/one"].map(|path| tree.sign(at(path)));
    assert_eq!(signs, [Mark::Changed, Mark::Changed, Mark::Changed, Mark::Added, Mark::Removed, Mark::Same]);
    assert_eq!(tree.path(at("/a/b/two")), "/a/b/two");
    assert_eq!(tree.find("/a/nothing"), None);
    assert_eq!(tree.children(0).map(|id| tree.name(id)).collect::<Vec<_>>(), ["a", "d", "f"]);
}

#[test]
fn a_file_that_took_a_folders_place_has_what_was_in_it_below() {
    let tree = grown(&[("/a", 5, Mark::Changed), ("/a/b", 7, Mark::Removed), ("/c", 1, Mark::Same)]);
    let a = tree.find("/a").unwrap();
    assert!(tree.has_children(a));
    assert_eq!((tree.bytes(a, Mark::ANY), tree.bytes(a, Mark::Removed.bit())), (5, 7));
    assert_eq!(tree.bytes(0, Mark::ANY), 6);
}

#[test]
fn the_lowest_layer_is_all_new_and_an_image_that_is_all_base_has_no_marks() {
    let layer = LayerBuilder::new().dir("empty").dir("full").file("full/x", b"1").symlink("link", "full");
    let tar = layer.tar();
    let layer = index_layer(LayerReader { name: String::new(), blob: Box::new(&tar[..]) }, &|_| false).unwrap();
    let layers = [&layer];
    let stack = Stack::new(&layers).unwrap();
    let listing = Listing::new(&stack, &layers).unwrap();
    let paths = ["/empty", "/full", "/full/x", "/link"];
    let signs = |tree: &Tree| paths.map(|path| tree.sign(tree.find(path).unwrap()));
    let lowest = grow::of_layer(&layers, 0, &grow::Alive::new(&listing)).unwrap();
    assert_eq!(signs(&lowest), [Mark::Added; 4]);
    let whole = grow::whole(&layers, &listing, &stack.waste, 1, "").unwrap();
    assert_eq!(signs(&whole), [Mark::Same; 4]);
    assert_eq!((lowest.len(), whole.len()), (5, 5));
}

#[test]
fn a_large_tree_is_gone_through_row_by_row() {
    let mut growing = Growing::new("");
    for folder in 0..300 {
        for name in 0..300 {
            growing.add(&format!("/{folder:04}/{name:04}"), file(name, Mark::Same));
        }
    }
    let mut browse = Browse::new(Arc::new(growing.finish()), Show::ALL);
    assert_eq!(browse.len(), 301, "a large tree is not opened at first");
    browse.open_all();
    assert_eq!(browse.len(), 1 + 300 + 90_000);
    let rows = browse.rows(0, usize::MAX).as_ptr();
    for _ in 0..50_000 {
        browse.step(3);
        browse.step(-1);
        browse.scroll_to_cursor(40);
    }
    assert_eq!(browse.rows(0, usize::MAX).as_ptr(), rows, "nothing was built again");
    assert_eq!(browse.cursor, 90_300 - 1);
    browse.set_filter("0299");
    assert_eq!(browse.len(), 1 + 300 + 299 + 300, "the folder of that name has all its files");
    browse.set_filter("");
    browse.close_all();
    browse.set_sort(Sort::Name, true);
    assert_eq!(browse.tree.path(browse.rows(1, 1)[0]), "/0299");
}

proptest! {
    #[test]
    fn sums_are_those_of_the_files_whatever_the_tree(files in proptest::collection::btree_map(
        "(/[a-c]{1,2}){1,5}", (0u64..1_000, 0usize..4), 0..40)) {
        let marks = [Mark::Same, Mark::Added, Mark::Changed, Mark::Removed];
        let mut sorted: Vec<(&String, &(u64, usize))> = files.iter().collect();
        sorted.sort_by(|one, other| one.0.split('/').cmp(other.0.split('/')));
        let mut growing = Growing::new("");
        for (path, (size, mark)) in &sorted {
            growing.add(path, file(*size, marks[*mark]));
        }
        let tree = growing.finish();
        for mark in marks {
            let sum: u64 = files.values().filter(|(_, of)| marks[*of] == mark).map(|(size, _)| size).sum();
            prop_assert_eq!(tree.bytes(0, mark.bit()), sum);
            let count = files.values().filter(|(_, of)| marks[*of] == mark).count() as u64;
            prop_assert_eq!(tree.files(0, mark.bit()), count);
        }
        for path in files.keys() {
            prop_assert_eq!(tree.find(path).map(|id| tree.path(id)), Some(path.clone()));
        }
        let mut browse = Browse::new(Arc::new(tree), Show::ALL);
        browse.open_all();
        prop_assert_eq!(browse.len(), browse.tree.len());
        browse.set_filter("a");
        let hits = browse.tree.hits("a").len();
        prop_assert!(browse.len() > hits || hits == 0);
    }
}
