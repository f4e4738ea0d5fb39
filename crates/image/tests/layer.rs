//! One layer blob: compression, digests, tar dialects, what is kept of payloads, and blobs that lie.

use std::io::{self, Read};

use jettison_image::{
    Budget, Compression, Error, FileKind, LayerEntry, LayerFault, LayerIndex, LayerReader, Limits, Reading, Warning,
    content_hash, index_layer, index_layer_as, index_layer_within,
};
use jettison_testkit::{ElfBuilder, LayerBuilder, gzip, sha256};
use proptest::prelude::*;

fn index(blob: &[u8]) -> Result<LayerIndex, Error> {
    index_layer(LayerReader { name: "sha256:test".to_owned(), blob: Box::new(blob) }, &|path| path == "/etc/wanted")
}

fn fault(blob: &[u8]) -> LayerFault {
    match index(blob) {
        Err(Error::Layer { layer, reason, .. }) if layer == "sha256:test" => reason,
        other => panic!("{other:?}"),
    }
}

fn paths(index: &LayerIndex) -> Vec<&str> {
    index.entries.iter().map(|entry| entry.path.as_str()).collect()
}

fn only(index: &LayerIndex) -> &LayerEntry {
    assert_eq!(index.entries.len(), 1);
    &index.entries[0]
}

fn layer() -> LayerBuilder {
    LayerBuilder::new().dir("etc/").file("etc/wanted", b"kept").owner(1000, 3_000_000).program("app/run", [7; 3000])
}

#[test]
fn tells_compression_by_content_and_finds_the_same_tar() {
    let tar = layer().tar();
    let (front, back) = tar.split_at(700);
    let members = [gzip(front), gzip(b""), gzip(back)].concat();
    let frames = [zstd::encode_all(front, 3).unwrap(), zstd::encode_all(back, 3).unwrap()].concat();
    for blob in [tar.clone(), gzip(&tar), members, frames] {
        let index = index(&blob).unwrap();
        assert_eq!(index.diff_id.as_ref().unwrap().as_str(), sha256(&tar));
        assert_eq!(index.digest.as_ref().unwrap().as_str(), sha256(&blob));
        assert_eq!((index.unpacked_bytes, index.stored_bytes), (tar.len() as u64, blob.len() as u64));
        assert_eq!(index.compression != Compression::None, blob != tar);
        assert_eq!(paths(&index), ["/etc", "/etc/wanted", "/app/run"]);
    }
}

#[test]
fn states_for_a_plain_blob_what_gzip_would_make_of_it() {
    let tar = layer().tar();
    assert_eq!(index(&tar).unwrap().compressed_bytes, gzip(&tar).len() as u64);
    assert_eq!(index(&gzip(&tar)).unwrap().compressed_bytes, gzip(&tar).len() as u64);
}

#[test]
fn reckons_the_compressed_size_from_a_part_where_asked() {
    let noise: Vec<u8> = (0u32..500_000).flat_map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
    let tar = LayerBuilder::new().file("noise", &noise).tar();
    let limits = Limits { gzip_bytes: 1 << 20, ..Limits::default() };
    let reader = LayerReader { name: String::new(), blob: Box::new(&tar[..]) };
    let reckoned = index_layer_within(reader, &|_| false, &limits).unwrap().compressed_bytes;
    let exact = gzip(&tar).len() as u64;
    assert!(reckoned != exact && reckoned.abs_diff(exact) < exact / 10, "{reckoned} {exact}");
}

#[test]
fn hashes_payloads_and_reads_owners() {
    let index = index(&layer().tar()).unwrap();
    let run = &index.entries[2];
    assert_eq!((run.uid, run.gid, run.mode, run.size), (1000, 3_000_000, 0o755, 3000));
    assert_eq!(run.content, Some(content_hash(&[7; 3000])));
    assert_eq!(index.entries[0].content, None);
}

#[test]
fn keeps_wanted_files_and_small_scripts_only() {
    let script = b"#!/bin/sh -e\nexec app\n";
    let long = [b"#! /usr/bin/env python3 \n".to_vec(), vec![b'#'; 100_000]].concat();
    let tar = LayerBuilder::new()
        .file("etc/wanted", b"yes")
        .file("etc/other", b"no")
        .file("run", script)
        .file("long", long)
        .tar();
    let entries = index(&tar).unwrap().entries;
    assert_eq!(entries[0].payload(), Some(&b"yes"[..]));
    assert_eq!(entries[1].payload(), None);
    assert_eq!((entries[2].payload(), entries[2].shebang()), (Some(&script[..]), Some("/bin/sh -e")));
    assert_eq!((entries[3].payload(), entries[3].shebang()), (None, Some("/usr/bin/env python3")));
}

