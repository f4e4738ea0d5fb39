//! What belongs to whom, what only one package keeps in, and why things are there.

use jettison_testkit::LayerBuilder;

use super::*;
use crate::{LayerIndex, LayerReader, Stack, Summarizer, index_layer};

fn index(layer: &LayerBuilder) -> LayerIndex {
    let tar = layer.tar();
    index_layer(LayerReader { name: "test".to_owned(), blob: Box::new(&tar[..]) }, &Summarizer::wanted).unwrap()
}

fn inventory(layers: &[LayerBuilder]) -> (Inventory, Vec<(String, Option<String>)>) {
    let indexes: Vec<LayerIndex> = layers.iter().map(index).collect();
    let indexes: Vec<&LayerIndex> = indexes.iter().collect();
    let listing = Listing::new(&Stack::new(&indexes).unwrap(), &indexes).unwrap();
    let inventory = Inventory::new(&listing);
    let owner = |at| inventory.owner(at).map(|owner| inventory.packages[owner].package.name.clone());
    let owners = (0..listing.len()).map(|at| (listing.row(at).path.to_owned(), owner(at))).collect();
    (inventory, owners)
}

fn at(inventory: &Inventory, name: &str) -> usize {
    let found = inventory.named(name);
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found[0]
}

fn one<'i>(inventory: &'i Inventory, name: &str) -> &'i Installed {
    &inventory.packages[at(inventory, name)]
}

fn names(inventory: &Inventory, packages: &[usize]) -> Vec<String> {
    packages.iter().map(|at| inventory.packages[*at].package.name.clone()).collect()
}

/// `name`, fields of its own, and one file of so many bytes.
fn debian(packages: &[(&str, &str, usize)], automatic: &[&str]) -> LayerBuilder {
    let mut status = String::new();
    let mut layer = LayerBuilder::new();
    for (name, fields, size) in packages {
        status +=
            &format!("Package: {name}\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n{fields}\n\n");
        layer = layer
            .file(format!("var/lib/dpkg/info/{name}.list"), format!("/.\n/usr\n/usr/lib\n/lib/{name}\n"))
            .file(format!("usr/lib/{name}"), vec![b'x'; *size]);
    }
    let marks = automatic.iter().map(|name| format!("Package: {name}\nArchitecture: amd64\nAuto-Installed: 1\n\n"));
    layer.file("var/lib/dpkg/status", status).file("var/lib/apt/extended_states", marks.collect::<String>())
}

const TOYS: [(&str, &str, usize); 8] = [
    ("dpkg", "Priority: required\nDepends: libc", 100),
    ("libc", "", 1000),
    ("build", "Depends: gcc, make | other-make", 1),
    ("gcc", "Depends: libc, cpp (>= 2)\nRecommends: doc", 500),
    ("cpp", "Depends: libc", 50),
    ("make", "Provides: real-make", 30),
    ("doc", "", 20),
    ("left", "Depends: libc", 7),
];

#[test]
fn only_one_package_keeps_in_what_nothing_else_needs() {
    let (inventory, owners) = inventory(&[debian(&TOYS, &["libc", "gcc", "cpp", "make", "doc", "left"])]);
    assert!(owners.contains(&("/usr/lib/gcc".to_owned(), Some("gcc".to_owned()))));
    assert_eq!(one(&inventory, "gcc").weight.bytes, 500);
    assert_eq!(one(&inventory, "build").exclusive.bytes, 1 + 500 + 50 + 30 + 20);
    assert_eq!(names(&inventory, &inventory.exclusive(at(&inventory, "gcc"))), ["gcc", "cpp", "doc"]);
    assert_eq!(one(&inventory, "gcc").exclusive.bytes, 570);
    assert_eq!(one(&inventory, "dpkg").exclusive.bytes, 100);
    let standing = |name| one(&inventory, name).standing;
    assert_eq!(
        [standing("dpkg"), standing("build"), standing("gcc")],
        [Standing::Essential, Standing::Asked, Standing::Needed]
    );
    assert_eq!(standing("left"), Standing::Orphaned);
}

