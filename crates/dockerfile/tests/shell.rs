//! The shell facade.

use jettison_dockerfile::shell::{Compound, Join, Node, Options, Parsed, PartKind, Script, parse};
use jettison_model::Span;

fn script(text: &str) -> Script {
    match parse(text, &|range| Span::new(range.start, range.end)) {
        Parsed::Script(script) => script,
        other => panic!("{text}: {other:?}"),
    }
}

/// Each simple command as the text that it spans.
fn commands(text: &str) -> Vec<String> {
    script(text).simple_commands().iter().map(|command| text[command.span.range()].to_owned()).collect()
}

#[test]
fn lists_keep_how_their_items_are_joined() {
    let text = "a 1 && b || c; d & e\nf";
    let script = script(text);
    let items: Vec<_> = script.items.iter().map(|item| (item.join, &text[item.span.range()])).collect();
    let expected = [
        (Join::First, "a 1"),
        (Join::And, "b"),
        (Join::Or, "c"),
        (Join::Then, "d"),
        (Join::Background, "e"),
        (Join::Then, "f"),
    ];
    assert_eq!(items, expected);
    assert!(script.items[3].background && !script.items[4].background);
}

#[test]
fn flat_is_what_can_be_taken_apart() {
    for flat in ["a", "a && b", "a; b\nc", "A=1 b > c && d"] {
        assert!(script(flat).is_flat(), "{flat}");
    }
    for not in ["a || b", "a | b", "a & b", "a &", "(a)", "if a; then b; fi", "! a", "f() { a; }"] {
        assert!(!script(not).is_flat(), "{not}");
    }
}

#[test]
fn simple_commands_have_assignments_words_and_redirections() {
    let text = "A=1 B=\"x $y\" /usr/bin/apt-get install -y 'a b' $c d=e > /dev/null 2>&1 < in";
    let script = script(text);
    let Node::Simple(simple) = &script.items[0].node else { panic!("{script:?}") };
    let assigned: Vec<_> = simple.assignments.iter().map(|(name, value)| (&**name, value.literal.as_deref())).collect();
    assert_eq!(assigned, [("A", Some("1")), ("B", None)]);
    assert_eq!(simple.name(), Some("apt-get"));
    let args: Vec<_> = simple.args().collect();
    assert_eq!(args, [Some("install"), Some("-y"), Some("a b"), None, Some("d=e")]);
    let redirects: Vec<_> = simple.redirects.iter().map(|word| &*word.raw).collect();
    assert_eq!(redirects, ["> /dev/null", "2>&1", "< in"]);
    assert_eq!(&text[simple.span.range()], text);
    assert!(simple.words.iter().all(|word| text[word.span.range()] == word.raw));
}

#[test]
fn assignments_alone_and_builtins_are_commands() {
    let first = |text: &str| match script(text).items.remove(0).node {
        Node::Simple(simple) => simple,
        other => panic!("{other:?}"),
    };
    assert_eq!((first("A=1").words.len(), first("A=1").assignments.len()), (0, 1));
    assert_eq!(first("export A=1 B").words.iter().map(|word| &*word.raw).collect::<Vec<_>>(), ["export", "A=1", "B"]);
    assert_eq!(first("exit 1").words.iter().map(|word| &*word.raw).collect::<Vec<_>>(), ["exit", "1"]);
    assert_eq!(first("set -eux").name(), Some("set"));
    assert_eq!(first("> file").redirects.len(), 1);
}

#[test]
fn compounds_hold_everything_inside() {
    let kind = |text: &str| match &script(text).items[0].node {
        Node::Compound(kind, _) => *kind,
        other => panic!("{other:?}"),
    };
    assert_eq!(kind("(a)"), Compound::Subshell);
    assert_eq!(kind("{ a; }"), Compound::Group);
    assert_eq!(kind("if a; then b; elif c; then d; else e; fi"), Compound::If);
    assert_eq!(kind("for x in a; do b; done"), Compound::Loop);
    assert_eq!(kind("while a; do b; done"), Compound::Loop);
    assert_eq!(kind("case $x in a) b;; esac"), Compound::Case);
    assert_eq!(kind("f() { a; }"), Compound::Function);
    assert_eq!(kind("! a"), Compound::Other);
    assert_eq!(kind("[[ -f x ]]"), Compound::Other);
    assert_eq!(commands("if a; then b; elif c; then d; else e; fi"), ["a", "b", "c", "d", "e"]);
    assert_eq!(commands("case $x in a) b;; *) c; d;; esac && e"), ["b", "c", "d", "e"]);
    assert_eq!(commands("f() { a; }; (b | c) && { d; } && ! e"), ["a", "b", "c", "d", "e"]);
    let script = script("{ a; } > x 2>&1");
    let Node::Compound(_, inner) = &script.items[0].node else { panic!("{script:?}") };
    assert_eq!(inner.redirects.iter().map(|word| &*word.raw).collect::<Vec<_>>(), ["> x", "2>&1"]);
}

#[test]
fn items_reach_from_their_first_to_their_last_byte() {
    for item in [
        "(a; b)",
        "{ a; }",
        "( a & ) > x",
        "if a; then b; fi",
        "if a; then b; fi 2>&1",
        "for x in a b; do c; done",
        "while a; do b; done",
        "until a; do b; done",
        "case $x in a) b;; esac",
        "f() { a; }",
        "[[ -f x ]]",
        "((1))",
        "! a b",
        "a b \\;",
        "a | b",
        "(a) | { b; }",
        "exit 1",
        "return",
        "export A=1",
        "time a",
        "a >x",
        "A=1",
        "a $(b) \"c d\"",
        "{ (a); } > x",
    ] {
        for text in [
            item.to_owned(),
            format!("{item} && z"),
            format!("z; {item} ; z"),
            format!("{item}\nz"),
            format!("z && {item} # c"),
        ] {
            let script = script(&text);
            let found = script.items.iter().any(|one| &text[one.span.range()] == item);
            assert!(
                found,
                "{item} in {text:?}: {:?}",
                script.items.iter().map(|one| &text[one.span.range()]).collect::<Vec<_>>()
            );
        }
    }
}

