//! The seeds of the fuzz targets in `fuzz/`, replayed: what a target asserts holds for them in every ordinary test run.

use std::fs;
use std::path::Path;

use jettison_dockerfile::expand::{Env, expand, expand_body};
use jettison_dockerfile::ignore::{IgnoreFile, Matcher};
use jettison_dockerfile::shell::{self, Parsed};
use jettison_dockerfile::stages::StageGraph;
use jettison_dockerfile::{dispatch, edit, parse};
use jettison_model::{Edit, Span};

/// The seeds of one target; each must be there, and not empty.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let seeds: Vec<Vec<u8>> = entries.flatten().map(|entry| fs::read(entry.path()).expect("a seed")).collect();
    assert!(!seeds.is_empty() && seeds.iter().all(|seed| !seed.is_empty()), "{}", folder.display());
    seeds
}

#[test]
fn trees_of_seeds_print_as_the_seeds() {
    for seed in seeds("parse") {
        let dockerfile = parse(&seed[..]);
        assert_eq!(dockerfile.print(), seed);
        let graph = StageGraph::new(&dockerfile, &Env::new(), "arm/v7");
        dispatch::refusals(&dockerfile, &graph);
        dockerfile.instructions().iter().for_each(|one| drop(one.view()));
    }
}

#[test]
fn seeds_expand_or_say_why_not() {
    for seed in seeds("expand") {
        let word = String::from_utf8_lossy(&seed);
        let env: Env = [("A".to_owned(), "value".to_owned())].into();
        if let Ok(expanded) = expand(&word, &env, '\\') {
            assert!(expanded.unset.is_subset(&expanded.variables));
        }
        let _ = expand_body(&word, &env);
    }
}

#[test]
fn words_of_seeds_stand_where_they_say() {
    for seed in seeds("shell") {
        let text = String::from_utf8_lossy(&seed);
        let Parsed::Script(script) = shell::parse(&text, &|range| Span::new(range.start, range.end)) else { continue };
        for word in script.simple_commands().iter().flat_map(|command| &command.words) {
            assert_eq!(text.get(word.span.range()), Some(word.raw.as_str()));
        }
    }
}

#[test]
fn folders_that_seeds_skip_stay_skipped() {
    for seed in seeds("ignore") {
        let text = String::from_utf8_lossy(&seed);
        let (path, rest) = text.split_once('\n').unwrap_or((&text, "*"));
        let matcher = Matcher::new(&IgnoreFile::parse(rest.as_bytes()));
        for (at, _) in path.match_indices('/') {
            let skips = matcher.is_ignored(&path[..at]) && matcher.skips_all_below(&path[..at]);
            assert!(!skips || matcher.is_ignored(path), "{path}");
        }
    }
}

#[test]
fn edits_of_seeds_break_nothing() {
    for seed in seeds("edit") {
        let [start, length, size, rest @ ..] = &seed[..] else { continue };
        let (text, source) = rest.split_at(usize::from(*size % 16).min(rest.len()));
        let span = Span::new(usize::from(*start), usize::from(*start) + usize::from(*length));
        let edit = Edit::replace(span, String::from_utf8_lossy(text));
        if let Ok(result) = edit::apply_checked(source, &[edit]) {
            assert!(parse(source).is_rejected() || !parse(result).is_rejected());
        }
    }
}
