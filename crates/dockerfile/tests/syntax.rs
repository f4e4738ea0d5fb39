//! The tree: items, spans, the way from joined text back to the source, words, flags, here-documents.

use jettison_dockerfile::{Dockerfile, Form, Instruction, Item, Keyword, parse};

fn tree(text: &str) -> Dockerfile {
    let dockerfile = parse(text.as_bytes());
    assert_eq!(dockerfile.print(), text.as_bytes());
    dockerfile
}

/// The last instruction of a file that begins with a FROM.
fn one(text: &str) -> (Dockerfile, Instruction) {
    let dockerfile = tree(&format!("FROM a\n{text}"));
    let instruction = dockerfile.instructions().last().unwrap().clone();
    (dockerfile, instruction)
}

fn words(text: &str) -> Vec<String> {
    one(text).1.words.into_iter().map(|word| word.raw.to_string()).collect()
}

#[test]
fn items_name_what_they_hold() {
    let dockerfile = tree("# c\n\n \nFROM a\n# d\nWHAT\nRUN b \\\n  c\n\n");
    let kinds: Vec<String> = dockerfile
        .items()
        .iter()
        .map(|item| {
            let kind = match item {
                Item::Instruction(index, _) => format!("i{index}"),
                Item::Comment(_) => "comment".to_owned(),
                Item::Blank(_) => "blank".to_owned(),
                Item::Error(_) => "error".to_owned(),
            };
            format!("{kind} {:?}", dockerfile.text_of(item.span()))
        })
        .collect();
    let expected = [
        r##"comment "# c\n""##,
        r#"blank "\n \n""#,
        r#"i0 "FROM a\n""#,
        r##"comment "# d\n""##,
        r#"error "WHAT\n""#,
        r#"i1 "RUN b \\\n  c\n""#,
        r#"blank "\n""#,
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn byte_order_mark_stays_before_everything() {
    let dockerfile = parse(&b"\xEF\xBB\xBF\nFROM a\n"[..]);
    assert_eq!(dockerfile.print(), b"\xEF\xBB\xBF\nFROM a\n");
    assert_eq!(dockerfile.items()[0].span().range(), 0..3);
    assert_eq!(dockerfile.instructions()[0].line, 2);
    let directive = parse(&b"\xEF\xBB\xBF# escape=`\nFROM a\n"[..]);
    assert_eq!(directive.escape(), '`');
}

#[test]
fn survives_bytes_that_are_no_text() {
    let bytes = b"FROM a\x00b\xFF\xFE\r\nRUN \xC3 x\\\r\n\xE2\x82 y";
    let dockerfile = parse(&bytes[..]);
    assert_eq!(dockerfile.print(), bytes);
    assert_eq!(dockerfile.instructions()[1].body.text, "\u{FFFD} x\u{FFFD} y");
    let body = &dockerfile.instructions()[1].body;
    let y = body.text.find('y').unwrap();
    assert_eq!(dockerfile.text_of(body.source_span(y..y + 1)), "y");
    assert_eq!(body.source_span(0..3).len(), 1, "one bad byte is one replacement character");
}

#[test]
fn line_end_is_the_first_one() {
    assert_eq!(tree("FROM a\r\nRUN b\n").line_end(), "\r\n");
    assert_eq!(tree("FROM a\nRUN b\r\n").line_end(), "\n");
    assert_eq!(tree("FROM a").line_end(), "\n");
}

#[test]
fn joins_continuations_as_the_builder_does() {
    let (_, run) = one("RUN a \\\n# no\n   b\\\n\n\tc \\  \n  d\n");
    assert_eq!(run.body.text, "a    b\tc   d");
    assert_eq!((run.line, run.end_line), (2, 7));
    assert_eq!(one("RUN a \\\\\nRUN b").1.body.text, "b", "an escaped escape character does not continue");
    assert_eq!(one("RUN a \\\r\n b\r\n").1.body.text, "a  b");
    assert_eq!(one("RUN a \\").1.body.text, "a");
}

#[test]
fn spans_lead_back_through_continuations() {
    let (dockerfile, run) = one("RUN one \\\n  # note\n  two three\n");
    let at = run.body.text.find("two").unwrap();
    assert_eq!(dockerfile.text_of(run.body.source_span(at..at + 3)), "two");
    assert_eq!(dockerfile.text_of(run.body.source_span(0..at + 3)), "one \\\n  # note\n  two");
    assert_eq!(dockerfile.text_of(run.span), "RUN one \\\n  # note\n  two three");
    assert_eq!(dockerfile.text_of(run.keyword_span), "RUN");
    let tail = run.body.slice(at..run.body.text.len());
    assert_eq!(dockerfile.text_of(tail.source_span(4..9)), "three");
}

#[test]
fn instruction_spans_leave_out_indent_and_trailing_space() {
    let (dockerfile, run) = one("  RUN a  \t\r\n");
    assert_eq!(dockerfile.text_of(run.span), "RUN a");
    let (dockerfile, run) = one("RUN a \\\n# c\n\n");
    assert_eq!(dockerfile.text_of(run.span), "RUN a \\");
}

#[test]
fn directives_only_count_at_the_top() {
    let names = |text: &str| tree(text).directives().iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    assert_eq!(names("# Syntax = a\n#check=b\n  # escape=`\nFROM a"), ["syntax", "check", "escape"]);
    assert_eq!(names("\n# syntax=a\nFROM a"), [""; 0]);
    assert_eq!(names("# note\n# syntax=a\nFROM a"), [""; 0]);
    assert_eq!(names("FROM a\n# syntax=a"), [""; 0]);
    let dockerfile = tree("# syntax = a b \nFROM a");
    assert_eq!((dockerfile.directives()[0].value.as_str(), dockerfile.escape()), ("a b", '\\'));
    assert_eq!(dockerfile.text_of(dockerfile.directives()[0].span), "# syntax = a b ");
}

#[test]
fn backtick_escapes_when_told() {
    let dockerfile = tree("# escape=`\nFROM a\nRUN dir c:\\ `\n  b\nENV A=c:\\x\n");
    assert_eq!(dockerfile.instructions()[1].body.text, "dir c:\\   b");
    assert_eq!(dockerfile.instructions()[2].words[0].raw, "A=c:\\x");
}

#[test]
fn flags_stop_at_the_first_word() {
    let (dockerfile, run) = one("RUN --mount=type=cache,target=/x \\\n --network=\"no\\ne\" --x cmd --not=flag\n");
    let flags: Vec<_> = run.flags.iter().map(|flag| (flag.name.as_str(), flag.value.as_deref())).collect();
    assert_eq!(flags, [("mount", Some("type=cache,target=/x")), ("network", Some("none")), ("x", None)]);
    assert_eq!(dockerfile.text_of(run.flags[0].value_span.unwrap()), "type=cache,target=/x");
    assert_eq!(dockerfile.text_of(run.flags[1].span), "--network=\"no\\ne\"");
    assert_eq!(run.body.text, "cmd --not=flag");
}

#[test]
fn splits_words_by_instruction() {
    assert_eq!(words("COPY a  \"b c\"\td /e"), ["a", "\"b", "c\"", "d", "/e"]);
    assert_eq!(words("COPY [\"a b\", \"\\u0063\"]"), ["a b", "c"]);
    assert_eq!(words("EXPOSE 80 81/udp"), ["80", "81/udp"]);
    assert_eq!(words("ENV A=1 B=\"x y\" C='p q' D=r\\ s"), ["A=1", "B=\"x y\"", "C='p q'", "D=r\\ s"]);
    assert_eq!(words("ENV A  x = y"), ["A", "x = y"]);
    assert_eq!(words("LABEL \"a b\"=c"), ["\"a b\"=c"]);
    assert_eq!(words("ARG A B=\"c d\""), ["A", "B=\"c d\""]);
    assert_eq!(words("WORKDIR /a b"), ["/a b"]);
    assert_eq!(words("HEALTHCHECK CMD curl -f x"), ["CMD", "curl -f x"]);
    assert_eq!(words("HEALTHCHECK CMD [\"curl\", \"x\"]"), ["CMD", "curl", "x"]);
    assert_eq!(words("ONBUILD COPY a b"), ["COPY", "a", "b"]);
    assert_eq!(words("RUN a b"), ["a b"]);
}

#[test]
fn words_know_their_place() {
    let (dockerfile, env) = one("ENV A=1 \\\n    B=\"x y\"\n");
    let places: Vec<_> = env.words.iter().map(|word| dockerfile.text_of(word.span).into_owned()).collect();
    assert_eq!(places, ["A=1", "B=\"x y\""]);
    let (dockerfile, cmd) = one("CMD [\"a\", \\\n \"b\"]\n");
    let Form::Exec(words) = &cmd.form else { panic!("{cmd:?}") };
    assert_eq!(dockerfile.text_of(words[1].span), "\"b\"");
}

#[test]
fn reads_several_heredocs_of_one_instruction() {
    let (dockerfile, run) = one("COPY <<A <<-'B C' <<\"D\" /x/\n1\n  A\nA\n\t2\n\tB C\nD\nRUN x\n");
    assert_eq!(run.keyword, Keyword::Run);
    let copy = &dockerfile.instructions()[1];
    let read: Vec<_> = copy
        .heredocs
        .iter()
        .map(|one| (one.name.as_str(), one.expand, one.strip_tabs, dockerfile.text_of(one.body).into_owned()))
        .collect();
    let expected = [
        ("A", true, false, "1\n  A\n".to_owned()),
        ("B C", false, true, "\t2\n".to_owned()),
        ("D", false, false, String::new()),
    ];
    assert_eq!(read, expected);
    assert_eq!(dockerfile.text_of(copy.heredocs[1].token), "<<-'B C'");
    assert!(dockerfile.text_of(copy.span).ends_with("\nD"));
    assert_eq!(copy.end_line, 8);
}

#[test]
fn heredocs_keep_descriptors_and_line_ends() {
    let (dockerfile, run) = one("RUN 3<<E cat\r\na\r\nE\r\n");
    assert_eq!((run.heredocs[0].fd, dockerfile.text_of(run.heredocs[0].body).as_ref()), (3, "a\r\n"));
}

#[test]
fn here_strings_shifts_and_open_quotes_open_nothing() {
    let texts =
        ["RUN cat <<<E", "RUN cat<<E", "RUN echo $((1<<2))", "RUN it's <<E", "RUN [\"<<E\"]", "CMD <<E", "RUN a << "];
    for text in texts {
        assert!(one(text).1.heredocs.is_empty(), "{text}");
    }
}

#[test]
fn onbuild_carries_its_trigger() {
    let (dockerfile, onbuild) = one("ONBUILD RUN --network=none a <<E\nx\nE\n");
    let trigger = onbuild.trigger.as_deref().unwrap();
    assert_eq!((onbuild.keyword, onbuild.onbuild, trigger.keyword), (Keyword::Onbuild, true, Keyword::Run));
    assert_eq!((trigger.flags[0].name.as_str(), trigger.body.text.as_str()), ("network", "a <<E"));
    assert_eq!(dockerfile.text_of(trigger.keyword_span), "RUN");
    assert_eq!((onbuild.body.text.as_str(), onbuild.heredocs.len()), ("RUN --network=none a <<E", 1));
}

#[test]
fn lines_of_take_comments_but_no_directives() {
    let dockerfile = tree("# escape=\\\nFROM a\n# far\n\n# one\n # two\nRUN b \\\n c\nRUN d");
    let lines = |index, comments| dockerfile.text_of(dockerfile.lines_of(index, comments)).into_owned();
    assert_eq!(lines(0, true), "FROM a\n");
    assert_eq!(lines(1, true), "# one\n # two\nRUN b \\\n c\n");
    assert_eq!(lines(1, false), "RUN b \\\n c\n");
    assert_eq!(lines(2, true), "RUN d");
    assert_eq!(lines(9, true), "");
}

#[test]
fn instructions_know_their_stage_and_shell() {
    let text = "FROM a AS one\nRUN x\nSHELL [\"b\"]\nRUN y\nFROM ONE\nRUN z\nFROM one\nRUN z\n";
    let dockerfile = tree(text);
    let known: Vec<_> = dockerfile.instructions().iter().map(|one| (one.from, one.shell)).collect();
    assert_eq!(known[1], (Some(0), None));
    assert_eq!(known[3], (Some(0), Some(2)));
    assert_eq!(known[5], (Some(4), None), "FROM does not fold case");
    assert_eq!(known[7], (Some(6), Some(2)));
}

#[test]
fn tree_shows_every_part() {
    let shown = tree("# syntax=x\nFROM --platform=p a\nCOPY <<E /x\nb\nE\nBAD\n").tree();
    let parts = [
        "directive syntax=\"x\" 0..10",
        "flag platform=\"p\"",
        "word \"a\"",
        "heredoc \"E\" fd 0",
        "error",
        "Error: unknown",
    ];
    for part in parts {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
}

#[test]
fn reads_on_behind_a_heredoc_that_does_not_end() {
    let text = "FROM a\nRUN <<EOF cat\nRUN b\nCOPY <<X <<Y /z\nx\nX\nRUN c\n";
    let dockerfile = parse(text.as_bytes());
    assert_eq!(dockerfile.print(), text.as_bytes());
    let keywords: Vec<_> = dockerfile.instructions().iter().map(|one| (one.keyword.as_str(), one.line)).collect();
    assert_eq!(keywords, [("FROM", 1), ("RUN", 2), ("RUN", 3), ("COPY", 4), ("RUN", 7)]);
    let [first, second] = dockerfile.diagnostics() else { panic!("{:?}", dockerfile.diagnostics()) };
    assert_eq!(dockerfile.text_of(first.span), "RUN <<EOF cat");
    assert_eq!(dockerfile.text_of(second.span), "COPY <<X <<Y /z\nx\nX");
    let bodies: Vec<_> = dockerfile.instructions()[3].heredocs.iter().map(|one| dockerfile.text_of(one.body)).collect();
    assert_eq!(bodies, ["x\n", ""]);
}

#[test]
fn heredocs_that_do_not_end_cost_no_more_than_their_lines() {
    let text: String = (0..20_000).map(|number| format!("RUN <<E{number}\n")).collect();
    let dockerfile = parse(format!("FROM a\n{text}").as_bytes());
    assert_eq!(dockerfile.instructions().len(), 20_001);
}
