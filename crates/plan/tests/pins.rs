//! Bases pinned by digest.

mod setup;

use jettison_facts::memory::MemoryWorld;
use jettison_plan::{Input, Status, Without, propose};

const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn plan(dockerfile: &str, world: &MemoryWorld, pin: bool) -> (Status, String, String) {
    let input = Input { pin, ..setup::input(dockerfile.as_bytes(), None) };
    let proposal = propose(&input, world, &Without::new());
    let step = proposal.steps.iter().find(|report| report.step.id == "pin-bases").unwrap();
    (step.status, step.reason.clone(), String::from_utf8(proposal.files.dockerfile.clone()).unwrap())
}

fn world(names: &[&str]) -> MemoryWorld {
    let mut world = MemoryWorld::new();
    for name in names {
        let name: jettison_model::ImageRef = name.parse().unwrap();
        world.digests.insert(name.to_string(), DIGEST.parse().unwrap());
    }
    world
}

#[test]
fn bases_get_the_digests_that_their_tags_have_now() {
    let text = "FROM golang:1.24 AS build\nRUN true\nFROM build AS more\nFROM debian:12\nCOPY --from=more /a /a\n";
    let (status, reason, text) = plan(text, &world(&["golang:1.24", "debian:12"]), true);
    assert_eq!(status, Status::Applied, "{reason}");
    assert!(text.contains(&format!("FROM golang:1.24@{DIGEST} AS build\n")), "{text}");
    assert!(text.contains("FROM build AS more\n") && text.contains(&format!("FROM debian:12@{DIGEST}\n")), "{text}");
}

#[test]
fn what_cannot_be_pinned_is_named() {
    let (status, reason, text) = plan("FROM a:1 AS x\nFROM b:1\nCOPY --from=x /a /a\n", &world(&["a:1"]), true);
    assert_eq!(status, Status::Applied, "{reason}");
    assert!(reason.contains("not pinned: ") && reason.contains("b:1"), "{reason}");
    assert!(text.contains("FROM b:1\n"), "{text}");
    let (status, reason, _) = plan("ARG V=1\nFROM a:$V\n", &world(&["a:1"]), true);
    assert_eq!(status, Status::Refused);
    assert!(reason.contains("named by a variable"), "{reason}");
}

#[test]
fn nothing_is_pinned_unasked_or_twice() {
    assert_eq!(plan("FROM a:1\n", &world(&["a:1"]), false).0, Status::NotApplicable);
    assert_eq!(plan(&format!("FROM a:1@{DIGEST}\n"), &world(&["a:1"]), true).0, Status::NotApplicable);
}
