//! Scripts: all places lie inside the text and are where the raw words say; taking nothing for something is opaque.
#![no_main]

use jettison_dockerfile::shell::{Parsed, parse};
use jettison_model::Span;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Parsed::Script(script) = parse(text, &|range| Span::new(range.start, range.end)) else { return };
    for command in script.simple_commands() {
        assert!(text.get(command.span.range()).is_some());
        for word in command.words.iter().chain(&command.redirects) {
            assert_eq!(text.get(word.span.range()), Some(word.raw.as_str()));
        }
    }
    for command in script.simple_commands() {
        for part in command.words.iter().flat_map(|word| &word.parts) {
            assert!(text.get(part.span.range()).is_some());
        }
    }
    script.is_flat();
});
