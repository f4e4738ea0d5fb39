//! Invariants over arbitrary bytes and over text that looks like a Dockerfile.

use jettison_dockerfile::expand::{Env, expand};
use jettison_dockerfile::stages::StageGraph;
use jettison_dockerfile::{Dockerfile, Text, edit, parse};
use jettison_model::{Edit, Span};
use proptest::prelude::*;

/// Pieces that make the parser take every turn.
fn dockerfile_like() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "FROM a\n",
        "FROM --platform=$X a AS b\r\n",
        "RUN ",
        "COPY ",
        "ENV ",
        "ONBUILD ",
        "HEALTHCHECK CMD ",
        "ARG A=1\n",
        "# escape=`\n",
        "# c\n",
        "\n",
        "\r\n",
        " \\\n",
        " `\n",
        "\\\r\n",
        "<<E ",
        "<<-\"E F\" ",
        "\nE\n",
        "\tE F\n",
        "[\"a\", \"b\"]\n",
        "[1]\n",
        "--mount=type=cache,target=/x ",
        "a=b ",
        "\"x y\" ",
        "'",
        "$A",
        "${A:-b}",
        "&& ",
        "| b ",
        "; ",
        "$(c)",
        "\u{feff}",
        "é",
        "\t",
        "SHELL [\"x\"]\n",
        "a /b\n",
    ]);
    let bytes = prop::sample::select(vec![vec![0u8], vec![0xFF], vec![0xC3], vec![0xE2, 0x82]]);
    let part = prop_oneof![9 => piece.prop_map(|text| text.as_bytes().to_vec()), 1 => bytes];
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

fn check_text(dockerfile: &Dockerfile, text: &Text) {
    let source = dockerfile.source();
    let mut at = 0;
    for (offset, span) in text.pieces() {
        assert!(offset >= at && span.start <= span.end && (span.end as usize) <= source.len());
        at = offset;
        assert!(text.span.contains(span));
    }
    let whole = text.source_span(0..text.text.len());
    assert!(text.is_empty() || whole == text.span);
}

fn check_tree(source: &[u8]) {
    let dockerfile = parse(source);
    assert_eq!(dockerfile.print(), source);
    let mut at = 0;
    for item in dockerfile.items() {
        assert_eq!(item.span().start as usize, at, "a gap before {item:?}");
        at = item.span().end as usize;
    }
    assert_eq!(at, source.len());
    for (index, instruction) in dockerfile.instructions().iter().enumerate() {
        let lines = dockerfile.lines_of(index, false);
        assert!(lines.contains(instruction.span), "{instruction:?}");
        let inside =
            instruction.words.iter().map(|word| word.span).chain(instruction.flags.iter().map(|flag| flag.span));
        for span in inside.chain([instruction.keyword_span, instruction.body.span]) {
            assert!(instruction.span.contains(span), "{span:?} in {instruction:?}");
        }
        for heredoc in &instruction.heredocs {
            assert!(lines.contains(heredoc.body) && instruction.span.contains(heredoc.token));
        }
        assert!(instruction.line <= instruction.end_line);
        check_text(&dockerfile, &instruction.body);
        if let Some(script) = instruction.script(&dockerfile).as_ref().and_then(|parsed| parsed.script()) {
            for command in script.simple_commands() {
                assert!(lines.contains(command.span), "{command:?} in {instruction:?}");
            }
        }
        instruction.pairs();
        instruction.as_run();
        instruction.as_copy();
    }
    let graph = StageGraph::new(&dockerfile, &Env::new(), "amd64");
    for index in 0..=dockerfile.instructions().len() {
        graph.effective(&dockerfile, index, &Env::new());
    }
    for stage in &graph.stages {
        assert!(stage.uses.iter().all(|used| *used < stage.index));
    }
    dockerfile.tree();
}

proptest! {
    #[test]
    fn arbitrary_bytes_round_trip(source in any::<Vec<u8>>()) {
        check_tree(&source);
    }

    #[test]
    fn dockerfile_like_text_round_trips(source in dockerfile_like()) {
        check_tree(&source);
    }

    #[test]
    fn slices_lead_to_the_same_places(source in dockerfile_like(), from in 0usize..60, length in 0usize..40) {
        let dockerfile = parse(source);
        for instruction in dockerfile.instructions() {
            let body = &instruction.body;
            let boundary = |at: usize| (0..=at.min(body.text.len())).rev().find(|at| body.text.is_char_boundary(*at)).unwrap_or(0);
            let (start, end) = (boundary(from), boundary(from + length));
            let slice = body.slice(start..end);
            prop_assert_eq!(&slice.text, &body.text[start..end]);
            prop_assert_eq!(slice.source_span(0..slice.text.len()), body.source_span(start..end));
        }
    }

    #[test]
    fn expansion_never_panics(word in r#"[a-c$\{\}:\-+?#%/*'"\\ <é0]{0,30}"#, escape in prop::sample::select(vec!['\\', '`'])) {
        let env: Env = [("a".to_owned(), "abcabc".to_owned()), ("b".to_owned(), String::new())].into();
        if let Ok(expanded) = expand(&word, &env, escape) {
            prop_assert!(expanded.unset.is_subset(&expanded.variables));
        }
    }

    #[test]
    fn plain_words_expand_to_themselves(word in "[a-zA-Z0-9/._:@=,-]{0,20}") {
        prop_assert_eq!(expand(&word, &Env::new(), '\\').unwrap().value, word);
    }

    #[test]
    fn edits_keep_what_lies_between(source in prop::collection::vec(b' '..b'~', 0..60), cuts in prop::collection::vec((0usize..60, 0usize..5), 0..6)) {
        let mut edits: Vec<Edit> = Vec::new();
        let mut at = 0;
        let mut expected = Vec::new();
        for (skip, length) in cuts {
            let start = (at + skip).min(source.len());
            let end = (start + length).min(source.len());
            expected.extend_from_slice(&source[at..start]);
            expected.extend_from_slice(b"<new>");
            edits.push(Edit::replace(Span::new(start, end), "<new>"));
            at = end;
        }
        expected.extend_from_slice(&source[at..]);
        prop_assert_eq!(edit::apply(&source, &edits).unwrap(), expected);
    }

    #[test]
    fn checked_edits_never_break_a_file(source in dockerfile_like(), at in 0usize..80, text in "[A-Z \\n\\\\]{0,8}") {
        let before = parse(&source[..]).is_rejected();
        if let Ok(result) = edit::apply_checked(&source, &[Edit::insert(at, text)]) {
            prop_assert!(before || !parse(result).is_rejected());
        }
    }
}
