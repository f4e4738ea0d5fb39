//! Summaries: packages, texts, programs, libraries, owners, sizes.

use jettison_image::{Error, FileKind, ImageConfig, ImageSummary, LayerReader, Summarizer, index_layer};
use jettison_testkit::{ElfBuilder, ImageBuilder, LayerBuilder, gzip};

fn try_summarize(image: &ImageBuilder, layers: &[LayerBuilder]) -> Result<ImageSummary, Error> {
    let image =
        layers.iter().enumerate().fold(image.clone(), |image, (at, layer)| image.layer(layer, &format!("RUN {at}")));
    let mut summarizer = Summarizer::new(ImageConfig::parse("config", &image.config_json())?);
    for (at, layer) in layers.iter().enumerate().rev() {
        let blob = layer.gzip();
        let reader = LayerReader { name: at.to_string(), blob: Box::new(&blob[..]) };
        summarizer.layer(at, index_layer(reader, &Summarizer::wanted)?);
    }
    summarizer.finish()
}

fn summarize(layers: &[LayerBuilder]) -> ImageSummary {
    try_summarize(&ImageBuilder::new(), layers).unwrap()
}

fn debian() -> LayerBuilder {
    let libc = ElfBuilder::x86_64().soname("libc.so.6").build();
    LayerBuilder::new()
        .symlink("bin", "usr/bin")
        .symlink("lib", "usr/lib")
        .symlink("lib64", "usr/lib64")
        .symlink("etc/os-release", "../usr/lib/os-release")
        .file("usr/lib/os-release", b"ID=debian\nVERSION_ID=\"12\"\n")
        .file("etc/passwd", b"root:x:0:0:root:/root:/bin/bash\nbroken\nwww-data:x:33:33::/:\n")
        .file("etc/group", b"root:x:0:\n")
        .file("etc/ld.so.conf", b"include /etc/ld.so.conf.d/*.conf\n")
        .file("etc/ld.so.conf.d/libc.conf", b"# libc\n/usr/local/lib\n")
        .program(
            "usr/bin/dash",
            ElfBuilder::x86_64().interpreter("/lib64/ld-linux-x86-64.so.2").needs("libc.so.6").build(),
        )
        .symlink("usr/bin/sh", "dash")
        .symlink("usr/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2")
        .program("usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", ElfBuilder::x86_64().build())
        .file("usr/lib/x86_64-linux-gnu/libc.so.6", libc)
        .file("var/lib/dpkg/status", b"Package: libc6\nStatus: install ok installed\nVersion: 2.36\n")
        .file("var/lib/dpkg/info/libc6:amd64.list", b"/.\n/lib\n/lib/x86_64-linux-gnu/libc.so.6\n")
}

#[test]
fn knows_system_users_and_packages() {
    let summary = summarize(&[debian()]);
    assert_eq!(summary.os.as_ref().map(|os| (os.id.as_str(), os.version_id.as_str())), Some(("debian", "12")));
    assert_eq!(summary.users(), [("root".to_owned(), 0), ("www-data".to_owned(), 33)]);
    assert_eq!(summary.groups(), [("root".to_owned(), 0)]);
    assert_eq!(summary.packages["libc6"].files, ["/usr/lib", "/usr/lib/x86_64-linux-gnu/libc.so.6"]);
}

#[test]
fn finds_the_owner_by_either_spelling() {
    let summary = summarize(&[debian()]);
    for path in ["/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib/"] {
        assert_eq!(summary.owner(path).map(|package| package.name.as_str()), Some("libc6"), "{path}");
    }
    assert!(summary.owner("/usr/bin/dash").is_none());
    let bare = ImageSummary { owners: Default::default(), ..summary };
    assert!(bare.owner("/lib/x86_64-linux-gnu/libc.so.6").is_some());
}

#[test]
fn reads_distroless_packages_without_their_files() {
    let status = b"Package: base-files\nVersion: 12\nInstalled-Size: 2\n";
    let layer = LayerBuilder::new()
        .file("var/lib/dpkg/status.d/base-files", status)
        .file("var/lib/dpkg/status.d/base-files.md5sums", b"00  etc/x\nPackage: no\n");
    let summary = summarize(&[layer]);
    assert_eq!(summary.packages.len(), 1);
    assert_eq!((summary.packages["base-files"].installed_bytes, summary.packages["base-files"].files.len()), (2048, 0));
}

#[test]
fn takes_the_database_of_the_final_tree() {
    let upper = LayerBuilder::new().file("var/lib/dpkg/status", b"Package: new\nStatus: install ok installed\n");
    let summary = summarize(&[debian(), upper]);
    assert_eq!(summary.packages.keys().collect::<Vec<_>>(), ["new"]);
    assert!(summarize(&[debian(), LayerBuilder::new().whiteout("var/lib/dpkg")]).packages.is_empty());
}

#[test]
fn resolves_links_as_the_kernel_would() {
    let layer =
        LayerBuilder::new().symlink("a", "b").symlink("b", "a").symlink("up", "../../../usr/bin").dir("usr/bin/");
    let summary = summarize(&[debian(), layer]);
    assert_eq!(summary.resolve("/bin/sh").unwrap().0, "/usr/bin/dash");
    assert_eq!(summary.resolve("up/sh").unwrap().0, "/usr/bin/dash");
    assert_eq!(summary.resolve("/usr/lib/../bin/./dash").unwrap().0, "/usr/bin/dash");
    assert_eq!(summary.resolve_parent("/bin/sh").unwrap().0, "/usr/bin/sh");
    assert_eq!(summary.resolve("/").unwrap().1.kind, FileKind::Directory);
    assert!(summary.resolve("/a/x").is_none() && summary.resolve("/nothing").is_none());
}

