//! Where the bytes are: trees whose boxes add up, however many files there are.

use jettison_image::usage::{SizeNode, by_directory, by_layer, by_owner, largest_directories, wasted_by_layer};
use jettison_image::{LayerIndex, LayerReader, Listing, Stack, index_layer};
use jettison_testkit::LayerBuilder;

fn indexes(layers: &[LayerBuilder]) -> Vec<LayerIndex> {
    let index = |layer: &LayerBuilder| {
        let tar = layer.tar();
        index_layer(LayerReader { name: "test".to_owned(), blob: Box::new(&tar[..]) }, &|_| false).unwrap()
    };
    layers.iter().map(index).collect()
}

fn listing<'a>(layers: &'a [&'a LayerIndex]) -> Listing<'a> {
    Listing::new(&Stack::new(layers).unwrap(), layers).unwrap()
}

fn names(node: &SizeNode) -> Vec<(&str, u64)> {
    node.children.iter().map(|child| (child.name.as_str(), child.bytes)).collect()
}

fn adds_up(node: &SizeNode) {
    if !node.children.is_empty() {
        assert_eq!(node.bytes, node.children.iter().map(|child| child.bytes).sum::<u64>(), "{}", node.name);
        assert_eq!(node.files, node.children.iter().map(|child| child.files).sum::<u64>(), "{}", node.name);
    }
    node.children.iter().for_each(adds_up);
}

fn count(node: &SizeNode) -> usize {
    1 + node.children.iter().map(count).sum::<usize>()
}

fn sample() -> Vec<LayerBuilder> {
    let lower =
        LayerBuilder::new().file("usr/lib/a.so", [1; 600]).file("usr/lib/b.so", [2; 300]).file("etc/conf", [3; 50]);
    let upper = LayerBuilder::new().file("etc/conf", [4; 70]).hardlink("etc/link", "etc/conf").whiteout("usr/lib/b.so");
    vec![lower, upper]
}

#[test]
fn the_final_tree_counts_every_file_once() {
    let indexes = indexes(&sample());
    let layers: Vec<&LayerIndex> = indexes.iter().collect();
    let tree = by_directory(&listing(&layers), 100);
    assert_eq!((tree.bytes, tree.files, tree.wasted_bytes), (670, 2, 0));
    assert_eq!(names(&tree), [("usr/lib/a.so", 600), ("etc/conf", 70)]);
    assert_eq!(tree.children[1].layer, 1);
}

#[test]
fn layers_show_what_later_ones_hide() {
    let indexes = indexes(&sample());
    let layers: Vec<&LayerIndex> = indexes.iter().collect();
    let listing = listing(&layers);
    let tree = by_layer(&listing, &["base".to_owned(), "mine".to_owned()], 100);
    let shown: Vec<(&str, u64, u64)> =
        tree.children.iter().map(|layer| (layer.name.as_str(), layer.bytes, layer.wasted_bytes)).collect();
    assert_eq!(shown, [("base", 950, 350), ("mine", 70, 0)]);
    assert_eq!(wasted_by_layer(&listing), [350, 0]);
}

#[test]
fn packages_and_what_none_owns() {
    let indexes = indexes(&sample());
    let layers: Vec<&LayerIndex> = indexes.iter().collect();
    let listing = listing(&layers);
    let owner = |row: usize| listing.row(row).path.starts_with("/usr").then_some(["deb", "liba 1"]);
    let tree = by_owner(&listing, 100, &owner);
    assert_eq!(names(&tree), [("deb", 600), ("of no package", 70)]);
    assert_eq!(names(&tree.children[0].children[0]), [("usr/lib/a.so", 600)]);
}

#[test]
fn small_boxes_are_folded_and_nothing_is_lost() {
    let files = (0..2_000u32).fold(LayerBuilder::new(), |layer, n| {
        layer.file(format!("d{}/e{}/f{n}", n % 7, n % 41), vec![7; 1 + (n as usize * 37) % 900])
    });
    let indexes = indexes(&[files]);
    let layers: Vec<&LayerIndex> = indexes.iter().collect();
    let listing = listing(&layers);
    let (whole, small) = (by_directory(&listing, usize::MAX), by_directory(&listing, 200));
    adds_up(&whole);
    adds_up(&small);
    assert_eq!((whole.bytes, whole.files), (small.bytes, small.files));
    assert_eq!(small.files, 2_000);
    assert!(count(&small) <= 500, "{}", count(&small));
}

#[test]
fn a_path_of_thousands_of_parts_is_one_box_at_the_end() {
    let path = vec!["d"; 3_000].join("/");
    let indexes = indexes(&[LayerBuilder::new().file(format!("{path}/file"), [1; 10])]);
    let layers: Vec<&LayerIndex> = indexes.iter().collect();
    let listing = listing(&layers);
    let tree = by_directory(&listing, 1_000);
    adds_up(&tree);
    assert_eq!((tree.bytes, tree.files), (10, 1));
    assert_eq!(largest_directories(&listing, 10).len(), 1);
}

#[test]
fn the_largest_directories_leave_out_those_that_hold_one_other() {
    let layer = LayerBuilder::new()
        .file("usr/lib/python3/site/x", [0; 400])
        .file("usr/lib/python3/lib/y", [0; 300])
        .file("usr/lib/gcc/cc1", [0; 100])
        .file("usr/bin/z", [0; 20])
        .file("app/main", [0; 150])
        .file("etc/tiny", [0; 3]);
    let indexes = indexes(&[layer]);
    let layers: Vec<&LayerIndex> = indexes.iter().collect();
    let listed = largest_directories(&listing(&layers), 10);
    let shown: Vec<(String, u64)> =
        listed.iter().map(|dir| (format!("{}{}", "  ".repeat(dir.depth), dir.path), dir.bytes)).collect();
    let expected = [
        ("/usr/lib", 800),
        ("  /usr/lib/python3", 700),
        ("    /usr/lib/python3/site", 400),
        ("    /usr/lib/python3/lib", 300),
        ("  /usr/lib/gcc", 100),
        ("/app", 150),
        ("/usr/bin", 20),
    ];
    assert_eq!(shown, expected.map(|(path, bytes)| (path.to_owned(), bytes)));
}
