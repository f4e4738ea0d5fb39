//! Java archives: what is inside is never more than what there is.
#![no_main]

use jettison_image::parse_jar;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let whole = parse_jar("/app/app-1.0.jar", bytes, 0);
    assert!(whole.first().is_some_and(|own| own.within.is_none() && own.installed_bytes <= bytes.len() as u64));
    assert!(whole.iter().skip(1).all(|inner| inner.within.is_some()));
    parse_jar("/app/app-1.0.jar", bytes, 1 << 20);
});