#[test]
fn says_the_shortest_reason_and_what_would_go_or_break() {
    let (inventory, _) = inventory(&[debian(&TOYS, &["libc", "gcc", "cpp", "make", "doc", "left"])]);
    let chain = |name: &str, first: &dyn Fn(usize) -> bool| {
        let chain = inventory.chain(at(&inventory, name), first);
        chain.iter().map(|link| (inventory.packages[link.package].package.name.clone(), link.weak)).collect::<Vec<_>>()
    };
    let plain = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), false)).collect::<Vec<_>>();
    assert_eq!(chain("cpp", &|_| true), plain(&["build", "gcc", "cpp"]));
    assert_eq!(chain("libc", &|_| true), plain(&["dpkg", "libc"]));
    let build = at(&inventory, "build");
    assert_eq!(chain("libc", &|root| root == build), plain(&["build", "gcc", "libc"]));
    assert_eq!(chain("doc", &|_| true).last(), Some(&("doc".to_owned(), true)));
    assert_eq!(chain("left", &|_| true), []);
    let gcc = inventory.removal(&[at(&inventory, "gcc")]);
    assert_eq!(names(&inventory, &gcc.with), ["cpp", "doc"]);
    assert_eq!(names(&inventory, &gcc.blocked_by), ["build"]);
    assert_eq!(gcc.weight.bytes, 570);
    let both = inventory.removal(&[at(&inventory, "gcc"), build]);
    assert_eq!(
        (names(&inventory, &both.with), both.blocked_by),
        (vec!["cpp".into(), "doc".into(), "make".into()], vec![])
    );
}

#[test]
fn without_marks_what_nothing_needs_is_there_by_itself() {
    let cycle = [("a", "Depends: b", 1), ("b", "Depends: a, c", 2), ("c", "", 4), ("top", "Depends: c", 8)];
    let layer = debian(&cycle, &[]);
    let (inventory, _) = inventory(&[layer]);
    assert_eq!(one(&inventory, "top").standing, Standing::Asked);
    assert_eq!((one(&inventory, "a").exclusive.bytes, one(&inventory, "c").exclusive.bytes), (3, 4));
}

#[test]
fn diverted_files_and_those_of_distroless_find_their_owners() {
    let layer = LayerBuilder::new()
        .file("var/lib/dpkg/status.d/tz", "Package: tzdata\nVersion: 2024a\nArchitecture: all\n")
        .file("var/lib/dpkg/status.d/tz.md5sums", "0123  usr/share/zoneinfo/UTC\n")
        .file("usr/share/zoneinfo/UTC", "utc")
        .file("var/lib/dpkg/status", "Package: dash\nStatus: install ok installed\nVersion: 1\n")
        .file("var/lib/dpkg/info/dash.list", "/usr/bin/sh\n")
        .file("var/lib/dpkg/diversions", "/bin/sh\n/bin/sh.real\nbusy\n")
        .file("bin/sh.real", "dash");
    let (inventory, owners) = inventory(&[layer]);
    assert!(owners.contains(&("/usr/share/zoneinfo/UTC".to_owned(), Some("tzdata".to_owned()))));
    assert!(owners.contains(&("/bin/sh.real".to_owned(), Some("dash".to_owned()))));
    assert_eq!(one(&inventory, "tzdata").source, "/var/lib/dpkg/status.d/tz");
}

#[test]
fn alpine_world_says_what_was_asked_for() {
    let installed = "P:musl\nV:1\np:so:libc.so=1\nF:lib\nR:libc.so\n\nP:busybox\nV:1\nD:so:libc.so\nF:bin\nR:busybox\n\nP:curl\nV:8\nD:so:libc.so libcurl\nF:usr/bin\nR:curl\n\nP:libcurl\nV:8\nF:usr/lib\nR:libcurl.so\n\n";
    let layer = LayerBuilder::new()
        .file("lib/apk/db/installed", installed)
        .file("etc/apk/world", "busybox\ncurl>=8\n")
        .file("lib/libc.so", "1234")
        .file("usr/bin/curl", "12")
        .file("usr/lib/libcurl.so", "123");
    let (inventory, _) = inventory(&[layer]);
    assert_eq!(one(&inventory, "curl").exclusive.bytes, 5);
    assert_eq!(one(&inventory, "musl").weight.bytes, 4);
    let removal = inventory.removal(&[at(&inventory, "musl")]);
    assert_eq!(names(&inventory, &removal.blocked_by), ["busybox", "curl"]);
}

