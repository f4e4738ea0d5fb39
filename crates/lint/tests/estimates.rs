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
fn package_lists_are_modelled_by_release() {
    let of = |base: &str| {
        let text = format!("FROM {base}\nRUN apt-get update && apt-get install -y curl\n");
        estimate("apt-cache-kept", &text, &MemoryWorld::unknown()).unwrap()
    };
    assert_eq!(of("ubuntu:24.04").evidence, Evidence::Modelled);
    assert!(
        of("debian:13").bytes < of("debian:12").bytes && of("python:3.13-slim-trixie").bytes == of("debian:13").bytes
    );
    assert!(of("ubuntu:24.04").bytes < of("debian:12").bytes);
}

#[test]
fn packages_weigh_what_the_base_image_does_not_hold_yet() {
    let of = |rule: &str, text: &str| estimate(rule, text, &MemoryWorld::unknown()).and_then(|found| found.bytes);
    let slim = "FROM debian:12-slim\nRUN apt-get update && apt-get install -y build-essential vim\nCMD [\"/app\"]\n";
    let full = slim.replace("debian:12-slim", "python:3.11");
    assert!(of("build-packages-shipped", slim).is_some_and(|bytes| bytes < -300_000_000));
    assert!(of("build-packages-shipped", &full).is_some_and(|bytes| bytes > -1_000_000));
    assert_eq!(of("debug-tools-shipped", slim), of("debug-tools-shipped", &full));
    assert!(of("apt-recommends-installed", slim).is_some_and(|bytes| bytes < -70_000_000));
}

#[test]
fn a_lock_file_says_what_npm_leaves() {
    let lock = "{\n\"packages\": {\n\"node_modules/typescript\": {\n\"dev\": true,\n\"resolved\": \"x\"\n}\n}\n}\n";
    let manifest = "{\"devDependencies\": {\"typescript\": \"5\"}}";
    let world = MemoryWorld::new().with_file("package.json", manifest).with_file("package-lock.json", lock);
    let text = "FROM node:22-slim\nCOPY package*.json ./\nRUN npm ci\nCMD [\"node\", \"a.js\"]\n";
    assert_eq!(estimate("node-dev-dependencies-shipped", text, &world).unwrap().bytes, Some(-21_400_000));
    assert_eq!(estimate("npm-cache-kept", text, &world).unwrap().bytes, Some(-4_100_000));
}

#[test]
fn junk_weighs_what_lies_in_the_context() {
    let world = MemoryWorld::new().with_file("app.py", "x").with_file(".git/objects/a", vec![b'x'; 5000]);
    let found = estimate("ignore-file-gap", "FROM debian:12\nCOPY . /app\n", &world).unwrap();
    assert_eq!((found.bytes, found.evidence), (Some(-5000), Evidence::Modelled));
}
