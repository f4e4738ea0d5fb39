//! What a user gets who has no container engine: help, errors and exit codes, plans without proof.

mod check;
mod engineless;
mod input;
mod integrations;
mod plan;
#[path = "../program/mod.rs"]
mod program;
mod schema;
mod shell;
mod streams;
mod targets;
mod words;

use program::{Place, run};

/// Arguments, exit code and both streams, as one would copy them from a terminal.
fn transcript(place: &Place, arguments: &str) -> String {
    let ran = run(&mut place.jettison(arguments));
    let code = ran.code.map_or("a signal".to_owned(), |code| code.to_string());
    let streams = [("stdout", &ran.stdout), ("stderr", &ran.stderr)];
    let streams: String = streams
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| format!("--- {name}\n{}", text.replace(&place.path().display().to_string(), "PLACE")))
        .collect();
    format!("$ jettison {arguments}\n[exit {code}]\n{streams}")
}

/// Compares a transcript with the one on record; times and the version are masked.
macro_rules! assert_transcript {
    ($place:expr, $arguments:expr) => {
        insta::with_settings!({
            omit_expression => true,
            filters => vec![
                (r"\[ *\d+\.\d s\]", "[TIME]"),
                (concat!(r"\b", env!("CARGO_PKG_VERSION"), r"\b"), "VERSION"),
            ],
        }, { insta::assert_snapshot!(crate::transcript(&$place, $arguments)) })
    };
}
pub(crate) use assert_transcript;
