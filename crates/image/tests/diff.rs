//! Final trees compared: what came, went, changed, moved, or has only another owner.

use jettison_image::diff::{FileChange, FileStatus, compare_trees};
use jettison_image::{LayerIndex, LayerReader, Listing, Stack, index_layer};
use jettison_testkit::LayerBuilder;
use proptest::prelude::*;

fn indexes(layers: &[LayerBuilder]) -> Vec<LayerIndex> {
    let index = |layer: &LayerBuilder| {
        let tar = layer.tar();
        index_layer(LayerReader { name: "test".to_owned(), blob: Box::new(&tar[..]) }, &|_| false).unwrap()
    };
    layers.iter().map(index).collect()
}

fn tree<'a>(layers: &'a [&'a LayerIndex]) -> Listing<'a> {
    Listing::new(&Stack::new(layers).unwrap(), layers).unwrap()
}

/// Images by their layers.
fn differences(a: &[LayerBuilder], b: &[LayerBuilder]) -> Vec<FileChange> {
    let (a, b) = (indexes(a), indexes(b));
    let (a, b): (Vec<&LayerIndex>, Vec<&LayerIndex>) = (a.iter().collect(), b.iter().collect());
    compare_trees(&tree(&a), &tree(&b))
}

fn layer() -> LayerBuilder {
    LayerBuilder::new()
}

fn compared(a: LayerBuilder, b: LayerBuilder) -> Vec<FileChange> {
    differences(&[a], &[b])
}

/// `+ /a`, `→ /b (/a)`, `m /c mode …`
fn shown(changes: &[FileChange]) -> Vec<String> {
    let sign = |status| match status {
        FileStatus::Added => "+",
        FileStatus::Removed => "-",
        FileStatus::Changed => "±",
        FileStatus::Renamed => "→",
        FileStatus::Metadata => "m",
    };
    changes
        .iter()
        .map(|change| {
            let from = change.from.as_ref().map_or_else(String::new, |from| format!(" ({from})"));
            format!("{} {}{from} {}", sign(change.status), change.path, change.what.join(", ")).trim_end().to_owned()
        })
        .collect()
}

#[test]
fn tells_content_from_metadata() {
    let a = layer().file("same", b"1").file("content", b"1").file("mode", b"1").file("gone", b"x").symlink("link", "a");
    let b =
        layer().file("same", b"1").file("content", b"2").program("mode", b"1").file("new", b"y").symlink("link", "b");
    let expected = ["± /content", "- /gone", "± /link target a → b", "m /mode mode 0644 → 0755", "+ /new"];
    assert_eq!(shown(&compared(a, b)), expected);
}

#[test]
fn the_same_content_elsewhere_is_a_move() {
    let a = layer().file("old/model.bin", b"weights").file("old/twin", b"weights").file("empty", b"");
    let b = layer().file("new/twin", b"weights").file("new/model.bin", b"weights").file("other", b"");
    let expected = ["- /empty", "→ /new/model.bin (/old/model.bin)", "→ /new/twin (/old/twin)", "+ /other"];
    assert_eq!(shown(&compared(a, b)), expected);
}

#[test]
fn a_move_with_another_owner_says_both() {
    let changes = compared(layer().file("a", b"xyz"), layer().owner(1000, 1000).file("b", b"xyz"));
    assert_eq!(shown(&changes), ["→ /b (/a) owner 0:0 → 1000:1000"]);
}

#[test]
fn other_types_are_changes() {
    let changes = compared(layer().file("a", b"1").dir("d"), layer().symlink("a", "x").file("d", b"2"));
    assert_eq!(shown(&changes), ["± /a file → symlink", "± /d directory → file"]);
}

#[test]
fn folders_are_told_only_where_nothing_in_them_tells() {
    let changes =
        compared(layer().dir("gone").file("gone/x", b"1"), layer().dir("data").dir("full").file("full/y", b"2"));
    assert_eq!(shown(&changes), ["+ /data", "+ /full/y", "- /gone/x"]);
}

#[test]
fn hardlinks_are_files_like_any_other() {
    let changes = compared(layer().file("a", b"1").hardlink("b", "a"), layer().file("a", b"1").file("b", b"1"));
    assert_eq!(shown(&changes), Vec::<String>::new());
}

fn trees() -> impl Strategy<Value = Vec<(u8, u8, u8)>> {
    prop::collection::vec((0u8..6, 0u8..4, 0u8..3), 0..14)
}

fn built(files: &[(u8, u8, u8)]) -> LayerBuilder {
    files
        .iter()
        .fold(layer(), |layer, (folder, name, content)| layer.file(format!("d{folder}/f{name}"), format!("c{content}")))
}

proptest! {
    #[test]
    fn an_image_is_the_same_as_itself_however_it_is_layered(files in trees(), cut in 0usize..14) {
        let cut = cut.min(files.len());
        let (whole, halves) = ([built(&files)], [built(&files[..cut]), built(&files[cut..])]);
        prop_assert_eq!(differences(&whole, &halves), vec![]);
    }

    #[test]
    fn turning_the_images_round_turns_added_and_removed_round(a in trees(), b in trees()) {
        let (a, b) = ([built(&a)], [built(&b)]);
        let count = |changes: &[FileChange], status| changes.iter().filter(|change| change.status == status).count();
        let (there, back) = (differences(&a, &b), differences(&b, &a));
        for (one, other) in [
            (FileStatus::Added, FileStatus::Removed),
            (FileStatus::Removed, FileStatus::Added),
            (FileStatus::Renamed, FileStatus::Renamed),
            (FileStatus::Changed, FileStatus::Changed),
        ] {
            prop_assert_eq!(count(&there, one), count(&back, other));
        }
    }
}