#[test]
fn python_distributions_own_what_their_record_says() {
    let site = "usr/lib/python3/site-packages";
    let metadata = |name: &str, rest: &str| {
        format!("Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{rest}\n\nName: in the text\n")
    };
    let layer = LayerBuilder::new()
        .file(
            format!("{site}/Flask-1.0.dist-info/METADATA"),
            metadata("Flask", "Requires-Dist: My.Dep>=1\nRequires-Dist: never; extra == 'dev'"),
        )
        .file(
            format!("{site}/Flask-1.0.dist-info/RECORD"),
            "flask/__init__.py,sha256=x,3\n\"flask/a,b.py\",,\n../../../bin/flask,,\n",
        )
        .file(format!("{site}/Flask-1.0.dist-info/REQUESTED"), "")
        .file(format!("{site}/flask/__init__.py"), "123")
        .file(format!("{site}/flask/a,b.py"), "12345")
        .file(format!("{site}/flask/__pycache__/__init__.cpython-311.pyc"), "pyc")
        .file("usr/bin/flask", "#!/usr/bin/python3\n")
        .file(format!("{site}/my_dep-1.0.dist-info/METADATA"), metadata("my-dep", ""))
        .file(format!("{site}/my_dep.py"), "1234567");
    let (inventory, owners) = inventory(&[layer]);
    let owned: Vec<&str> =
        owners.iter().filter(|(_, owner)| owner.as_deref() == Some("Flask")).map(|(path, _)| path.as_str()).collect();
    assert_eq!(owned.len(), 7, "{owned:?}");
    assert_eq!(names(&inventory, &inventory.exclusive(at(&inventory, "flask"))), ["Flask", "my-dep"]);
    assert_eq!(one(&inventory, "my_dep").standing, Standing::Needed);
}

