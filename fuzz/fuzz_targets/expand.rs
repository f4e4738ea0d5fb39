//! Words: expansion ends, and what has no value is among what was asked for.
#![no_main]

use jettison_dockerfile::expand::{Env, expand, expand_body};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|word: &str| {
    let values = [("A", "value"), ("E", ""), ("P", "/usr/local/lib/a.tar.gz"), ("B", "b$A*?")];
    let env: Env = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    for escape in ['\\', '`'] {
        if let Ok(expanded) = expand(word, &env, escape) {
            assert!(expanded.unset.is_subset(&expanded.variables));
        }
    }
    let _ = expand_body(word, &env);
});
