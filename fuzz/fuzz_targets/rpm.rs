//! rpm's databases of all three forms: memory stays bounded by the file.
#![no_main]

use jettison_image::parse_rpm_database;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // A header has sixteen bytes for each tag, and eight in front of them.
    assert!(parse_rpm_database(bytes).len() <= bytes.len() / 8);
});
