//! Any bytes as an image archive that comes as a stream: an image or an error; what the image has can be stacked or is refused.
#![no_main]

use jettison_image::{Limits, Stack};
use jettison_transport::{OpenOptions, open_stream};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|archive: &[u8]| {
    let limits =
        Limits { entries: 2000, name_bytes: 1 << 20, unpacked_bytes: 8 << 20, gzip_bytes: 0, ..Limits::default() };
    // Digests would keep the fuzzer from what comes after them.
    let options = OpenOptions { limits: &limits, verify: false, ..OpenOptions::default() };
    let Ok(image) = open_stream(&mut &archive[..], &options) else { return };
    assert_eq!(image.config.diff_ids.len(), image.layers.len());
    image.noted();
    image.platform();
    let indexes = image.indexes();
    if let Ok(stack) = Stack::new(&indexes) {
        assert_eq!(stack.layers.len(), indexes.len());
    }
});
