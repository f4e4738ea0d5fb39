//! Rust programs with their list of crates.
#![no_main]

use jettison_image::parse_cargo_auditable;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    parse_cargo_auditable(bytes);
});