#[test]
fn npm_packages_need_the_nearest_one_of_a_name() {
    let package =
        |name: &str, version: &str, rest: &str| format!("{{\"name\":\"{name}\",\"version\":\"{version}\"{rest}}}");
    let layer = LayerBuilder::new()
        .file("app/package.json", r#"{"name":"app","dependencies":{"a":"1"},"devDependencies":{"tsc":"5"}}"#)
        .file("app/node_modules/a/package.json", package("a", "1", r#","dependencies":{"b":"1"}"#))
        .file("app/node_modules/a/node_modules/b/package.json", package("b", "1", ""))
        .file("app/node_modules/a/node_modules/b/test/package.json", package("no package", "1", ""))
        .file("app/node_modules/b/package.json", package("b", "2", ""))
        .file("app/node_modules/@t/u/package.json", package("@t/u", "2", ""))
        .symlink("app/node_modules/link", "@t/u")
        .file("app/node_modules/tsc/package.json", package("tsc", "5", r#","dependencies":{"b":"2","link":"*"}"#));
    let (inventory, owners) = inventory(&[layer]);
    let find = |name: &str, version: &str| {
        inventory.packages.iter().position(|one| one.package.name == name && one.package.version == version).unwrap()
    };
    assert_eq!(inventory.packages.len(), 5);
    assert_eq!(inventory.exclusive(find("a", "1")), [find("a", "1"), find("b", "1")]);
    let mut of_tsc = inventory.exclusive(find("tsc", "5"));
    of_tsc.sort_unstable();
    assert_eq!(names(&inventory, &of_tsc), ["@t/u", "b", "tsc"]);
    let development: Vec<String> =
        inventory.packages.iter().filter(|one| one.development).map(|one| one.package.name.clone()).collect();
    assert_eq!(development, ["@t/u", "b", "tsc"]);
    assert!(
        owners.contains(&("/app/node_modules/a/node_modules/b/test/package.json".to_owned(), Some("b".to_owned())))
    );
}

#[test]
fn gems_own_their_folders() {
    let spec = "# -*- encoding: utf-8 -*-\n\nGem::Specification.new do |s|\n  s.name = \"rack\".freeze\n  s.version = \"3.0.8\".freeze\n  s.add_runtime_dependency(%q<puma>.freeze, [\"~> 6\"])\n  s.add_development_dependency(\"x\")\nend\n";
    let layer = LayerBuilder::new()
        .file("usr/gems/3.1/specifications/rack-3.0.8.gemspec", spec)
        .file("usr/gems/3.1/gems/rack-3.0.8/lib/rack.rb", "1234")
        .file("usr/gems/3.1/extensions/x86_64-linux/3.1/rack-3.0.8/rack.so", "12")
        .file("usr/gems/3.1/specifications/default/puma-6.0.gemspec", "  s.name = \"puma\"\n  s.version = \"6.0\"\n");
    let (inventory, owners) = inventory(&[layer]);
    let owned = owners.iter().filter(|(_, owner)| owner.as_deref() == Some("rack")).count();
    assert_eq!((owned, one(&inventory, "rack").package.version.as_str()), (3, "3.0.8"));
    assert_eq!(names(&inventory, &inventory.exclusive(at(&inventory, "rack"))), ["rack", "puma"]);
}

#[test]
fn a_distribution_package_holds_the_python_package_it_brings() {
    let layer = LayerBuilder::new()
        .file("var/lib/dpkg/status", "Package: python3-yaml\nStatus: install ok installed\nVersion: 6\n")
        .file(
            "var/lib/dpkg/info/python3-yaml.list",
            "/usr/lib/python3/dist-packages/PyYAML-6.0.egg-info\n/usr/lib/python3/dist-packages/yaml.py\n",
        )
        .file("usr/lib/python3/dist-packages/PyYAML-6.0.egg-info", "Name: PyYAML\nVersion: 6.0\n")
        .file("usr/lib/python3/dist-packages/yaml.py", "123");
    let (inventory, _) = inventory(&[layer]);
    let yaml = one(&inventory, "pyyaml");
    assert_eq!((yaml.package.within.as_deref(), yaml.weight.bytes), (Some("python3-yaml"), 0));
    assert_eq!(names(&inventory, &inventory.exclusive(at(&inventory, "python3-yaml"))), ["python3-yaml", "PyYAML"]);
}

#[test]
fn the_layer_is_the_one_that_holds_most() {
    let upper = LayerBuilder::new().file("usr/lib/gcc", vec![b'y'; 700]);
    let (inventory, _) = inventory(&[debian(&TOYS, &[]), upper]);
    assert_eq!((one(&inventory, "gcc").layer, one(&inventory, "cpp").layer), (1, 0));
}

#[test]
fn a_package_of_two_architectures_is_two_packages() {
    let stanza =
        |arch: &str| format!("Package: libc6\nStatus: install ok installed\nVersion: 1\nArchitecture: {arch}\n\n");
    let layer = LayerBuilder::new()
        .file("var/lib/dpkg/status", stanza("amd64") + &stanza("i386"))
        .file("var/lib/dpkg/info/libc6:amd64.list", "/usr/lib/x86_64-linux-gnu/libc.so.6\n")
        .file("var/lib/dpkg/info/libc6:i386.list", "/usr/lib/i386-linux-gnu/libc.so.6\n")
        .file("usr/lib/x86_64-linux-gnu/libc.so.6", "12")
        .file("usr/lib/i386-linux-gnu/libc.so.6", "123");
    let (inventory, _) = inventory(&[layer]);
    assert_eq!(inventory.named("libc6").len(), 2);
    assert_eq!(one(&inventory, "libc6:amd64").weight.bytes, 2);
    assert_eq!(one(&inventory, "libc6:i386").weight.bytes, 3);
}
