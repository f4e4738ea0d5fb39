//! The ecosystems' patterns, read by the matcher that the builder's rules have: each matches an example of its row.

use jettison_dockerfile::ignore::{IgnoreFile, Matcher, pattern_matches};
use jettison_ecosystems::load;

fn covers(pattern: &str, path: &str) -> bool {
    Matcher::new(&IgnoreFile::parse(pattern.as_bytes())).is_ignored(path)
}

#[test]
fn every_pattern_matches_one_of_its_examples() {
    for junk in &load().junk {
        assert!(junk.examples.iter().any(|path| covers(&junk.pattern, path)), "{}", junk.pattern);
    }
    for secret in &load().secrets {
        assert!(secret.examples.iter().any(|name| pattern_matches(&secret.pattern, name)), "{}", secret.pattern);
    }
    for row in &load().manifests {
        assert!(row.examples.iter().any(|name| pattern_matches(&row.pattern, name)), "{}", row.pattern);
    }
}

#[test]
fn every_example_is_matched() {
    for junk in &load().junk {
        let group = load().junk.iter().filter(|other| other.examples == junk.examples);
        let patterns: Vec<&str> = group.map(|other| other.pattern.as_str()).collect();
        for path in &junk.examples {
            assert!(patterns.iter().any(|pattern| covers(pattern, path)), "{path}");
        }
    }
}

#[test]
fn exceptions_take_back() {
    for junk in load().junk.iter().filter(|junk| !junk.except.is_empty()) {
        let text = junk.except.iter().fold(junk.pattern.clone(), |text, except| format!("{text}\n!{except}"));
        let matcher = Matcher::new(&IgnoreFile::parse(text.as_bytes()));
        assert!(junk.except.iter().all(|except| !matcher.is_ignored(except.trim_start_matches("**/"))), "{text}");
        assert!(matcher.is_ignored(".env") || junk.pattern != "**/.env");
    }
}

#[test]
fn junk_never_takes_a_manifest_at_the_root() {
    for row in &load().manifests {
        for name in &row.examples {
            let taken = load().junk.iter().find(|junk| covers(&junk.pattern, name));
            assert!(taken.is_none(), "{name}: {}", taken.unwrap().pattern);
        }
    }
}

#[test]
fn every_pattern_is_one_that_the_builder_accepts() {
    let patterns = load().junk.iter().flat_map(|junk| junk.except.iter().chain([&junk.pattern]));
    for pattern in patterns {
        assert!(IgnoreFile::parse(pattern.as_bytes()).errors.is_empty(), "{pattern}");
    }
}
