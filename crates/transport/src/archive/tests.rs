//! Archives of every form, in any order, whole and broken.

use jettison_image::{Error, LayerFault};
use jettison_testkit::{ImageBuilder, LayerBuilder, sha256};

use super::*;

fn image() -> ImageBuilder {
    let base = LayerBuilder::new().dir("etc/").file("etc/motd", b"hello\n").file("{odd", b"");
    let top = LayerBuilder::new().whiteout("etc/motd").file("app/main.py", b"print(1)\n");
    ImageBuilder::new().set("User", "app").layer(&base, "ADD base /").empty_layer("USER app").layer(&top, "COPY . /app")
}

fn read(archive: &[u8]) -> Result<ImageSummary, Error> {
    read_docker_archive(&mut &archive[..])
}

fn pack(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    files.iter().fold(LayerBuilder::new(), |builder, (name, content)| builder.file(name, content)).tar()
}

fn without(name: impl Fn(&str) -> bool) -> Vec<(String, Vec<u8>)> {
    image().docker_files().into_iter().filter(|(file, _)| !name(file)).collect()
}

#[test]
fn every_form_gives_the_same_image() {
    let archives = [image().docker_archive(), image().legacy_archive(), image().podman_archive()];
    let mut sizes = Vec::new();
    for archive in &archives {
        let summary = read(archive).unwrap();
        assert_eq!(summary.files.keys().collect::<Vec<_>>(), ["/", "/app", "/app/main.py", "/etc", "/{odd"]);
        assert_eq!(summary.digest.unwrap().as_str(), sha256(&image().config_json()));
        assert_eq!(summary.layers[1].created_by, "COPY . /app");
        assert_eq!(summary.config.user, "app");
        sizes.push((
            summary.sizes.apparent,
            summary.sizes.unpacked,
            summary.sizes.compressed,
            summary.sizes.recompressed,
        ));
    }
    let (apparent, unpacked, compressed, _) = sizes[0];
    assert_eq!(sizes[1..], [(apparent, unpacked, compressed, true); 2]);
}

#[test]
fn keeps_the_texts_it_is_asked_for_and_tells_what_layers_hide() {
    let summary =
        read_docker_archive_keeping(&mut &image().docker_archive()[..], &|path| path.ends_with(".py")).unwrap();
    assert_eq!(summary.texts.get("/app/main.py").map(String::as_str), Some("print(1)\n"));
    let hidden: Vec<&[String]> = summary.layers.iter().map(|layer| layer.hidden.as_slice()).collect();
    assert_eq!(hidden, [&["/etc/motd".to_owned()][..], &[]]);
}

#[test]
fn blobs_may_come_in_any_order_and_twice() {
    let mut files = image().docker_files();
    files.reverse();
    files.extend(image().docker_files());
    assert_eq!(read(&pack(&files)).unwrap().sizes, read(&image().docker_archive()).unwrap().sizes);
}

#[test]
fn reads_a_layout_without_a_docker_manifest() {
    let archive = pack(&without(|name| name == "manifest.json"));
    assert_eq!(read(&archive).unwrap().sizes, read(&image().docker_archive()).unwrap().sizes);
}

#[test]
fn a_layer_may_be_listed_twice() {
    let layer = LayerBuilder::new().file("a", b"12345");
    let image = ImageBuilder::new().layer(&layer, "one").layer(&layer, "two");
    for archive in [image.docker_archive(), image.legacy_archive()] {
        let summary = read(&archive).unwrap();
        assert_eq!((summary.layers.len(), summary.sizes.apparent), (2, 5));
    }
}

#[test]
fn an_image_may_have_no_layers() {
    assert_eq!(read(&ImageBuilder::new().docker_archive()).unwrap().sizes, Default::default());
}

#[test]
fn notices_content_that_is_not_what_its_name_says() {
    for at in [0, 2] {
        let mut files = image().docker_files();
        let next = if at == 0 { files[1].1.clone() } else { b"{\"config\":{}}".to_vec() };
        files[at].1 = next;
        let expected = files[at].0.replacen("blobs/sha256/", "sha256:", 1);
        let error = read(&pack(&files)).unwrap_err();
        assert_eq!(error.class(), Some("digest_mismatch"), "{error}");
        assert!(error.to_string().contains(&expected), "{error}");
    }
}

