//! Bake files in both syntaxes: any text ends in builds or in an error that names its place, within bounds; the same text gives the
//! same builds.
#![no_main]

use std::collections::BTreeMap;

use jettison_targets::{Environment, File, load};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let environment = Environment::from([("TAG".to_owned(), "1,2".to_owned()), ("A".to_owned(), "true".to_owned())]);
    for name in ["docker-bake.hcl", "docker-bake.json"] {
        let files = [File::new(name, text), File::new(name, text)];
        let read = || load(&files, &environment, &BTreeMap::new());
        let first = read();
        assert_eq!(first, read());
        if let Err(error) = first {
            assert!(error.place.is_none_or(|place| place.line > 0 && place.column > 0));
        }
    }
});