#[test]
fn stops_keeping_payloads_at_the_bound() {
    let script = [b"#!".to_vec(), vec![b'x'; 98]].concat();
    let tar = (0..5).fold(LayerBuilder::new(), |layer, at| layer.file(format!("s{at}"), &script)).tar();
    let limits = Limits { kept_bytes: 300, ..Limits::default() };
    let reader = LayerReader { name: String::new(), blob: Box::new(&tar[..]) };
    let index = index_layer_within(reader, &|_| false, &limits).unwrap();
    assert_eq!(index.entries.iter().filter(|entry| entry.payload().is_some()).count(), 3);
}

#[test]
fn reads_elf_files_whose_dynamic_section_lies_beyond_what_is_kept() {
    let file = ElfBuilder::x86_64().needs("libc.so.6").gap(600_000).build();
    let tar = LayerBuilder::new().file("app", &file).tar();
    let limits = Limits { elf_bytes: 4096, ..Limits::default() };
    let reader = LayerReader { name: String::new(), blob: Box::new(&tar[..]) };
    let index = index_layer_within(reader, &|_| false, &limits).unwrap();
    assert_eq!(only(&index).elf().unwrap().needed, ["libc.so.6"]);
    assert_eq!(only(&index).payload(), None);
    assert_eq!(only(&index).content, Some(content_hash(&file)));
}

#[test]
fn cleans_names_and_warns_of_those_that_climb() {
    let tar = LayerBuilder::new()
        .file("./a//b", b"")
        .file("../../etc/passwd", b"")
        .file("/abs", b"")
        .file(b"caf\xe9", b"")
        .tar();
    let index = index(&tar).unwrap();
    assert_eq!(paths(&index), ["/a/b", "/etc/passwd", "/abs", "/caf\\xe9"]);
    assert_eq!(index.warnings.into_keys().collect::<Vec<_>>(), [Warning::PathEscapesRoot]);
}

#[test]
fn reads_long_names_of_gnu_and_pax() {
    let long = format!("{}/end", "d".repeat(200));
    let tar = LayerBuilder::new()
        .file(&long, b"1")
        .symlink("link", &long)
        .pax(&[("path", "p\u{e4}x".repeat(60).as_bytes()), ("size", b"3"), ("uid", b"5000000")])
        .claiming(b'0', "short", 0, &[[b'x'; 3].to_vec(), vec![0; 509]].concat())
        .tar();
    let index = index(&tar).unwrap();
    assert_eq!(paths(&index), [format!("/{long}"), "/link".to_owned(), format!("/{}", "p\u{e4}x".repeat(60))]);
    assert_eq!(index.entries[1].kind, FileKind::Symlink(long));
    assert_eq!((index.entries[2].size, index.entries[2].uid), (3, 5_000_000));
}

#[test]
fn hashes_sparse_files_as_they_are_when_unpacked() {
    let stored = [b"2\n512\n4\n2000\n4\n".to_vec(), vec![0; 512 - 15], b"aaaabbbb".to_vec()].concat();
    let tar = LayerBuilder::new()
        .pax(&[
            ("GNU.sparse.major", b"1"),
            ("GNU.sparse.minor", b"0"),
            ("GNU.sparse.name", b"real"),
            ("GNU.sparse.realsize", b"3000"),
        ])
        .file("GNUSparseFile.0/real", stored)
        .tar();
    let mut unpacked = vec![0; 3000];
    unpacked[512..516].copy_from_slice(b"aaaa");
    unpacked[2000..2004].copy_from_slice(b"bbbb");
    let index = index(&tar).unwrap();
    assert_eq!((only(&index).path.as_str(), only(&index).size), ("/real", 3000));
    assert_eq!(only(&index).content, Some(content_hash(&unpacked)));
}

#[test]
fn does_not_hash_a_hole_that_never_ends() {
    let tar = LayerBuilder::new()
        .pax(&[("GNU.sparse.size", b"4611686018427387904"), ("GNU.sparse.map", b"0,4")])
        .file("sparse", b"data")
        .file("next", b"")
        .tar();
    let index = index(&tar).unwrap();
    assert_eq!((index.entries[0].size, index.entries[0].content), (1 << 62, None));
    assert_eq!(index.entries[1].path, "/next");
}

#[test]
fn tolerates_what_tools_leave_out_or_append() {
    let open = layer().open_tar();
    assert_eq!(index(&open).unwrap().entries.len(), 3);
    let unpadded = &open[..open.len() - 72];
    assert_eq!(index(unpadded).unwrap().entries.len(), 3);
    let garbage = [layer().tar(), b"x".repeat(100)].concat();
    for blob in [gzip(&garbage), [gzip(&layer().tar()), b"x".repeat(100)].concat(), garbage] {
        let index = index(&blob).unwrap();
        assert!(index.warnings.contains_key(&Warning::TrailingData));
        assert_eq!(index.digest.unwrap().as_str(), sha256(&blob));
    }
}

