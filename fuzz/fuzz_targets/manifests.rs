//! Python's METADATA and Ruby's specifications: a package has a name, or there is none.
#![no_main]

use jettison_image::{parse_gemspec, parse_python_metadata};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for package in [parse_python_metadata(text), parse_gemspec(text)].into_iter().flatten() {
        assert!(!package.name.is_empty());
    }
});