#[test]
fn notices_a_layer_of_another_length_than_its_descriptor_says() {
    let layer = LayerBuilder::new().gzip();
    let config = format!(r#"{{"rootfs":{{"diff_ids":["{}"]}}}}"#, sha256(&LayerBuilder::new().tar())).into_bytes();
    let (layer_digest, config_digest) = (sha256(&layer), sha256(&config));
    let wrong = layer.len() + 1;
    let index = format!(
        r#"{{"config":{{"digest":"{config_digest}"}},"layers":[{{"digest":"{layer_digest}","size":{wrong}}}]}}"#
    );
    let name = |digest: &str| format!("blobs/{}", digest.replacen(':', "/", 1));
    let files =
        [(name(&layer_digest), layer), (name(&config_digest), config), ("index.json".to_owned(), index.into_bytes())];
    let error = read(&pack(&files)).unwrap_err();
    assert!(
        matches!(error, Error::Layer { reason: LayerFault::SizeMismatch { expected, .. }, .. } if expected == wrong as u64),
        "{error}"
    );
}

#[test]
fn names_what_is_missing() {
    let layer = image().docker_files()[0].0.clone();
    let config = image().docker_files()[2].0.clone();
    for (missing, class) in [(layer, "missing_blob"), (config, "missing_config")] {
        let error = read(&pack(&without(|name| name == missing))).unwrap_err();
        let shown = missing.replacen("blobs/sha256/", "sha256:", 1);
        assert_eq!(error.class(), Some(class));
        assert!(error.to_string().contains(&shown), "{error}");
    }
    let error = read(&pack(&without(|name| name.ends_with(".json")))).unwrap_err();
    assert_eq!(error.class(), Some("invalid_manifest"));
}

#[test]
fn a_broken_blob_that_the_image_does_not_use_does_no_harm() {
    let mut files = image().docker_files();
    files.insert(0, (format!("blobs/sha256/{}", "0".repeat(64)), b"neither tar nor JSON".repeat(100)));
    assert!(read(&pack(&files)).is_ok());
}

#[test]
fn says_which_layer_breaks_off() {
    let archive = image().legacy_archive();
    let tar = LayerBuilder::new().claiming(b'0', "big", 1 << 40, b"x").open_tar();
    let broken = ImageBuilder::new().layer_tar(tar, "RUN").legacy_archive();
    let error = read(&broken).unwrap_err();
    assert!(matches!(&error, Error::Layer { place: Some(0), reason: LayerFault::Truncated { .. }, .. }), "{error}");
    // The end blocks, `repositories` and the padding before it may be missing.
    for length in (0..archive.len() - 5 * 512).step_by(100) {
        assert!(read(&archive[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn refuses_what_is_no_archive() {
    for (bytes, words) in [
        (&b""[..], "empty"),
        (b"Error response from daemon: no such image\n", "ends early"),
        (&[b'x'; 2000], "no valid tar"),
    ] {
        let error = read(bytes).unwrap_err().to_string();
        assert!(error.starts_with("the image archive: ") && error.contains(words), "{error}");
    }
}

#[test]
fn refuses_manifests_of_the_wrong_shape() {
    for manifest in ["[]", "{}", "[{}]", "[{\"Config\":1}]", "[{\"Config\":\"c\",\"Layers\":[1]}]", "[{", "null"] {
        let mut files = without(|name| name == "manifest.json");
        files.push(("manifest.json".to_owned(), manifest.as_bytes().to_vec()));
        assert!(read(&pack(&files)).is_err(), "{manifest}");
    }
}

#[test]
fn notices_a_config_with_another_number_of_layers() {
    let files = [
        ("c.json".to_owned(), br#"{"rootfs":{"diff_ids":[]}}"#.to_vec()),
        ("l.tar".to_owned(), LayerBuilder::new().tar()),
        ("manifest.json".to_owned(), br#"[{"Config":"c.json","Layers":["l.tar"]}]"#.to_vec()),
    ];
    assert!(matches!(read(&pack(&files)), Err(Error::LayerCount { config: 0, manifest: 1 })));
}

#[test]
fn links_that_go_in_circles_end() {
    let builder =
        LayerBuilder::new().symlink("a", "b").symlink("b", "a").file("c.json", br#"{"rootfs":{"diff_ids":["x"]}}"#);
    let archive = builder.file("manifest.json", br#"[{"Config":"c.json","Layers":["a"]}]"#).tar();
    assert_eq!(read(&archive).unwrap_err().class(), Some("missing_blob"));
}

/// The archive with every byte of its layers' contents turned round, names and lengths as they were.
fn with_other_layers(files: Vec<(String, Vec<u8>)>) -> Vec<u8> {
    let is_layer = |content: &[u8]| !matches!(content.first(), Some(b'{' | b'['));
    let turned = files.into_iter().map(|(name, mut content)| {
        if is_layer(&content) {
            content.iter_mut().for_each(|byte| *byte = !*byte);
        }
        (name, content)
    });
    pack(&turned.collect::<Vec<_>>())
}

#[test]
fn a_layer_seen_before_is_not_read_again() {
    let unread = with_other_layers(image().docker_files());
    assert!(read(&unread).is_err());
    let reader = ArchiveReader::new(|path| path.ends_with(".py"), Limits::default());
    assert!(reader.read(&mut &unread[..]).is_err(), "what is broken is not remembered");
    let first = reader.read(&mut &image().docker_archive()[..]).unwrap();
    let again = reader.read(&mut &unread[..]).unwrap();
    assert_eq!((first.sizes, first.texts), (again.sizes, again.texts));
}

#[test]
fn a_layer_of_another_length_is_another_layer() {
    let reader = ArchiveReader::new(|_| false, Limits::default());
    reader.read(&mut &image().docker_archive()[..]).unwrap();
    let longer = image().docker_files().into_iter().map(|(name, mut content)| {
        if content.first() == Some(&0x1f) {
            content.extend_from_slice(b"more");
        }
        (name, content)
    });
    let error = reader.read(&mut &pack(&longer.collect::<Vec<_>>())[..]).unwrap_err();
    assert!(error.class() == Some("digest_mismatch"), "{error}");
}
