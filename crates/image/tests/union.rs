//! Stacks of layers: what is left, whose it is, what it weighs.

use std::collections::BTreeMap;

use jettison_image::{Error, FileKind, FileTree, LayerFault, LayerIndex, LayerReader, index_layer};
use jettison_testkit::LayerBuilder;
use proptest::prelude::*;

fn index(layer: &LayerBuilder) -> LayerIndex {
    let tar = layer.tar();
    index_layer(LayerReader { name: "test".to_owned(), blob: Box::new(&tar[..]) }, &|_| false).unwrap()
}

fn try_stack(layers: &[LayerBuilder]) -> Result<FileTree, Error> {
    let indexes: Vec<LayerIndex> = layers.iter().map(index).collect();
    FileTree::stack(&indexes.iter().collect::<Vec<_>>())
}

fn stack(layers: &[LayerBuilder]) -> FileTree {
    try_stack(layers).unwrap()
}

fn layer() -> LayerBuilder {
    LayerBuilder::new()
}

/// Paths that are no folders.
fn names(tree: &FileTree) -> Vec<&str> {
    tree.files.iter().filter(|(_, file)| file.kind != FileKind::Directory).map(|(path, _)| path.as_str()).collect()
}

#[test]
fn whiteouts_hide_lower_layers_only_wherever_they_stand() {
    let lower = layer().file("a/old", b"1").file("a/sub/old", b"2").file("b", b"3");
    for upper in [layer().file("a/new", b"4").whiteout("a"), layer().whiteout("a").file("a/new", b"4")] {
        assert_eq!(names(&stack(&[lower.clone(), upper])), ["/a/new", "/b"]);
    }
}

#[test]
fn opaque_folders_hide_lower_children_only() {
    let lower = layer().file("a/old", b"1").file("a/sub/old", b"2").file("b", b"3");
    for upper in [layer().file("a/new", b"4").opaque("a"), layer().opaque("a").file("a/new", b"4")] {
        assert_eq!(names(&stack(&[lower.clone(), upper])), ["/a/new", "/b"]);
    }
    assert_eq!(names(&stack(&[lower, layer().file(".wh..wh..opq", b"")])), Vec::<&str>::new());
}

#[test]
fn names_that_only_look_like_whiteouts_are_files() {
    let tree = stack(&[
        layer().file("a", b"1"),
        layer().file("a.wh.b", b"").file(".whx", b"").file(".wh.", b"").file(".wh...", b""),
    ]);
    assert_eq!(names(&tree), ["/.whx", "/a", "/a.wh.b"]);
    assert_eq!(names(&stack(&[layer().file(".wh..wh.plnk/x", b"1").file("y", b"")])), ["/y"]);
}

#[test]
fn hardlinks_count_once_and_outlive_their_first_name() {
    let tree = stack(&[layer().file("z", b"12345").hardlink("a", "z").hardlink("b", "a")]);
    assert_eq!(tree.apparent_bytes(), 5);
    assert_eq!(tree.files["/z"].kind, FileKind::Regular);
    assert_eq!(tree.files["/a"].kind, FileKind::Hardlink("/z".to_owned()));
    let layers = [layer().file("z", b"12345"), layer().hardlink("b", "z").hardlink("a", "z"), layer().whiteout("z")];
    let tree = stack(&layers);
    assert_eq!((tree.apparent_bytes(), tree.files["/a"].layer), (5, 0));
    assert_eq!(tree.files["/a"].kind, FileKind::Regular);
    assert_eq!(tree.files["/b"].kind, FileKind::Hardlink("/a".to_owned()));
    assert_eq!(names(&stack(&[layer().hardlink("a", "nothing").hardlink("b", "/")])), Vec::<&str>::new());
}

#[test]
fn a_rewritten_name_leaves_the_other_names_of_a_payload_alone() {
    let tree = stack(&[layer().file("a", b"12345").hardlink("b", "a"), layer().file("a", b"1")]);
    assert_eq!(tree.apparent_bytes(), 6);
    assert_eq!((tree.files["/b"].size, tree.files["/b"].kind.clone()), (5, FileKind::Regular));
}

#[test]
fn types_replace_one_another_but_folders_keep_their_children() {
    let tree = stack(&[layer().dir("d").file("d/x", b"1").file("f", b"2"), layer().file("d", b"3").file("f/y", b"4")]);
    assert_eq!(names(&tree), ["/d", "/f/y"]);
    let tree = stack(&[layer().file("d/x", b"1"), layer().mode(0o700).dir("d")]);
    assert_eq!((names(&tree), tree.files["/d"].mode), (vec!["/d/x"], 0o700));
    let tree = stack(&[layer().symlink("l", "t").file("t/x", b"1"), layer().dir("l").file("l/y", b"")]);
    assert_eq!(names(&tree), ["/l/y", "/t/x"]);
}