#[test]
fn pipelines_are_flat() {
    let script = script("a | b |& c");
    let Node::Pipeline(parts) = &script.items[0].node else { panic!("{script:?}") };
    assert_eq!(parts.len(), 3);
}

#[test]
fn commands_in_substitutions_are_found() {
    assert_eq!(commands("a $(b | c) \"x $(d)\" `e`"), ["a $(b | c) \"x $(d)\" `e`", "b", "c", "d", "e"]);
    assert_eq!(commands("A=$(b) && for x in $(c); do d; done"), ["A=$(b)", "b", "c", "d"]);
    assert_eq!(commands("export A=$(b); diff <(c) x"), ["export A=$(b)", "b", "diff <(c) x", "c"]);
}

#[test]
fn heredocs_stay_with_their_command() {
    let text = "cat <<E > /x && b\nc d\nE\n";
    let script = script(text);
    assert_eq!(script.simple_commands().len(), 2);
    let Node::Simple(cat) = &script.items[0].node else { panic!("{script:?}") };
    assert_eq!(cat.words.len(), 1);
    assert_eq!(cat.redirects.len(), 2);
}

#[test]
fn what_is_not_understood_is_opaque() {
    for text in ["echo 'a", "if a; then", "a &&", "case x", "$(", "a )", "for"] {
        assert!(parse(text, &|_| Span::at(0)).script().is_none(), "{text}");
    }
    let deep = format!("{}a{}", "(".repeat(50_000), ")".repeat(50_000));
    assert!(parse(&deep, &|_| Span::at(0)).script().is_none());
}

#[test]
fn nothing_is_an_empty_script() {
    assert!(script("").items.is_empty());
    assert!(script("# only this").items.is_empty());
}

/// `e`, `x`, `u` and `p` for each option that is on, upper case where it is not known.
fn shown(options: Options) -> String {
    let all = [(options.errexit, 'e'), (options.xtrace, 'x'), (options.nounset, 'u'), (options.pipefail, 'p')];
    all.iter()
        .filter(|(on, _)| *on != Some(false))
        .map(|(on, letter)| if on.is_none() { letter.to_ascii_uppercase() } else { *letter })
        .collect()
}

/// The options in force at each command whose name is one letter.
fn options_at(script: &Script) -> Vec<String> {
    let all = script.simple_commands();
    let named = all.iter().filter(|simple| simple.name().is_some_and(|name| name.len() == 1));
    named.map(|simple| format!("{}:{}", simple.name().unwrap_or_default(), shown(simple.options))).collect()
}

#[test]
fn options_are_followed_through_the_script() {
    let cases = [
        ("a; set -e; b", "a: b:e"),
        ("set -eux && a | b", "a:exu b:exu"),
        ("set -euo pipefail; a; set +x +e; b", "a:eup b:up"),
        ("set -o errexit; set -o pipefail; a", "a:ep"),
        ("(set -e; a); b", "a:e b:"),
        ("{ set -e; a; }; b", "a:e b:e"),
        ("if c; then set -e; fi; a", "c: a:E"),
        ("c || set -e; a", "c: a:E"),
        ("f() { set -e; a; }; b", "a:e b:"),
        ("set -- -e; a; set -e -- -x; b", "a: b:e"),
        ("set $o; a", "a:EXUP"),
        ("x=$(set -e; a); b", "a:e b:"),
        ("set -e & a", "a:"),
    ];
    for (text, expected) in cases {
        assert_eq!(options_at(&script(text)).join(" "), expected, "{text}");
    }
}

#[test]
fn options_begin_with_those_of_the_shell() {
    let text = "FROM a\nRUN a\nSHELL [\"/bin/bash\", \"-eo\", \"pipefail\", \"-c\"]\nRUN b | c\nRUN <<E\n#!/bin/sh -x\nd\nE\nCMD e\n";
    let dockerfile = jettison_dockerfile::parse(text.as_bytes());
    let scripts = dockerfile.instructions().iter().filter_map(|one| one.script(&dockerfile));
    let shown: Vec<String> = scripts.flat_map(|parsed| options_at(parsed.script().expect("a script"))).collect();
    assert_eq!(shown, ["a:", "b:ep", "c:ep", "d:x", "e:ep"]);
}

#[test]
fn words_have_quoted_parts_and_expansions() {
    let text = "a b'c'\"d $E ${F:-g}\"$(h) $((1+2)) <(i)";
    let script = script(text);
    let Node::Simple(simple) = &script.items[0].node else { panic!("{script:?}") };
    let parts: Vec<_> = simple.words.iter().flat_map(|word| &word.parts).collect();
    let shown: Vec<_> = parts.iter().map(|part| (&part.kind, part.in_quotes, &text[part.span.range()])).collect();
    let variable = |name: &str| PartKind::Variable(name.to_owned());
    let expected = [
        (&PartKind::SingleQuoted, false, "'c'"),
        (&PartKind::DoubleQuoted, false, "\"d $E ${F:-g}\""),
        (&variable("E"), true, "$E"),
        (&variable("F"), true, "${F:-g}"),
        (&PartKind::Command, false, "$(h)"),
        (&PartKind::Arithmetic, false, "$((1+2))"),
        (&PartKind::Process, false, "<(i)"),
    ];
    assert_eq!(shown, expected);
}
