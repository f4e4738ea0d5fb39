//! apk's installed database: no package without a name, every file absolute.
#![no_main]

use jettison_image::parse_apk_installed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for package in parse_apk_installed(text) {
        assert!(!package.name.is_empty() && package.files.iter().all(|path| path.starts_with('/')));
    }
});
