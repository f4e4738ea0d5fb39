//! What the builder takes and what it refuses, in which step and with which cause: the cases are in `fixtures/verdicts/`, and
//! `tests/oracle.rs` puts them to BuildKit itself.

mod fixtures;

use fixtures::{cases, refusals};
use jettison_dockerfile::{DiagnosticKind, parse};

#[test]
fn takes_and_refuses_what_the_builder_does() {
    let cases = cases();
    assert!(cases.len() >= 250, "only {} cases were read", cases.len());
    let wrong = |case: &fixtures::Case| {
        let found = refusals(&case.file);
        let first = found.first().map(|one| (one.phase, one.message.as_str()));
        let as_recorded = first.map(|(phase, _)| phase) == case.phase
            && first.map_or("", |(_, message)| message).contains(&case.cause);
        (!as_recorded).then(|| format!("{}: {:?} {:?}: {first:?}", case.name, case.phase, case.cause))
    };
    let wrong: Vec<String> = cases.iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn names_of_cases_are_given_once() {
    let mut names: Vec<String> = cases().into_iter().map(|case| case.name).collect();
    names.sort();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

fn errors(file: &str) -> Vec<String> {
    refusals(file.as_bytes()).into_iter().map(|one| one.message).collect()
}

#[test]
fn refuses_lines_that_the_scanner_cannot_hold() {
    let line = |length: usize| format!("FROM a\nRUN {}\n", "x".repeat(length - 4));
    assert_eq!(errors(&line(65_535)), [""; 0]);
    assert!(errors(&line(65_536))[0].contains("greater than max allowed size of 65535"));
    assert!(errors(&format!("FROM a\n# {}", "x".repeat(70_000)))[0].contains("max allowed size"));
    assert!(errors(&format!("FROM a\nRUN <<E\n{}\nE\n", "x".repeat(70_000)))[0].contains("max allowed size"));
}

#[test]
fn goes_on_after_an_error() {
    let dockerfile = parse(&b"FROM a\nNONSENSE x\nRUN b\nENV c\nRUN d\n"[..]);
    assert_eq!(dockerfile.instructions().len(), 4);
    assert_eq!(dockerfile.diagnostics().len(), 2);
    assert!(dockerfile.is_rejected());
}

#[test]
fn warns_of_empty_continuation_lines() {
    let dockerfile = parse(&b"FROM a\nRUN b \\\n\n  c\n"[..]);
    assert!(!dockerfile.is_rejected());
    let [warning] = dockerfile.diagnostics() else { panic!("{:?}", dockerfile.diagnostics()) };
    assert_eq!((warning.kind, dockerfile.text_of(warning.span).as_ref()), (DiagnosticKind::Warning, "\n"));
}