#[test]
fn says_where_a_layer_breaks_off() {
    let lying = LayerBuilder::new().file("good", b"1").claiming(b'0', "huge", 1 << 62, b"little").open_tar();
    let place = "in entry `huge`".to_owned();
    assert_eq!(fault(&lying), LayerFault::Truncated { place: place.clone() });
    assert_eq!(fault(&gzip(&lying)), LayerFault::Truncated { place });
    let whole = gzip(&layer().tar());
    assert!(matches!(fault(&whole[..whole.len() - 20]), LayerFault::Truncated { .. }));
    let frame = zstd::encode_all(&layer().tar()[..], 3).unwrap();
    assert!(matches!(fault(&frame[..frame.len() - 5]), LayerFault::Truncated { .. }));
}

#[test]
fn tells_a_broken_stream_from_a_broken_tar() {
    let mut blob = gzip(&layer().tar());
    let at = blob.len() - 6;
    blob[at] ^= 1;
    assert!(matches!(fault(&blob), LayerFault::CorruptStream { .. }));
    let mut tar = layer().tar();
    tar[600] ^= 1;
    assert!(matches!(fault(&tar), LayerFault::CorruptTar { place, .. } if place == "in entry `etc/`"));
    assert!(matches!(fault(&b"hello".repeat(200)), LayerFault::CorruptTar { .. }));
}

#[test]
fn refuses_more_than_its_bounds() {
    let tar = (0..20).fold(LayerBuilder::new(), |layer, at| layer.file(format!("file{at}"), [0; 4000])).tar();
    for (limits, what) in [
        (Limits { entries: 10, ..Limits::default() }, "entries"),
        (Limits { name_bytes: 50, ..Limits::default() }, "bytes of names"),
        (Limits { unpacked_bytes: 10_000, ..Limits::default() }, "unpacked bytes"),
    ] {
        let reader = LayerReader { name: String::new(), blob: Box::new(&tar[..]) };
        let error = index_layer_within(reader, &|_| false, &limits).unwrap_err();
        assert!(
            matches!(&error, Error::Layer { reason: LayerFault::TooLarge { what: said, .. }, .. } if *said == what),
            "{error}"
        );
    }
    let name = LayerBuilder::new().claiming(b'L', "././@LongLink", 1 << 40, b"").open_tar();
    assert!(matches!(fault(&name), LayerFault::CorruptTar { .. }));
}

#[test]
fn what_one_layer_left_in_the_buffers_does_not_show_in_the_next() {
    let (limits, budget) = (Limits { gzip_bytes: 0, ..Limits::default() }, Budget::default());
    let reading = Reading { wanted: &|_| false, limits: &limits, budget: &budget, digests: true, threaded: false };
    let read = |tar: &[u8]| index_layer_as(LayerReader { name: String::new(), blob: Box::new(tar) }, reading).unwrap();
    let first = read(&layer().program("tool", ElfBuilder::x86_64().needs("libc.so.6").build()).tar());
    assert!(first.entries.iter().any(|entry| entry.elf().is_some()));
    assert_eq!(paths(&read(b"")), Vec::<&str>::new());
    let next = read(&LayerBuilder::new().file("a", b"x").tar());
    assert_eq!((paths(&next), only(&next).content), (vec!["/a"], Some(content_hash(b"x"))));
    assert_eq!((only(&next).elf(), only(&next).payload(), only(&next).found()), (None, None, None));
}

#[test]
fn entries_are_small_for_there_may_be_millions() {
    assert!(size_of::<LayerEntry>() <= 128, "{}", size_of::<LayerEntry>());
}

#[test]
fn passes_on_failures_of_the_source() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::PermissionDenied.into())
        }
    }
    let tar = layer().tar();
    for start in [&tar[..700], &gzip(&tar)[..50], &[]] {
        let reader = LayerReader { name: String::new(), blob: Box::new(start.chain(Broken)) };
        let error = index_layer(reader, &|_| false).unwrap_err();
        assert!(matches!(&error, Error::Io(error) if error.kind() == io::ErrorKind::PermissionDenied), "{error:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn survives_any_damage(at in 0usize..6000, byte: u8, length in 0usize..6000, compressed: bool) {
        let tar = layer().pax(&[("path", b"x")]).file("y", b"z").tar();
        let mut blob = if compressed { gzip(&tar) } else { tar };
        if let Some(place) = blob.get_mut(at) {
            *place = byte;
        }
        blob.truncate(length);
        let _ = index(&blob);
    }
}
