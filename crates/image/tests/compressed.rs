//! Whose bytes a compressed blob's are: shares sum to the blob, and say what leaving a file out would save.

use jettison_image::{LayerIndex, LayerReader, index_layer};
use jettison_testkit::{LayerBuilder, gzip};
use proptest::prelude::*;

fn index(blob: &[u8]) -> LayerIndex {
    index_layer(LayerReader { name: "test".to_owned(), blob: Box::new(blob) }, &|_| false).unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

/// `bytes` bytes of which one in `every` is not like its neighbours.
fn material(bytes: usize, every: usize, seed: u32) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761).max(1);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    };
    (0..bytes).map(|at| if at % every == 0 { (next() >> 11) as u8 } else { b"lorem ipsum dolor "[at % 18] }).collect()
}

fn files() -> Vec<(String, Vec<u8>)> {
    let big = [(1, 1_050_000), (3, 1_200_000), (2, 1_100_000), (7, 1_500_000)];
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for (at, (every, bytes)) in big.into_iter().enumerate() {
        files.push((format!("small/{at}"), material(700, 2, at as u32 + 90)));
        files.push((format!("big/{at}"), material(bytes, every, at as u32 + 1)));
    }
    files
}

fn tar(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    files.iter().fold(LayerBuilder::new(), |layer, (name, content)| layer.file(name, content)).tar()
}

#[test]
fn a_files_share_is_what_the_layer_would_shrink_by_without_it() {
    for compress in [gzip as fn(&[u8]) -> Vec<u8>, zstd] {
        let whole = compress(&tar(&files()));
        let index = index(&whole);
        for at in (0..files().len()).filter(|at| files()[*at].1.len() > 1_000_000) {
            let mut rest = files();
            rest.remove(at);
            let saved = whole.len() - compress(&tar(&rest)).len();
            let predicted = index.entries[at].compressed_bytes as usize;
            assert!(predicted.abs_diff(saved) * 10 <= saved, "{}: {predicted} for {saved}", index.entries[at].path);
        }
    }
}

#[test]
fn in_a_plain_tar_a_file_takes_its_own_bytes() {
    let index = index(&tar(&files()));
    assert!(index.entries.iter().all(|entry| entry.compressed_bytes == entry.size));
    assert_eq!(index.structure_bytes(), index.stored_bytes - index.entries.iter().map(|entry| entry.size).sum::<u64>());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn shares_and_structure_sum_to_the_blob(sizes in proptest::collection::vec((0usize..150_000, 1usize..9), 0..5), cut in 1usize..5) {
        let files: Vec<(String, Vec<u8>)> =
            sizes.iter().enumerate().map(|(at, (bytes, every))| (at.to_string(), material(*bytes, *every, at as u32))).collect();
        let tar = tar(&files);
        // One stream, several members or frames in a row, and a plain tar.
        let pieces: Vec<&[u8]> = tar.chunks(tar.len().div_ceil(cut)).collect();
        let gzips: Vec<u8> = pieces.iter().flat_map(|piece| gzip(piece)).collect();
        let zstds: Vec<u8> = pieces.iter().flat_map(|piece| zstd(piece)).collect();
        for blob in [tar.clone(), gzips, zstds] {
            let index = index(&blob);
            let shares: u64 = index.entries.iter().map(|entry| entry.compressed_bytes).sum();
            prop_assert_eq!(shares + index.structure_bytes(), blob.len() as u64);
            prop_assert!(index.entries.iter().all(|entry| entry.size > 0 || entry.compressed_bytes == 0));
        }
    }
}
