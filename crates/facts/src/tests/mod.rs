//! Facts of small files in small worlds, one file of tests for each file of facts.

mod any;
mod copies;
mod data;
mod entry;
mod gather;
mod mentions;
mod needs;
mod node;
mod packages;
mod pip;
mod programs;
mod project;
mod requirements;

use crate::memory::MemoryWorld;
use crate::{Facts, Options, Segment, SegmentKind};

/// Facts of a Dockerfile's text.
fn facts<'w>(text: &str, world: &'w MemoryWorld) -> Facts<'w> {
    let options = Options { arch: "amd64".to_owned(), ..Options::default() };
    Facts::gather(jettison_dockerfile::parse(text.as_bytes()), &options, world)
}

/// The segments of a RUN with this script.
fn segments(script: &str) -> Option<Vec<Segment>> {
    let world = MemoryWorld::unknown();
    let facts = facts(&format!("FROM debian:12\nRUN {script}\n"), &world);
    facts.stages[0].runs[0].segments.clone()
}

/// What the commands of a script do.
fn kinds(script: &str) -> Vec<SegmentKind> {
    let segments = segments(script).unwrap_or_else(|| panic!("not flat: {script}"));
    segments.into_iter().map(|segment| segment.kind).collect()
}

/// What a script of one command does.
fn kind(script: &str) -> SegmentKind {
    let mut kinds = kinds(script);
    assert_eq!(kinds.len(), 1, "{script}: {kinds:?}");
    kinds.remove(0)
}

fn words(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
