//! Images of registries: which one is meant, where it is had, what is asked for on the way, what is refused by name.

mod layout;
mod server;

#[path = "server/shelf.rs"]
mod shelf;

use jettison_image::Image;
use jettison_model::Platform;
use jettison_testkit::sha256;
use jettison_transport::{FileAt, Mirrors, OpenError, OpenOptions, RegistryError};
use layout::{GZIP, INDEX, Layout, PLAIN, class, layer, sizes};
use serde_json::{Value, json};
use server::{Reply, Server, client};
use shelf::{Shelf, is_blob, pull};

fn three(layout: &mut Layout, arch: &str) -> Value {
    layout.image(arch, &[layer("1"), layer("22"), layer("333")])
}

fn image() -> Shelf {
    let mut layout = Layout::default();
    let root = three(&mut layout, "amd64");
    Shelf::new(layout, root)
}

fn on(mut descriptor: Value, platform: &str) -> Value {
    let platform: Platform = platform.parse().unwrap();
    descriptor["platform"] = json!({"os": platform.os, "architecture": platform.arch});
    if let Some(variant) = platform.variant {
        descriptor["platform"]["variant"] = json!(variant);
    }
    descriptor
}

fn index(mut layout: Layout, manifests: &[Value]) -> Shelf {
    let document = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests});
    let root = layout.document(INDEX, &document);
    Shelf::new(layout, root)
}

fn pull_for(server: &Server, platform: &str) -> Result<Image, OpenError> {
    let platform = platform.parse().unwrap();
    let options = OpenOptions { platform: Some(&platform), ..OpenOptions::default() };
    client().open(&server.reference(), &options).map(|pulled| pulled.image)
}