#[test]
fn finds_programs_in_the_path_of_the_image() {
    let layer = LayerBuilder::new()
        .program("app/bin/tool", b"#!/bin/sh\necho\n")
        .file("app/bin/data", b"")
        .program("srv/run", b"x");
    let image = ImageBuilder::new().env("PATH", "/app/bin:/usr/bin").set("WorkingDir", "/srv");
    let summary = try_summarize(&image, &[debian(), layer]).unwrap();
    assert_eq!(summary.which("tool").as_deref(), Some("/app/bin/tool"));
    assert_eq!(summary.which("sh").as_deref(), Some("/usr/bin/dash"));
    assert_eq!(summary.which("./run").as_deref(), Some("/srv/run"));
    assert_eq!((summary.which("data"), summary.which("none"), summary.which("")), (None, None, None));
    assert_eq!(summary.text("/app/bin/tool"), Some("#!/bin/sh\necho\n"));
    assert_eq!(summary.files["/app/bin/tool"].shebang.as_deref(), Some("/bin/sh"));
}

#[test]
fn a_shell_without_its_loader_is_no_shell() {
    assert!(summarize(&[debian()]).has_shell());
    assert!(!summarize(&[debian(), LayerBuilder::new().whiteout("usr/lib64")]).has_shell());
    assert!(!summarize(&[LayerBuilder::new().file("app", b"")]).has_shell());
}

#[test]
fn finds_libraries_in_the_order_of_the_loader() {
    let library = |name: &str| ElfBuilder::x86_64().soname(name).build();
    let app = ElfBuilder::x86_64().runpath("$ORIGIN/../lib").needs("liba.so").build();
    let layer = LayerBuilder::new()
        .program("opt/bin/app", app)
        .file("opt/lib/liba.so", library("liba.so"))
        .file("usr/local/lib/liba.so", library("liba.so"))
        .file("usr/local/lib/libb.so.1.2", library("libb.so.1"))
        .symlink("usr/local/lib/libb.so.1", "libb.so.1.2")
        .file("extra/libd.so", library("libd.so"))
        .file("usr/local/lib/libe.so", ElfBuilder::machine(183).build())
        .file("usr/lib/libe.so", library("libe.so"));
    let image = ImageBuilder::new().env("LD_LIBRARY_PATH", "/extra");
    let summary = try_summarize(&image, &[debian(), layer]).unwrap();
    let find = |soname: &str| summary.find_library("/opt/bin/app", soname);
    assert_eq!(find("liba.so").as_deref(), Some("/opt/lib/liba.so"));
    assert_eq!(find("libb.so.1").as_deref(), Some("/usr/local/lib/libb.so.1"));
    assert_eq!(find("libc.so.6").as_deref(), Some("/usr/lib/x86_64-linux-gnu/libc.so.6"));
    assert_eq!(find("libd.so").as_deref(), Some("/extra/libd.so"));
    assert_eq!(find("libe.so").as_deref(), Some("/usr/lib/libe.so"));
    assert_eq!(find("libnone.so"), None);
    assert_eq!(summary.find_library("/bin/dash", "liba.so").as_deref(), Some("/usr/local/lib/liba.so"));
}

#[test]
fn follows_needs_of_needs() {
    let one = ElfBuilder::x86_64().needs("two.so").build();
    let two = ElfBuilder::x86_64().needs("one.so").needs("gone.so").build();
    let layer = LayerBuilder::new()
        .program("app", ElfBuilder::x86_64().needs("one.so").build())
        .file("usr/lib/one.so", one)
        .file("usr/lib/two.so", two);
    let (found, missing) = summarize(&[layer]).libraries_of("/app");
    assert_eq!(
        (found, missing),
        (vec!["/usr/lib/one.so".to_owned(), "/usr/lib/two.so".to_owned()], vec!["gone.so".to_owned()])
    );
}

#[test]
fn sizes_are_named_and_layers_know_their_command() {
    let layers =
        [LayerBuilder::new().file("a/x", [0; 1000]).hardlink("a/y", "a/x"), LayerBuilder::new().file("ab", [0; 10])];
    let summary = summarize(&layers);
    assert_eq!((summary.sizes.apparent, summary.bytes_below("/a"), summary.bytes_below("/")), (1010, 1000, 1010));
    assert_eq!(summary.sizes.unpacked, layers.iter().map(|layer| layer.tar().len() as u64).sum::<u64>());
    assert_eq!(summary.sizes.compressed, layers.iter().map(|layer| gzip(&layer.tar()).len() as u64).sum::<u64>());
    assert!(!summary.sizes.recompressed);
    assert_eq!(summary.layers.iter().map(|layer| layer.created_by.as_str()).collect::<Vec<_>>(), ["RUN 0", "RUN 1"]);
}

#[test]
fn refuses_layers_that_are_missing_or_not_those_of_the_config() {
    let image = ImageBuilder::new().layer(&debian(), "RUN");
    let config = || ImageConfig::parse("config", &image.config_json()).unwrap();
    let class = |outcome: Result<ImageSummary, Error>| outcome.unwrap_err().class();
    assert_eq!(class(Summarizer::new(config()).finish()), Some("missing_blob"));
    let other = LayerBuilder::new().tar();
    let index = || index_layer(LayerReader { name: String::new(), blob: Box::new(&other[..]) }, &|_| false).unwrap();
    let mut wrong = Summarizer::new(config());
    wrong.layer(0, index());
    assert_eq!(class(wrong.finish()), Some("diff_id_mismatch"));
    let mut many = Summarizer::new(config());
    many.layer(1, index());
    assert!(matches!(many.finish(), Err(Error::LayerCount { config: 1, manifest: 2 })));
}
