//! Scripts as they are judged: no panic, no script that takes long, every finding inside of the text.
#![no_main]

use jettison_shell::{Dialect, judge};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for dialect in [Dialect::Sh, Dialect::Bash, Dialect::Ksh] {
        for said in judge(text, dialect) {
            assert!(text.get(said.range.clone()).is_some(), "{said:?}");
        }
    }
});