fn registry_error(outcome: Result<Image, OpenError>) -> RegistryError {
    match outcome {
        Err(OpenError::Registry(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_registry_shows_the_same_image_as_a_layout() {
    let shelf = image();
    let figures = |image: &Image| (image.config_digest.clone(), image.digest.clone(), sizes(image));
    let lying = shelf.layout.clone().index(std::slice::from_ref(&shelf.root)).open(&OpenOptions::default()).unwrap();
    let server = shelf.serve();
    let pulled = pull(&server).unwrap();
    assert_eq!(figures(&pulled), figures(&lying));
    assert_eq!(pulled.compressed_bytes(), lying.compressed_bytes());
    assert_eq!(server.seen().iter().filter(|request| request.contains("/blobs/")).count(), 4, "config and layers");
}

#[test]
fn one_file_is_had_again_without_the_other_layers() {
    let server = image().serve();
    let pulled = pull(&server).unwrap();
    let before = server.seen().len();
    let layer = 2;
    let index = &pulled.layers[layer].index;
    let entry = index.entries.iter().position(|entry| entry.content.is_some()).unwrap();
    let (wanted, mut out) = (FileAt { layer, index, entry }, Vec::new());
    client().copy_file(&server.reference(), &OpenOptions::default(), wanted, 100, &mut out).unwrap();
    assert_eq!(Some(jettison_image::content_hash(&out)), index.entries[entry].content);
    let asked = server.seen().split_off(before);
    assert_eq!(asked.iter().filter(|request| request.contains("/blobs/")).count(), 1, "{asked:?}");
}

#[test]
fn of_an_index_only_the_manifest_for_the_platform_is_fetched() {
    let mut layout = Layout::default();
    let inner = on(layout.image("arm64", &[layer("4444")]), "linux/arm64/v8");
    let nested = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [inner]});
    let nested = layout.document(INDEX, &nested);
    let images: Vec<Value> = ["linux/amd64", "linux/arm/v5", "linux/arm/v7", "windows/amd64", "unknown/unknown"]
        .iter()
        .enumerate()
        .map(|(at, platform)| on(layout.image(&platform[6..11], &[layer(&"x".repeat(at + 1))]), platform))
        .chain([nested])
        .collect();
    let server = index(layout, &images).serve();
    for (platform, size) in [("linux/arm64", 4), ("linux/arm", 3), ("linux/arm/v5", 2), ("windows/amd64", 4)] {
        assert_eq!(sizes(&pull_for(&server, platform).unwrap()), [size], "{platform}");
    }
    let before = server.seen().len();
    pull_for(&server, "windows/amd64").unwrap();
    let manifests = server.seen()[before..].iter().filter(|request| request.contains("/manifests/")).count();
    assert_eq!(manifests, 3, "the index, the one in it that is for any platform, and the manifest that is meant");
    let Err(OpenError::NotFound { wanted, there }) = pull_for(&server, "linux/s390x") else { panic!() };
    assert_eq!(wanted, "linux/s390x");
    assert_eq!(there, ["linux/amd64", "linux/arm/v5", "linux/arm/v7", "linux/arm64/v8", "windows/amd64"]);
}

#[test]
fn an_image_for_another_platform_alone_is_taken_unless_one_is_asked_for() {
    let mut layout = Layout::default();
    let only = on(layout.image("s390x", &[layer("1")]), "linux/s390x");
    let server = index(layout, &[only]).serve();
    assert_eq!(sizes(&pull(&server).unwrap()), [1]);
    assert!(matches!(pull_for(&server, "linux/amd64"), Err(OpenError::NotFound { .. })));
    let mut layout = Layout::default();
    let both = ["linux/s390x", "linux/riscv64"].map(|platform| on(layout.image("x", &[layer(platform)]), platform));
    let server = index(layout, &both).serve();
    let Err(OpenError::Ambiguous { option, names }) = pull(&server) else { panic!() };
    assert_eq!((option, names), ("--platform", vec!["linux/riscv64".to_owned(), "linux/s390x".to_owned()]));
}

#[test]
fn what_the_config_says_counts_where_there_is_no_index() {
    let server = image().serve();
    assert!(pull_for(&server, "linux/amd64").is_ok());
    let Err(OpenError::NotFound { there, .. }) = pull_for(&server, "linux/arm64") else { panic!() };
    assert_eq!(there, ["linux/amd64"]);
}

#[test]
fn docker_manifests_and_plain_layers_are_read_too() {
    let mut layout = Layout::default();
    let layers = ["1", "22"].map(layer);
    let blobs = [
        layout.blob("application/vnd.docker.image.rootfs.diff.tar.gzip", layers[0].gzip()),
        layout.blob("application/vnd.docker.image.rootfs.diff.tar", layers[1].tar()),
    ];
    let diff_ids: Vec<String> = layers.iter().map(|layer| sha256(&layer.tar())).collect();
    let config = json!({"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": diff_ids}});
    let config = layout.document("application/vnd.docker.container.image.v1+json", &config);
    let media_type = "application/vnd.docker.distribution.manifest.v2+json";
    let manifest = json!({"schemaVersion": 2, "mediaType": media_type, "config": config, "layers": blobs});
    let root = layout.document(media_type, &manifest);
    let image = pull(&Shelf::new(layout, root).serve()).unwrap();
    assert_eq!((sizes(&image), image.media_type.as_str()), (vec![1, 2], media_type));
}

#[test]
fn forms_that_are_not_read_are_refused_by_name() {
    let server = Server::start(|_, _| {
        let body = r#"{"schemaVersion":1,"name":"acme/app","fsLayers":[]}"#;
        let digest = format!("Docker-Content-Digest: {}\r\n", sha256(b"without its signatures"));
        let media_type = "Content-Type: application/vnd.docker.distribution.manifest.v1+prettyjws\r\n";
        Reply::ok(&format!("{media_type}{digest}"), body)
    });
    let Err(OpenError::Image(error)) = pull(&server) else { panic!() };
    assert!(error.to_string().contains("Docker schema 1"), "{error}");
    let server = Server::start(|_, _| Reply::ok("Content-Type: text/html; charset=utf-8\r\n", "<html>log in</html>"));
    let Err(OpenError::Image(error)) = pull(&server) else { panic!() };
    assert!(error.to_string().contains("its media type is `text/html`"), "{error}");
    let mut layout = Layout::default();
    let config = layout.blob("application/vnd.cncf.helm.config.v1+json", b"{}".to_vec());
    let chart = json!({"schemaVersion": 2, "mediaType": layout::MANIFEST, "config": config, "layers": []});
    let root = layout.document(layout::MANIFEST, &chart);
    assert_eq!(class(pull(&Shelf::new(layout, root).serve())), "unsupported_media_type");
}

#[test]
fn foreign_layers_are_read_where_the_registry_has_them() {
    let foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
    for is_there in [true, false] {
        let mut layout = Layout::default();
        let mut blob = layout.blob(foreign, layer("1").gzip());
        blob["urls"] = json!(["https://example.invalid/layer"]);
        let root = layout.manifest("amd64", &[sha256(&layer("1").tar())], std::slice::from_ref(&blob));
        if !is_there {
            layout.files.remove(&layout::name(blob["digest"].as_str().unwrap()));
        }
        let outcome = pull(&Shelf::new(layout, root).serve());
        match is_there {
            true => assert_eq!(sizes(&outcome.unwrap()), [1]),
            false => assert_eq!(class(outcome), "foreign_layer_unavailable"),
        }
    }
}

#[test]
fn what_is_not_there_is_named() {
    let shelf = image();
    let layer = shelf.layout.files.iter().find(|(_, bytes)| bytes.starts_with(&[0x1f, 0x8b])).unwrap().0.clone();
    let mut broken = shelf.clone();
    broken.layout.files.remove(&layer);
    assert_eq!(class(pull(&broken.serve())), "missing_blob");
    let config = shelf.layout.files.iter().find(|(_, bytes)| bytes.windows(8).any(|part| part == b"diff_ids"));
    let config = config.unwrap().0.clone();
    let mut broken = shelf.clone();
    broken.layout.files.remove(&config);
    assert_eq!(class(pull(&broken.serve())), "missing_config");
    let mut other = image().serve().reference();
    other.tag = Some("2".to_owned());
    let error = client().open(&other, &OpenOptions::default()).unwrap_err().to_string();
    assert_eq!(error, format!("{other}: no such image or tag (`manifest unknown`)"));
    assert_eq!(client().tags(&other).unwrap(), ["1", "1.0"]);
}

#[test]
fn a_pinned_digest_must_be_that_of_the_content() {
    let shelf = image();
    let digest = shelf.root["digest"].as_str().unwrap().to_owned();
    let server = shelf.serve();
    let mut pinned = server.reference();
    pinned.digest = Some(digest.parse().unwrap());
    assert!(client().open(&pinned, &OpenOptions::default()).is_ok());
    let lying = Server::start(|_, _| Reply::ok(&format!("Content-Type: {INDEX}\r\n"), "{}"));
    pinned.registry = Some(lying.address.clone());
    let outcome = client().open(&pinned, &OpenOptions::default()).map(|pulled| pulled.image);
    assert!(matches!(registry_error(outcome), RegistryError::BadAnswer { .. }));
}

#[test]
fn mirrors_are_asked_first_and_passed_over_where_they_do_not_have_it() {
    let (origin, mirror, empty) = (image().serve(), image().serve(), Server::start(|_, _| Reply::empty(404)));
    let mut mirrors = Mirrors::new();
    mirrors.add(&origin.address, &format!("http://{}/", empty.address));
    mirrors.add(&origin.address, &mirror.address);
    let registry = client().with_mirrors(mirrors);
    let pulled = registry.open(&origin.reference(), &OpenOptions::default()).unwrap();
    assert_eq!(pulled.from, mirror.reference());
    assert_eq!((pulled.passed.len(), origin.seen().len()), (1, 0));
    assert!(pulled.passed[0].to_string().starts_with(&empty.address), "{:?}", pulled.passed);
    let mut mirrors = Mirrors::new();
    mirrors.add(&origin.address, &empty.address);
    let pulled = client().with_mirrors(mirrors).open(&origin.reference(), &OpenOptions::default()).unwrap();
    assert_eq!(pulled.from, origin.reference());
}

#[test]
fn layers_are_downloaded_side_by_side_and_each_once() {
    let mut layout = Layout::default();
    let blob = layout.blob(GZIP, layer("1").gzip());
    let other = layout.blob(PLAIN, layer("22").tar());
    let diff_ids = ["1", "22", "1"].map(|text| sha256(&layer(text).tar()));
    let root = layout.manifest("amd64", &diff_ids, &[blob.clone(), other, blob]);
    let server = Shelf::new(layout, root).serve();
    assert_eq!(sizes(&pull(&server).unwrap()), [1, 2, 1]);
    let blobs = server.seen().iter().filter(|request| is_blob(request)).count();
    assert_eq!(blobs, 3, "the config and two layers");
}
