//! What the builder takes and what it refuses, with the cause: the cases are in `fixtures/verdicts.txt`.

use jettison_dockerfile::{DiagnosticKind, parse};

fn cases() -> Vec<(String, String)> {
    let text = include_str!("fixtures/verdicts.txt");
    let blocks = text.split("\n--- ").skip(1);
    let case = |block: &str| {
        let (verdict, file) = block.split_once('\n').unwrap_or((block, ""));
        (verdict.to_owned(), file.replace("<CR>", "\r").replace("<TAB>", "\t"))
    };
    blocks.map(case).collect()
}

fn errors(file: &str) -> Vec<String> {
    let dockerfile = parse(file.as_bytes());
    let errors = dockerfile.diagnostics().iter().filter(|one| one.kind == DiagnosticKind::Error);
    errors.map(|one| one.message.clone()).collect()
}

#[test]
fn takes_and_refuses_what_the_builder_does() {
    let cases = cases();
    assert!(cases.len() > 100, "only {} cases were read", cases.len());
    for (verdict, file) in cases {
        let errors = errors(&file);
        match verdict.strip_prefix("refused: ") {
            Some(cause) => assert!(errors.iter().any(|error| error.contains(cause)), "{cause}: {errors:?}\n{file}"),
            None => assert_eq!(errors, [""; 0], "\n{file}"),
        }
    }
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
