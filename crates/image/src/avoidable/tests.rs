//! What is marked, what is spared, and how it is grouped.

use jettison_testkit::LayerBuilder;

use super::*;
use crate::{LayerIndex, LayerReader, Stack, Summarizer, index_layer};

fn rule(kind: AvoidableKind, pattern: &str) -> Rule {
    Rule { kind: Some(kind), pattern: pattern.to_owned(), sure: true, ..Rule::default() }
}

fn rules() -> Rules {
    use AvoidableKind::*;
    let spared = Rule { pattern: "/usr/share/doc/*/copyright".to_owned(), ..Rule::default() };
    let vcs = Rule { scope: Scope::App, ..rule(Vcs, "**/.git") };
    let secret = Rule { scope: Scope::App, sure: false, ..rule(Secret, "**/*.key") };
    let cache = Rule { unless: vec!["pip".to_owned()], ..rule(PackageCache, "/root/.cache/pip") };
    let tests = Rule { marker: Some("lcov.info".to_owned()), ..rule(Temp, "**/coverage") };
    let rules = [
        rule(Docs, "/usr/share/doc"),
        spared,
        vcs,
        secret,
        cache,
        tests,
        rule(Bytecode, "**/*.pyc"),
        rule(BuildTool, "/usr/local/go"),
    ];
    Rules::new(rules, vec!["/usr/lib".to_owned()], vec!["node_modules".to_owned()])
}

fn index(layer: &LayerBuilder) -> LayerIndex {
    let tar = layer.tar();
    index_layer(LayerReader { name: "test".to_owned(), blob: Box::new(&tar[..]) }, &Summarizer::wanted).unwrap()
}

struct Setting {
    running: BTreeSet<String>,
    used: Vec<&'static str>,
}

fn found(layers: &[LayerBuilder], setting: &Setting) -> Vec<Avoidable> {
    let indexes: Vec<LayerIndex> = layers.iter().map(index).collect();
    let indexes: Vec<&LayerIndex> = indexes.iter().collect();
    let listing = Listing::new(&Stack::new(&indexes).unwrap(), &indexes).unwrap();
    let inventory = Inventory::new(&listing);
    let surroundings = Surroundings {
        workdir: "/app",
        running: &setting.running,
        is_used: &|path| setting.used.iter().any(|used| *used == path || used.starts_with(&format!("{path}/"))),
        is_build_package: &|installed| installed.package.name == "gcc",
        is_reached: &|_| false,
    };
    avoidable(&listing, &inventory, &rules(), &surroundings)
}

fn shown(found: &[Avoidable]) -> Vec<String> {
    found.iter().map(|one| format!("{} {} {}", one.kind.as_str(), one.path, one.weight.bytes)).collect()
}

fn plain(layer: LayerBuilder) -> Vec<String> {
    shown(&found(&[layer], &Setting { running: BTreeSet::new(), used: Vec::new() }))
}

#[test]
fn the_highest_folder_that_is_wholly_of_a_kind_stands_for_all() {
    let layer = LayerBuilder::new()
        .file("usr/share/doc/a/readme", "1234")
        .file("usr/share/doc/b/readme", "12345")
        .file("usr/share/doc/b/changes", "1")
        .file("usr/share/doc/c/readme", "12")
        .file("usr/share/doc/c/copyright", "12")
        .file("usr/share/keep", "1");
    assert_eq!(plain(layer), ["docs /usr/share/doc/b 6", "docs /usr/share/doc/a 4", "docs /usr/share/doc/c/readme 2"]);
}

#[test]
fn a_folder_with_one_folder_in_it_is_named_by_that() {
    let layer = LayerBuilder::new().file("root/.cache/pip/http/1", "123").file("root/.cache/pip/wheels/2", "12");
    assert_eq!(plain(layer.clone()), ["package_cache /root/.cache/pip 5"]);
    let running = BTreeSet::from(["pip".to_owned()]);
    assert_eq!(found(&[layer], &Setting { running, used: Vec::new() }), []);
}

#[test]
fn what_the_image_runs_from_a_folder_keeps_it() {
    let layer = || LayerBuilder::new().file("usr/local/go/bin/go", "1").file("usr/local/go/src/x", "12");
    assert_eq!(plain(layer()), ["build_tool /usr/local/go 3"]);
    let used = Setting { running: BTreeSet::new(), used: vec!["/usr/local/go/bin/go"] };
    assert_eq!(found(&[layer()], &used), []);
}

#[test]
fn rules_for_apps_spare_the_system_and_what_is_installed() {
    let layer = LayerBuilder::new()
        .file("app/.git/HEAD", "1")
        .file("app/tls.key", "")
        .file("usr/lib/x/test.key", "1")
        .file("app/node_modules/x/test.key", "1")
        .file("srv/coverage/lcov.info", "12")
        .file("srv/b/coverage/data", "12");
    assert_eq!(plain(layer), ["temp /srv/coverage 2", "vcs /app/.git 1", "secret /app/tls.key 0"]);
}

#[test]
fn bytecode_without_its_source_is_the_program() {
    let layer = LayerBuilder::new()
        .file("app/a.py", "1")
        .file("app/__pycache__/a.cpython-311.pyc", "123")
        .file("app/b.pyc", "123");
    assert_eq!(plain(layer), ["bytecode /app/__pycache__ 3"]);
}

#[test]
fn packages_that_only_build_are_tools() {
    let layer = LayerBuilder::new()
        .file("var/lib/dpkg/status", "Package: gcc\nStatus: install ok installed\nVersion: 1\n")
        .file("var/lib/dpkg/info/gcc.list", "/usr/lib/gcc/cc1\n/usr/lib/gcc/lto\n")
        .file("usr/lib/gcc/cc1", "1234567")
        .file("usr/lib/gcc/lto", "1")
        .file("usr/lib/gcc/own", "1");
    assert_eq!(plain(layer), ["build_tool /usr/lib/gcc/cc1 7", "build_tool /usr/lib/gcc/lto 1"]);
}

#[test]
fn copies_say_where_the_other_one_is() {
    let bundle = vec![b'x'; 20_000];
    let other = vec![b'y'; 700];
    let lower = LayerBuilder::new().file("app/dist/js/a.js", &bundle).file("app/dist/b.css", &other);
    let upper = LayerBuilder::new()
        .file("srv/html/js/a.js", &bundle)
        .file("srv/html/b.css", &other)
        .hardlink("app/dist/same.js", "app/dist/js/a.js")
        .file("srv/one.css", &other);
    let found = found(&[lower, upper], &Setting { running: BTreeSet::new(), used: Vec::new() });
    assert_eq!(shown(&found), ["copy_elsewhere /srv/html 20700"]);
    assert_eq!(
        (found[0].original.as_deref(), found[0].sure, &found[0].layers[..]),
        (Some("/app/dist"), false, &[1][..])
    );
}

#[test]
fn nothing_is_both_wasted_and_avoidable() {
    let lower = LayerBuilder::new().file("app/.git/HEAD", "12345").file("app/.git/old", "123");
    let upper = LayerBuilder::new().whiteout("app/.git/old");
    assert_eq!(
        shown(&found(&[lower, upper], &Setting { running: BTreeSet::new(), used: Vec::new() })),
        ["vcs /app/.git 5"]
    );
}
