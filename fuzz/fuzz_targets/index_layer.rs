//! Any bytes as a layer blob: an index or an error, within the bounds; what it says adds up, alone and stacked on itself.
#![no_main]

use jettison_image::{Dive, LayerReader, Limits, Stack, index_layer_within, path_bytes, shown_path};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|blob: &[u8]| {
    let limits =
        Limits { entries: 2000, name_bytes: 1 << 20, unpacked_bytes: 8 << 20, gzip_bytes: 0, ..Limits::default() };
    let reader = LayerReader { name: "layer".to_owned(), blob: Box::new(blob) };
    let Ok(index) = index_layer_within(reader, &|path| path.ends_with('a'), &limits) else { return };
    assert_eq!(index.stored_bytes, blob.len() as u64);
    assert!(index.unpacked_bytes <= limits.unpacked_bytes);
    let shares: u64 = index.entries.iter().map(|entry| entry.compressed_bytes).sum();
    assert_eq!(shares + index.structure_bytes(), index.stored_bytes);
    for entry in &index.entries {
        assert!(entry.path.starts_with('/') && !entry.path.contains("//"));
        assert!(path_bytes(&entry.path).len() <= entry.path.len());
        assert!(shown_path(&entry.path).len() >= entry.path.len() / 4);
    }
    let layers = [&index, &index];
    Dive::of(&layers);
    let Ok(stack) = Stack::new(&layers) else { return };
    let waste = &stack.waste;
    if waste.total_file_bytes == u64::MAX {
        return; // sparse files of impossible sizes
    }
    assert_eq!(waste.total_file_bytes, waste.final_bytes.saturating_add(waste.wasted_bytes));
    assert!((0.0..=1.0).contains(&waste.efficiency()));
    let (mut names, mut bytes) = (0, 0u64);
    stack.each(&mut |name| {
        names += u64::from(name.inode.is_some());
        let size = name.entry.map_or(0, |(_, entry)| entry.size);
        bytes = if name.counts { bytes.saturating_add(size) } else { bytes };
    });
    assert_eq!(names, stack.tree.names);
    assert_eq!(bytes, waste.final_bytes);
});
