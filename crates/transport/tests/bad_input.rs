//! Images that are broken, hostile or no images: a clear error that names the layer and its class, memory and time bounded,
//! nothing written. The malformed images of testbed/image-cases come on top of these.

mod layout;

use std::path::Path;

use jettison_image::{Error, LayerFault, Limits};
use jettison_testkit::{ImageBuilder, LayerBuilder, gzip, sha256};
use jettison_transport::{OpenError, OpenOptions, Source, open, open_stream};
use layout::{GZIP, INDEX, Layout, MANIFEST, PLAIN, class, layer, name};
use serde_json::json;

fn options(limits: &Limits) -> OpenOptions<'_> {
    OpenOptions { limits, ..OpenOptions::default() }
}

fn archive(bytes: &[u8]) -> Result<jettison_image::Image, OpenError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image.tar");
    std::fs::write(&path, bytes).unwrap();
    let outcome = open(&Source::DockerArchive(path), &OpenOptions::default());
    let as_stream = open_stream(&mut &bytes[..], &OpenOptions::default());
    assert_eq!(outcome.is_ok(), as_stream.is_ok(), "{outcome:?} {as_stream:?}");
    outcome
}

#[test]
fn an_archive_that_breaks_off_is_refused_wherever_it_does() {
    let image = ImageBuilder::new().layer(&layer("text"), "COPY");
    for whole in [image.legacy_archive(), image.podman_archive()] {
        assert!(archive(&whole).is_ok());
        let last = whole.iter().rposition(|byte| *byte != 0).unwrap();
        for length in (0..last - 1024).step_by(211) {
            assert!(archive(&whole[..length]).is_err(), "cut at {length} of {}", whole.len());
        }
    }
}

#[test]
fn schema_1_is_refused_by_name() {
    let old = json!({"schemaVersion": 1, "fsLayers": [], "history": []});
    let mut layout = Layout::default();
    let manifest = layout.document("application/vnd.docker.distribution.manifest.v1+prettyjws", &old);
    let outcome = layout.index(&[manifest]).open(&OpenOptions::default());
    let text = outcome.as_ref().unwrap_err().to_string();
    assert!(text.contains("Docker schema 1"), "{text}");
    assert_eq!(class(outcome), "unsupported_media_type");
}

#[test]
fn artifacts_are_no_images() {
    let mut layout = Layout::default();
    let config = layout.document("application/vnd.cncf.helm.config.v1+json", &json!({}));
    let manifest = json!({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": []});
    let manifest = layout.document(MANIFEST, &manifest);
    let outcome = layout.index(&[manifest]).open(&OpenOptions::default());
    assert!(outcome.as_ref().unwrap_err().to_string().contains("helm.config"));
    assert_eq!(class(outcome), "unsupported_media_type");
}

#[test]
fn a_foreign_layer_that_is_there_is_read() {
    let mut layout = Layout::default();
    let tar = layer("1").tar();
    let foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
    let blob = layout.blob(foreign, gzip(&tar));
    let manifest = layout.manifest("amd64", &[sha256(&tar)], &[blob]);
    assert_eq!(layout.index(&[manifest]).open(&OpenOptions::default()).unwrap().layers[0].media_type, foreign);
}

#[test]
fn digests_that_cannot_be_verified_are_not_believed() {
    let mut layout = Layout::default();
    let digest = format!("sha512:{}", "0".repeat(128));
    let blob = json!({"mediaType": GZIP, "digest": digest, "size": 1});
    let manifest = layout.manifest("amd64", &["sha256:0".to_owned()], &[blob]);
    assert_eq!(class(layout.index(&[manifest]).open(&OpenOptions::default())), "unsupported_media_type");
}

#[test]
fn documents_that_are_none_or_too_long_are_refused() {
    let mut layout = Layout::default();
    let config = layout.blob(layout::CONFIG, b"{\"os\": 1".to_vec());
    let manifest = json!({"schemaVersion": 2, "config": config, "layers": []});
    let manifest = layout.document(MANIFEST, &manifest);
    assert_eq!(class(layout.index(&[manifest]).open(&OpenOptions::default())), "invalid_config");
    let mut layout = Layout::default().index(&[]);
    assert_eq!(class(layout.open(&OpenOptions::default())), "invalid_manifest");
    layout.files.insert("index.json".to_owned(), vec![b' '; 9 << 20]);
    assert_eq!(class(layout.open(&OpenOptions::default())), "invalid_manifest");
}

#[test]
fn a_layer_that_grows_beyond_the_bound_is_refused_before_it_has() {
    let bomb = zstd_zeros(8 << 30);
    assert!(bomb.len() < 1 << 20);
    let mut layout = Layout::default();
    let small = layer("1").tar();
    let layers = [layout.blob(GZIP, gzip(&small)), layout.blob("application/vnd.oci.image.layer.v1.tar+zstd", bomb)];
    let manifest = layout.manifest("amd64", &[sha256(&small), sha256(b"")], &layers);
    let limits = Limits { unpacked_bytes: 8 << 20, ..Limits::default() };
    let outcome = layout.index(&[manifest]).open(&options(&limits));
    let text = outcome.as_ref().unwrap_err().to_string();
    assert!(text.starts_with("layer 1 sha256:") && text.contains("more than 8388608 unpacked bytes"), "{text}");
    assert_eq!(class(outcome), "layer_too_large");
}

/// One file of so many zeros, in zstd blocks of one repeated byte. RFC 8878, 3.1.1.2.
fn zstd_zeros(bytes: u64) -> Vec<u8> {
    const BLOCK: u32 = 128 * 1024;
    let mut out = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38];
    let header = LayerBuilder::new().claiming(b'0', "zeros", bytes, b"").open_tar();
    out.extend_from_slice(&((header.len() as u32) << 3).to_le_bytes()[..3]);
    out.extend_from_slice(&header);
    for at in 0..bytes / u64::from(BLOCK) {
        let last = u32::from(at + 1 == bytes / u64::from(BLOCK));
        out.extend_from_slice(&(BLOCK << 3 | 1 << 1 | last).to_le_bytes()[..3]);
        out.push(0);
    }
    out
}

#[test]
fn entries_are_bounded_for_all_layers_together() {
    let many = |from: u32| (from..from + 6).fold(LayerBuilder::new(), |layer, at| layer.file(format!("{at}"), b""));
    let mut layout = Layout::default();
    let image = layout.image("amd64", &[many(0), many(10)]);
    let layout = layout.index(&[image]);
    assert!(layout.open(&options(&Limits { entries: 12, ..Limits::default() })).is_ok());
    let outcome = layout.open(&options(&Limits { entries: 11, ..Limits::default() }));
    assert!(outcome.as_ref().unwrap_err().to_string().contains("more than 11 entries"));
    assert_eq!(class(outcome), "layer_too_large");
}

#[test]
fn names_that_lead_out_of_the_image_lead_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret.json"), b"{\"rootfs\":{\"diff_ids\":[]}}").unwrap();
    let inside = folder.path().join("image");
    let manifest = br#"[{"Config":"../secret.json","Layers":[]}]"#.to_vec();
    let mut layout = Layout::default().index(&[]);
    layout.files.insert("manifest.json".to_owned(), manifest);
    layout.write(&inside);
    let source = Source::OciDir { path: inside.clone(), tag: None };
    assert_eq!(class(open(&source, &OpenOptions::default())), "missing_config");
    assert_eq!(class(archive(&layout.tar())), "missing_config");
    assert_eq!(files_below(folder.path()).len(), 3, "nothing was written");
}

