//! What a policy leaves out of a plan.

mod setup;

use jettison_facts::memory::MemoryWorld;
use jettison_plan::{Input, Policy, Status, Without, propose};

#[test]
fn a_forbidden_transform_is_refused_and_says_why() {
    let world = MemoryWorld::new().with_file("a.py", "");
    let file = b"FROM debian:12\nRUN apt-get install -y sed\nCOPY . .\nCMD python3 a.py\n";
    let policy = Policy { forbidden: vec!["exec-form".into(), "context-ignore/builder".into()], ..Policy::default() };
    let proposal = propose(&Input { policy, ..setup::input(file, None) }, &world, &Without::new());
    let text = String::from_utf8(proposal.files.dockerfile.clone()).unwrap();
    assert!(text.contains("CMD python3 a.py") && text.contains("apt-get update"), "{text}");
    let step = proposal.steps.iter().find(|report| report.step.id == "exec-form").unwrap();
    assert_eq!((step.status, step.reason.as_str()), (Status::Refused, "the policy forbids it"));
}
