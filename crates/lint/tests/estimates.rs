//! What findings are said to cost, and on what the number rests.

use jettison_dockerfile::parse;
use jettison_facts::memory::MemoryWorld;
use jettison_lint::{Settings, check, named};
use jettison_model::{Estimate, Evidence};

fn estimate(rule: &str, text: &str, world: &MemoryWorld) -> Option<Estimate> {
    let settings = Settings { only: Some(named(rule)), ..Settings::default() };
    let findings = check(&parse(text.as_bytes()), world, &settings).findings;
    assert_eq!(findings.len(), 1, "{findings:?}");
    findings[0].estimate
}

#[test]
fn a_copied_tree_that_is_rewritten_costs_its_size_once_more() {
    let world = MemoryWorld::new().with_file("app/a.js", vec![b'x'; 3000]).with_file("app/b.js", vec![b'x'; 1000]);
    let text = "FROM debian:12\nCOPY app /app\nRUN chown -R 1000 /app\n";
    let found = estimate("copied-then-rewritten", text, &world).unwrap();
    assert_eq!((found.bytes, found.evidence), (Some(-4000), Evidence::Modelled));
}

#[test]
fn an_unknown_context_gives_no_number() {
    let text = "FROM debian:12\nCOPY app /app\nRUN chown -R 1000 /app\n";
    assert_eq!(estimate("copied-then-rewritten", text, &MemoryWorld::unknown()), None);
}

#[test]
fn package_lists_are_guessed_by_release() {
    let of = |base: &str| {
        let text = format!("FROM {base}\nRUN apt-get update && apt-get install -y curl\n");
        estimate("apt-cache-kept", &text, &MemoryWorld::unknown()).unwrap()
    };
    assert_eq!(of("ubuntu:24.04").evidence, Evidence::Guessed);
    assert!(of("ubuntu:24.04").bytes < of("debian:12").bytes);
}