fn files_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

#[test]
fn a_damaged_blob_is_told_from_a_broken_one() {
    let tar = layer(&"text".repeat(5000)).tar();
    let mut layout = Layout::default();
    let blob = layout.blob(GZIP, gzip(&tar));
    let file = name(blob["digest"].as_str().unwrap());
    let manifest = layout.manifest("amd64", &[sha256(&tar)], &[blob]);
    let mut layout = layout.index(&[manifest]);
    let middle = layout.files[&file].len() / 2;
    layout.files.get_mut(&file).unwrap()[middle] ^= 0xff;
    assert_eq!(class(layout.open(&OpenOptions::default())), "digest_mismatch");
    layout.files.get_mut(&file).unwrap().truncate(middle);
    assert_eq!(class(layout.open(&OpenOptions::default())), "size_mismatch");
}

#[test]
fn the_lowest_broken_layer_is_the_one_that_is_named() {
    let broken = |text: &str| [layer(text).open_tar(), vec![b'x'; 700]].concat();
    let tars = [layer("1").tar(), broken("2"), layer("3").tar(), broken("4")];
    let mut layout = Layout::default();
    let layers: Vec<_> = tars.iter().map(|tar| layout.blob(PLAIN, tar.clone())).collect();
    let diff_ids: Vec<String> = tars.iter().map(|tar| sha256(tar)).collect();
    let manifest = layout.manifest("amd64", &diff_ids, &layers);
    let layout = layout.index(&[manifest]);
    for _ in 0..20 {
        let error = layout.open(&OpenOptions::default()).unwrap_err();
        let is_first = matches!(&error, OpenError::Image(Error::Layer { place: Some(1), layer, reason: LayerFault::CorruptTar { .. } })
            if *layer == diff_ids[1]);
        assert!(is_first, "{error}");
    }
}

#[test]
fn a_layer_that_is_json_is_no_tar() {
    let mut layout = Layout::default();
    let layers = [layout.blob(PLAIN, vec![b'{'; 600])];
    let manifest = layout.manifest("amd64", &[sha256(&[b'{'; 600])], &layers);
    assert_eq!(class(archive(&layout.index(&[manifest]).tar())), "corrupt_tar");
}

#[test]
fn an_index_that_is_listed_as_an_image_is_one() {
    let mut layout = Layout::default();
    let image = layout.image("amd64", &[layer("1")]);
    let inner = layout.document(MANIFEST, &json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [image]}));
    assert!(layout.index(&[inner]).open(&OpenOptions::default()).is_ok());
}

#[test]
fn what_is_no_image_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, "notes\n".repeat(200)).unwrap();
    let says = |source: &Source| open(source, &OpenOptions::default()).unwrap_err().to_string();
    assert!(says(&Source::DockerArchive(file)).contains("no valid tar"));
    let there = folder.path().to_owned();
    assert!(says(&Source::OciDir { path: there.clone(), tag: None }).contains("no index.json"));
    assert!(says(&Source::DockerArchive(there.clone())).starts_with(&format!("{}: ", there.display())));
    let missing = there.join("missing.tar");
    assert!(says(&Source::OciArchive(missing.clone())).starts_with(&format!("{}: ", missing.display())));
    assert!(matches!(archive(&[]), Err(OpenError::Image(Error::Document { .. }))));
}
