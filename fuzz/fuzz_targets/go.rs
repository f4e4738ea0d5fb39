//! The Go linker's block: the main module first, the standard library last.
#![no_main]

use jettison_image::parse_go_build_info;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(last) = parse_go_build_info(bytes).last() {
        assert_eq!(last.name, "stdlib");
    }
});
