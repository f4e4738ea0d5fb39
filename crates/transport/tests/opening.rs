//! What opening an image tells on the way, and what it does not ask for.

mod layout;

use std::io::Write;
use std::sync::Mutex;

use jettison_image::Image;
use jettison_testkit::{ImageBuilder, LayerBuilder, gzip, sha256};
use jettison_transport::{OpenOptions, Progress, Source, open, open_stream};
use layout::{GZIP, Layout, layer, sizes};

/// What is heard, in order.
#[derive(Default)]
struct Heard {
    chosen: Vec<Vec<Option<u64>>>,
    read: u64,
    arrived: usize,
    layers: Vec<usize>,
}

fn listening(open: impl FnOnce(&OpenOptions<'_>) -> Image) -> (Image, Heard) {
    let heard = Mutex::new(Heard::default());
    let progress = |progress: Progress<'_>| {
        let mut heard = heard.lock().unwrap();
        match progress {
            Progress::Chosen { layers, .. } => heard.chosen.push(layers.to_vec()),
            Progress::Read { bytes, .. } => heard.read += bytes,
            Progress::Arrived { .. } => heard.arrived += 1,
            Progress::Layer { place, layer } => {
                assert!(layer.index.diff_id.is_some());
                heard.layers.push(place);
            }
        }
    };
    let image = open(&OpenOptions { progress: &progress, ..OpenOptions::default() });
    (image, heard.into_inner().unwrap())
}

fn three() -> ImageBuilder {
    ["1", "22", "333"].iter().fold(ImageBuilder::new(), |image, text| image.layer(&layer(text), "COPY"))
}

#[test]
fn each_layer_is_told_of_once_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tar");
    std::fs::write(&path, three().docker_archive()).unwrap();
    let (image, mut heard) = listening(|options| open(&Source::DockerArchive(path), options).unwrap());
    let blobs: Vec<Option<u64>> = image.layers.iter().map(|layer| Some(layer.index.stored_bytes)).collect();
    assert_eq!((heard.chosen, heard.arrived), (vec![blobs], 0));
    assert_eq!(heard.read, image.compressed_bytes());
    heard.layers.sort_unstable();
    assert_eq!(heard.layers, [0, 1, 2]);
    assert_eq!(sizes(&image), [1, 2, 3]);
}

#[test]
fn a_stream_tells_of_layers_as_they_come_and_of_their_places_at_its_end() {
    let archive = three().legacy_archive();
    let (image, heard) = listening(|options| open_stream(&mut &archive[..], options).unwrap());
    assert_eq!((heard.arrived >= 3, heard.layers, heard.chosen.len()), (true, vec![0, 1, 2], 1));
    assert_eq!(heard.read, archive.len() as u64);
    assert_eq!(sizes(&image), [1, 2, 3]);
}

#[test]
fn all_doors_show_the_same_image() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tar");
    let figures =
        |image: &Image| (image.config_digest.clone(), image.digest.clone(), image.unpacked_bytes(), sizes(image));
    for archive in [three().docker_archive(), three().legacy_archive(), three().podman_archive()] {
        let wanted = figures(&open_stream(&mut &archive[..], &OpenOptions::default()).unwrap());
        // A whole archive may be compressed too.
        for bytes in [archive.clone(), gzip(&archive)] {
            std::fs::write(&path, &bytes).unwrap();
            let source = Source::parse(path.to_str().unwrap()).unwrap();
            assert_eq!(figures(&open(&source, &OpenOptions::default()).unwrap()), wanted);
            assert_eq!(figures(&open_stream(&mut &bytes[..], &OpenOptions::default()).unwrap()), wanted);
        }
    }
}

#[test]
fn an_archive_may_come_through_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe");
    if !std::process::Command::new("mkfifo").arg(&path).status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no mkfifo");
        return;
    }
    let image = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::fs::OpenOptions::new().write(true).open(&path).unwrap().write_all(&three().docker_archive())
        });
        open(&Source::DockerArchive(path.clone()), &OpenOptions::default()).unwrap()
    });
    assert_eq!(sizes(&image), [1, 2, 3]);
    // As a blob it would be waited for.
    let mut layout = Layout::default();
    let manifest = layout.manifest("amd64", &["sha256:0".to_owned()], &[]);
    let layout = layout.index(std::slice::from_ref(&manifest));
    layout.write(folder.path());
    let blob = folder.path().join(layout::name(manifest["digest"].as_str().unwrap()));
    std::fs::remove_file(&blob).unwrap();
    std::fs::rename(&path, &blob).unwrap();
    let source = Source::OciDir { path: folder.path().to_owned(), tag: None };
    assert!(open(&source, &OpenOptions::default()).is_err());
}

#[test]
fn a_blob_that_is_listed_twice_is_read_once() {
    let twice = ImageBuilder::new().layer(&layer("1"), "a").layer(&layer("22"), "b").layer(&layer("1"), "a");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tar");
    for archive in [twice.docker_archive(), twice.legacy_archive()] {
        std::fs::write(&path, &archive).unwrap();
        let (image, heard) = listening(|options| open(&Source::DockerArchive(path.clone()), options).unwrap());
        assert!(std::sync::Arc::ptr_eq(&image.layers[0].index, &image.layers[2].index));
        assert_eq!(heard.layers.len(), 3);
        assert_eq!(heard.read, image.compressed_bytes() - image.layers[2].index.stored_bytes);
    }
}

#[test]
fn without_verification_the_claims_stand_as_they_are() {
    let tar = layer("1").tar();
    let mut layout = Layout::default();
    let mut blob = layout.blob(GZIP, gzip(&tar));
    let (right, wrong) = (blob["digest"].as_str().unwrap().to_owned(), sha256(b"another"));
    let bytes = layout.files.remove(&layout::name(&right)).unwrap();
    layout.files.insert(layout::name(&wrong), bytes);
    blob["digest"] = wrong.clone().into();
    let manifest = layout.manifest("amd64", &[sha256(b"other")], &[blob]);
    let layout = layout.index(&[manifest]);
    assert_eq!(layout::class(layout.open(&OpenOptions::default())), "digest_mismatch");
    let image = layout.open(&OpenOptions { verify: false, ..OpenOptions::default() }).unwrap();
    let index = &image.layers[0].index;
    assert_eq!(index.digest.as_ref().map(ToString::to_string), Some(wrong));
    assert_eq!(index.diff_id.as_ref().map(ToString::to_string), Some(sha256(b"other")));
    assert!(index.entries[0].content.is_some());
}

#[test]
fn payloads_are_kept_where_somebody_asks() {
    let tar = LayerBuilder::new().file("etc/passwd", b"root").file("app/x.py", b"print").file("app/x.txt", b"no");
    let archive = ImageBuilder::new().layer(&tar, "COPY").docker_archive();
    let keep = |path: &str| path.ends_with(".py");
    let image = open_stream(&mut &archive[..], &OpenOptions { keep: &keep, ..OpenOptions::default() }).unwrap();
    let kept: Vec<bool> = image.layers[0].index.entries.iter().map(|entry| entry.payload().is_some()).collect();
    assert_eq!(kept, [true, true, false]);
}