#[test]
fn parents_are_resolved_through_links_inside_the_root() {
    let lower = layer().dir("usr/lib").symlink("lib", "usr/lib").symlink("up", "../../usr").symlink("abs", "/usr/lib");
    let upper = layer().file("lib/x", b"1").file("up/y", b"").file("abs/z", b"").hardlink("lib/w", "abs/x");
    let tree = stack(&[lower.clone(), upper.clone()]);
    assert_eq!(names(&tree), ["/abs", "/lib", "/up", "/usr/lib/w", "/usr/lib/x", "/usr/lib/z", "/usr/y"]);
    let tree = stack(&[lower, upper, layer().whiteout("lib/x").whiteout("abs/z")]);
    assert_eq!(names(&tree), ["/abs", "/lib", "/up", "/usr/lib/w", "/usr/y"]);
}

#[test]
fn a_link_to_nowhere_makes_its_target_when_written_through() {
    assert_eq!(names(&stack(&[layer().symlink("l", "not/there").file("l/x", b"")])), ["/l", "/not/there/x"]);
}

#[test]
fn loops_of_links_are_an_error_that_names_the_entry() {
    let error = try_stack(&[layer().symlink("a", "b").symlink("b", "a"), layer().file("a/x", b"")]).unwrap_err();
    let Error::Layer { reason: LayerFault::SymlinkLoop { entry }, .. } = error else { panic!("{error}") };
    assert_eq!(entry, "/a/x");
}

#[test]
fn every_file_knows_its_layer() {
    let tree = stack(&[layer().file("a", b"1").file("b", b"1"), layer().file("b", b"22").dir("new")]);
    assert_eq!((tree.files["/a"].layer, tree.files["/b"].layer, tree.files["/new"].layer), (0, 1, 1));
    assert_eq!(tree.files["/"].kind, FileKind::Directory);
}

#[test]
fn deep_paths_cost_no_stack() {
    let deep = "d/".repeat(3000);
    let tree = stack(&[layer().file(format!("{deep}x"), b"1")]);
    assert_eq!(tree.files.len(), 3002);
    assert_eq!(stack(&[layer().file(format!("{deep}x"), b"1"), layer().whiteout("d")]).files.len(), 1);
}

/// What one member does.
#[derive(Clone, Debug)]
enum Step {
    File(String, u8),
    Dir(String),
    Link(String),
    Whiteout(String),
    Opaque(String),
}

fn step() -> impl Strategy<Value = Step> {
    let path = || "[abc](/[abc]){0,2}";
    prop_oneof![
        4 => (path(), any::<u8>()).prop_map(|(path, size)| Step::File(path, size)),
        2 => path().prop_map(Step::Dir),
        1 => path().prop_map(|path| Step::Link(format!("{path}/l"))),
        2 => path().prop_map(Step::Whiteout),
        1 => path().prop_map(Step::Opaque),
    ]
}

fn build(steps: &[Step]) -> LayerBuilder {
    steps.iter().fold(layer(), |layer, step| match step {
        Step::File(path, size) => layer.file(path, vec![0; usize::from(*size)]),
        Step::Dir(path) => layer.dir(path),
        Step::Link(path) => layer.symlink(path, "nowhere"),
        Step::Whiteout(path) => layer.whiteout(path),
        Step::Opaque(path) => layer.opaque(path),
    })
}

/// A flat map of paths, by the letter of the specification: first what the layer hides of lower ones, then what it adds.
#[derive(Default)]
struct Reference(BTreeMap<String, Option<u64>>);

impl Reference {
    fn remove(&mut self, path: &str, itself: bool) {
        let below = format!("{path}/");
        self.0.retain(|other, _| !(other.starts_with(&below) || itself && other == path));
    }

    fn parents(&mut self, path: &str) {
        for (at, _) in path.match_indices('/').skip(1) {
            let parent = &path[..at];
            if self.0.get(parent).is_none_or(Option::is_some) {
                self.0.insert(parent.to_owned(), None);
            }
        }
    }

    fn apply(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Whiteout(path) => self.remove(&format!("/{path}"), true),
                Step::Opaque(path) => self.remove(&format!("/{path}"), false),
                _ => {}
            }
        }
        for step in steps {
            match step {
                Step::File(path, _) | Step::Link(path) => {
                    let (path, size) =
                        (format!("/{path}"), if let Step::File(_, size) = step { u64::from(*size) } else { 0 });
                    self.parents(&path);
                    self.remove(&path, true);
                    self.0.insert(path, Some(size));
                }
                Step::Dir(path) => {
                    let path = format!("/{path}");
                    self.parents(&path);
                    self.0.insert(path, None);
                }
                _ => {}
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn equals_a_flat_reference(layers in prop::collection::vec(prop::collection::vec(step(), 0..10), 1..5)) {
        // Links are leaves here (named `l`, which no other path has as a folder): a flat map cannot follow them.
        let built: Vec<LayerBuilder> = layers.iter().map(|steps| build(steps)).collect();
        let tree = stack(&built);
        let mut reference = Reference::default();
        layers.iter().for_each(|steps| reference.apply(steps));
        let leaf = |kind: &FileKind| !matches!(kind, FileKind::Directory);
        let found: BTreeMap<String, Option<u64>> = tree.files.iter().filter(|(path, _)| *path != "/")
            .map(|(path, file)| (path.clone(), leaf(&file.kind).then_some(file.size))).collect();
        prop_assert_eq!(&found, &reference.0);
        prop_assert_eq!(tree.apparent_bytes(), reference.0.values().flatten().sum::<u64>());
    }
}
