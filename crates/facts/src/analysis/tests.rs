//! A small Debian with an app on it: what is reached, what could go, what to do, and why things are there.

use std::sync::Arc;

use jettison_dockerfile::Dockerfile;
use jettison_image::{
    AvoidableKind, Image, ImageConfig, ImageLayer, LayerIndex, LayerReader, Standing, Summarizer, index_layer,
};
use jettison_testkit::{ElfBuilder, ImageBuilder, LayerBuilder, sha256};

use super::*;
use crate::Options;

const DOCKERFILE: &str = "FROM debian
RUN apt-get update && apt-get install -y gcc vim
COPY . /app
RUN rm -r /app/old && pip install flask
CMD [\"/app/serve\"]
";

fn index(tar: &[u8]) -> LayerIndex {
    index_layer(LayerReader { name: "test".to_owned(), blob: Box::new(tar) }, &Summarizer::wanted).unwrap()
}

fn status(packages: &[(&str, &str)]) -> String {
    let stanza = |(name, rest): &(&str, &str)| {
        format!("Package: {name}\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n{rest}\n\n")
    };
    packages.iter().map(stanza).collect()
}

const BASE: [(&str, &str); 5] = [
    ("dpkg", "Priority: required\nDepends: libc6"),
    ("libc6", ""),
    ("bash", "Essential: yes\nDepends: libc6"),
    ("tzdata", ""),
    ("libssl3", "Depends: libc6"),
];
const ADDED: [(&str, &str); 5] = [
    ("gcc", "Depends: cpp, libc6"),
    ("cpp", "Depends: libc6"),
    ("vim", "Depends: libc6, vim-runtime"),
    ("vim-runtime", ""),
    ("left-over", ""),
];

fn with_files(mut layer: LayerBuilder, packages: &[(&str, &str)], size: usize) -> LayerBuilder {
    for (name, _) in packages {
        layer = layer.file(format!("var/lib/dpkg/info/{name}.list"), format!("/usr/lib/{name}.so\n/usr/bin/{name}\n"));
        if *name != "libc6" {
            layer = layer.program(format!("usr/bin/{name}"), vec![b'x'; size]);
        }
    }
    layer
}

fn layers() -> [LayerBuilder; 4] {
    let libc = ElfBuilder::x86_64().soname("libc6.so").build();
    let library = ElfBuilder::x86_64().soname("libssl3.so").needs("libc6.so").build();
    let base = LayerBuilder::new().program("usr/lib/libc6.so", libc).program("usr/lib/libssl3.so", library);
    let base = with_files(base, &BASE, 2_000).file("var/lib/dpkg/status", status(&BASE));
    let base = base.file("usr/share/doc/bash/README", vec![b'd'; 30_000]);
    let all = [&BASE[..], &ADDED[..]].concat();
    let marks = ["cpp", "vim-runtime", "left-over"].map(|name| format!("Package: {name}\nAuto-Installed: 1\n\n"));
    let added = with_files(LayerBuilder::new(), &ADDED, 1_500_000)
        .file("var/lib/dpkg/status", status(&all))
        .file("var/lib/apt/extended_states", marks.concat())
        .file("var/lib/apt/lists/deb.debian.org_Packages", vec![b'l'; 70_000]);
    let serve = ElfBuilder::x86_64().needs("libssl3.so").build();
    let app = LayerBuilder::new()
        .program("app/serve", serve)
        .file("app/.git/HEAD", vec![b'g'; 20_000])
        .file("app/.env", "TOKEN=1")
        .file("app/old/data", vec![b'o'; 50_000]);
    let site = "usr/lib/python3/site-packages/flask-3.dist-info";
    let pip = LayerBuilder::new()
        .whiteout("app/old")
        .file(format!("{site}/METADATA"), "Name: Flask\nVersion: 3\n")
        .file(format!("{site}/RECORD"), "flask.py,,\n")
        .file("usr/lib/python3/site-packages/flask.py", "app = 1");
    [base, added, app, pip]
}

fn image() -> Image {
    let by = [
        "ADD rootfs.tar / # buildkit",
        "RUN /bin/sh -c apt-get update && apt-get install -y gcc vim # buildkit",
        "COPY . /app # buildkit",
        "RUN /bin/sh -c rm -r /app/old && pip install flask # buildkit",
    ];
    let layers = layers();
    let builder = layers.iter().zip(by).fold(ImageBuilder::new(), |image, (layer, by)| image.layer(layer, by));
    let document =
        builder.cmd(&["/app/serve"]).set("WorkingDir", "/app").empty_layer("CMD [\"/app/serve\"]").config_json();
    let layer = |layer: &LayerBuilder| ImageLayer { index: Arc::new(index(&layer.tar())), media_type: String::new() };
    Image {
        reference: None,
        digest: None,
        config_digest: sha256(&document).parse().unwrap(),
        media_type: String::new(),
        config: ImageConfig::parse("config", &document).unwrap(),
        layers: layers.iter().map(layer).collect(),
    }
}

fn dockerfile() -> Dockerfile {
    jettison_dockerfile::parse(DOCKERFILE.as_bytes())
}

/// Runs `check` on the analysis of the image above.
fn analysed(with_dockerfile: bool, check: &dyn Fn(&Analysis<'_>)) {
    let (image, dockerfile, options) = (image(), dockerfile(), Options::default());
    let recipe = Recipe { dockerfile: &dockerfile, options: &options, base: None };
    let indexes = image.indexes();
    let stack = Stack::new(&indexes).unwrap();
    check(&analyse(&image, &stack, with_dockerfile.then_some(&recipe)).unwrap());
}

fn names(analysis: &Analysis<'_>, packages: &[usize]) -> Vec<String> {
    packages.iter().map(|at| analysis.inventory.packages[*at].package.name.clone()).collect()
}

#[test]
fn what_the_entry_command_reaches_keeps_its_packages() {
    analysed(true, &|analysis| {
        assert!(analysis.reach.known && !analysis.reach.opaque);
        assert!(analysis.reach.is_used("/usr/lib/libssl3.so") && analysis.reach.is_used("/app"));
        let unreached = names(analysis, &analysis.reach.unreached(&analysis.inventory));
        assert_eq!(unreached, ["bash", "cpp", "dpkg", "gcc", "left-over", "vim", "vim-runtime"]);
    });
}

#[test]
fn avoidable_bytes_have_a_kind_and_a_layer() {
    analysed(true, &|analysis| {
        let shown: Vec<String> =
            analysis.avoidable.iter().map(|one| format!("{} {} {}", one.kind.as_str(), one.path, one.layer)).collect();
        for expected in [
            "build_tool /usr/bin/gcc 1",
            "build_tool /usr/bin/cpp 1",
            "package_cache /var/lib/apt/lists 1",
            "docs /usr/share/doc/bash 0",
            "vcs /app/.git 2",
            "secret /app/.env 2",
        ] {
            assert!(shown.contains(&expected.to_owned()), "{expected}: {shown:?}");
        }
        assert!(!shown.iter().any(|one| one.contains("/usr/bin/vim") && one.starts_with("build_tool")), "{shown:?}");
    });
}

#[test]
fn advice_names_lines_and_who_does_it() {
    analysed(true, &|analysis| {
        let of = |id: &str| analysis.findings.iter().find(|advice| advice.id == id).unwrap_or_else(|| panic!("{id}"));
        let cache = of("package-cache-kept");
        assert_eq!((cache.see, cache.weight.bytes), (Some("apt-cache-kept"), 70_000));
        assert!(cache.message.starts_with("`/var/lib/apt/lists` (Dockerfile:2)"), "{}", cache.message);
        assert_eq!(of("build-tools-shipped").see, Some("multi-stage"));
        assert_eq!(of("version-control-shipped").see, Some("context-ignore"));
        assert!(
            analysis.findings.iter().all(|one| one.id != "package-cache-kept" || one.see != Some("context-ignore"))
        );
        assert_eq!(of("documentation-shipped").see, Some("slim-base"));
        assert_eq!(of("secret-shipped").weight.bytes, 7);
        let deleted = of("deleted-later");
        assert_eq!((deleted.weight.bytes, deleted.see), (50_000, Some("late-delete")));
        let vim = of("unreached-package");
        assert_eq!((vim.weight.bytes, vim.see), (3_000_000, Some("unused-tools")));
        assert!(vim.message.contains("`vim` (Dockerfile:2)"), "{}", vim.message);
        assert_eq!(of("orphaned-packages").weight.bytes, 1_500_000);
        assert!(analysis.findings.windows(2).all(|pair| pair[0].weight >= pair[1].weight));
    });
}

#[test]
fn without_a_dockerfile_the_history_still_says_what_named_a_package() {
    analysed(false, &|analysis| {
        assert_eq!(analysis.line(1), None);
        assert_eq!(analysis.instruction(1), "RUN apt-get update && apt-get install -y gcc vim");
        let why = &analysis.why("cpp")[0];
        assert!(matches!(&why.chain[0].thing, Thing::Instruction(1, _)), "{:?}", why.chain);
    });
}

#[test]
fn a_package_is_there_for_an_instruction_and_a_chain() {
    analysed(true, &|analysis| {
        let why = &analysis.why("cpp")[0];
        assert_eq!((why.kind, why.weight.bytes, why.files), (WhyKind::Package, 1_500_000, 1));
        let relations: Vec<&str> = why.chain.iter().map(|reason| reason.relation.as_str()).collect();
        assert_eq!(relations, ["installs", "depends", ""]);
        let goes = why.goes.as_ref().unwrap();
        assert_eq!((goes.packages.len(), names(analysis, &goes.blocked_by)), (0, vec!["gcc".to_owned()]));
        let vim = analysis.why("vim").remove(0).goes.unwrap();
        assert_eq!((names(analysis, &vim.packages), vim.weight.bytes), (vec!["vim-runtime".to_owned()], 3_000_000));
        let libc = &analysis.why("libc6")[0];
        assert_eq!(libc.chain[0].thing, Thing::Base);
    });
}

#[test]
fn a_file_is_there_for_its_package_or_its_layer() {
    analysed(true, &|analysis| {
        let gcc = &analysis.why("/usr/bin/gcc")[0];
        assert_eq!((gcc.kind, gcc.chain.len()), (WhyKind::File, 3));
        assert_eq!(gcc.chain[1].relation, Relation::Owns);
        let git = &analysis.why("/app/.git")[0];
        assert_eq!((git.kind, git.package, git.weight.bytes), (WhyKind::Directory, None, 20_000));
        assert!(matches!(&git.chain[0], Reason { thing: Thing::Instruction(2, _), relation: Relation::Brings, .. }));
        let part = |layer, added, removed, bytes| (layer, added, removed, bytes);
        let parts = |why: &Why| {
            why.layers.iter().map(|one| part(one.layer, one.added, one.removed, one.weight.bytes)).collect::<Vec<_>>()
        };
        let old = &analysis.why("/app/old")[0];
        assert_eq!(old.kind, WhyKind::Removed);
        assert_eq!(parts(old), [part(2, true, false, 50_000), part(3, false, true, 0)]);
        assert_eq!(parts(&analysis.why("/var/lib/dpkg/status")[0]).len(), 2);
        assert_eq!(analysis.why("/nowhere"), []);
        assert_eq!(analysis.why("no-such-package"), []);
    });
}

#[test]
fn of_packages_without_known_files_nothing_is_said() {
    let serve = ElfBuilder::x86_64().build();
    let status = |name: &str| format!("Package: {name}\nVersion: 1\nDepends: other\n");
    let tar = LayerBuilder::new()
        .file("var/lib/dpkg/status.d/libssl3", status("libssl3"))
        .file("var/lib/dpkg/status.d/other", "Package: other\nVersion: 1\n")
        .file("var/lib/dpkg/status.d/other.md5sums", "00  usr/lib/other.so\n")
        .file("usr/lib/other.so", "x")
        .program("serve", serve)
        .tar();
    let index = index(&tar);
    let indexes = [&index];
    let listing = Listing::new(&Stack::new(&indexes).unwrap(), &indexes).unwrap();
    let inventory = Inventory::new(&listing);
    let config = ImageConfig { entrypoint: Some(vec!["/serve".to_owned()]), ..ImageConfig::default() };
    let reach = reach::reach(&listing, &inventory, &config);
    let unreached = reach.unreached(&inventory);
    let names: Vec<&str> = unreached.iter().map(|at| inventory.packages[*at].package.name.as_str()).collect();
    assert_eq!(names, ["other"]);
}

#[test]
fn python_packages_are_named_by_pip() {
    analysed(true, &|analysis| {
        let flask = analysis.inventory.named("flask");
        assert_eq!(analysis.inventory.packages[flask[0]].standing, Standing::Asked);
        let why = &analysis.why("flask")[0];
        assert_eq!(why.chain[0].relation, Relation::Installs);
        assert_eq!(analysis.line(3).map(|line| line.line), Some(4));
    });
}

#[test]
fn every_pattern_of_the_data_matches_its_examples_and_nothing_else_is_lost() {
    for row in &load().avoidable {
        let kind = AvoidableKind::ALL.into_iter().find(|kind| kind.as_str() == row.kind);
        assert!(kind.is_some(), "{row:?}");
        for path in &row.examples {
            let layer = LayerBuilder::new().file(path.trim_start_matches('/'), "x").tar();
            let index = index(&layer);
            let indexes = [&index];
            let listing = Listing::new(&Stack::new(&indexes).unwrap(), &indexes).unwrap();
            let inventory = Inventory::new(&listing);
            let config = ImageConfig { workdir: "/app".to_owned(), ..ImageConfig::default() };
            let found = find_avoidable(&listing, &inventory, &config, &Reach::default());
            let is_bytecode = kind == Some(AvoidableKind::Bytecode);
            assert!(is_bytecode || found.iter().any(|one| Some(one.kind) == kind), "{path}: {found:?}");
        }
    }
}

#[test]
fn the_images_own_language_is_kept() {
    let tar = LayerBuilder::new().file("usr/share/locale/de/x.mo", "x").file("usr/share/locale/fr/x.mo", "xy").tar();
    let index = index(&tar);
    let indexes = [&index];
    let listing = Listing::new(&Stack::new(&indexes).unwrap(), &indexes).unwrap();
    let env = vec![("LANG".to_owned(), "de_DE.UTF-8".to_owned())];
    let config = ImageConfig { env, ..ImageConfig::default() };
    let found = find_avoidable(&listing, &Inventory::new(&listing), &config, &Reach::default());
    assert_eq!(found.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["/usr/share/locale/fr"]);
}
