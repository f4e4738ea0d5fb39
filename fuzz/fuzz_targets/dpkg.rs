//! dpkg's status database: no package without a name, no dependency without one.
#![no_main]

use jettison_image::parse_dpkg_status;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for package in parse_dpkg_status(text) {
        assert!(!package.name.is_empty() && package.depends.iter().all(|names| !names.is_empty()));
    }
});
