//! Typed views and the scripts of instructions.

use jettison_dockerfile::expand::Env;
use jettison_dockerfile::shell::Parsed;
use jettison_dockerfile::stages::StageGraph;
use jettison_dockerfile::views::{Mount, View};
use jettison_dockerfile::{Dockerfile, Instruction, parse};

fn one(text: &str) -> (Dockerfile, Instruction) {
    let dockerfile = parse(format!("FROM a\n{text}").as_bytes());
    let instruction = dockerfile.instructions().last().unwrap().clone();
    (dockerfile, instruction)
}

/// The names of the script's commands, the shell that it is of, `opaque`, or `none`.
fn script(text: &str) -> String {
    let (dockerfile, instruction) = one(text);
    match instruction.script(&dockerfile) {
        None => "none".to_owned(),
        Some(Parsed::Foreign(shell)) => format!("of {shell}"),
        Some(Parsed::Opaque(reason)) => format!("opaque: {reason}"),
        Some(Parsed::Script(script)) => {
            let commands = script.simple_commands();
            let names: Vec<String> = commands
                .iter()
                .map(|command| {
                    assert!(instruction.span.contains(command.span), "{text}");
                    command.name().unwrap_or("?").to_owned()
                })
                .collect();
            names.join(" ")
        }
    }
}

#[test]
fn from_has_image_name_and_platform() {
    let (_, from) = one("FROM --platform=p i:1 as N");
    let view = from.as_from().unwrap();
    let parts = (view.image.map(|word| &*word.raw), view.name.map(|word| &*word.raw), view.platform);
    assert_eq!(parts, (Some("i:1"), Some("N"), Some("p")));
    assert!(from.as_run().is_none() && from.as_copy().is_none() && from.pairs().is_empty());
}

#[test]
fn copy_has_sources_destination_and_flags() {
    let (_, copy) =
        one("COPY --from=b --chown=1:2 --chmod=755 --link --parents=false --exclude=x --exclude=y a <<E c /d/\nE\n");
    let view = copy.as_copy().unwrap();
    let sources: Vec<_> = view.sources.iter().map(|word| &*word.raw).collect();
    assert_eq!((sources, view.destination.map(|word| &*word.raw)), (vec!["a", "c"], Some("/d/")));
    assert_eq!((view.from, view.chown, view.chmod), (Some("b"), Some("1:2"), Some("755")));
    assert_eq!((view.link, view.parents, view.is_add, view.excludes), (true, false, false, vec!["x", "y"]));
    let (_, add) = one("ADD [\"a b\", \"/c\"]");
    let view = add.as_copy().unwrap();
    assert_eq!((view.is_add, &*view.sources[0].raw), (true, "a b"));
    let (_, lonely) = one("COPY a");
    let view = lonely.as_copy().unwrap();
    assert_eq!((view.sources.len(), view.destination), (1, None));
}

#[test]
fn run_has_mounts_and_options() {
    let (_, run) = one(
        "RUN --mount=target=/x,source=y,rw --mount=type=CACHE,dst=/z,sharing=locked,id=k,uid=5 --network=none --device=d x",
    );
    let view = run.as_run().unwrap();
    let bind = Mount {
        kind: "bind".to_owned(),
        target: Some("/x".to_owned()),
        source: Some("y".to_owned()),
        other: vec![("rw".to_owned(), None)],
        ..Mount::default()
    };
    assert_eq!(Mount { options: Vec::new(), ..view.mounts[0].clone() }, bind);
    let cache = &view.mounts[1];
    assert_eq!((cache.kind.as_str(), cache.target.as_deref(), cache.id.as_deref()), ("cache", Some("/z"), Some("k")));
    assert_eq!((cache.sharing.as_deref(), &cache.other[0].0[..]), (Some("locked"), "uid"));
    assert_eq!((view.network, view.security, view.devices), (Some("none"), None, vec!["d"]));
}

#[test]
fn pairs_come_in_all_forms() {
    let pairs = |text: &str| {
        let pairs = one(text).1.pairs().into_iter();
        pairs.map(|pair| (pair.key, pair.value)).collect::<Vec<_>>()
    };
    let pair = |key: &str, value: Option<&str>| (key.into(), value.map(Into::into));
    assert_eq!(pairs("ENV A=1 B=\"x y\""), [pair("A", Some("1")), pair("B", Some("\"x y\""))]);
    assert_eq!(pairs("ENV A x=y z"), [pair("A", Some("x=y z"))]);
    assert_eq!(pairs("LABEL \"a b\"=c 'd'="), [pair("a b", Some("c")), pair("d", Some(""))]);
    assert_eq!(pairs("ARG A B=1 C="), [pair("A", None), pair("B", Some("1")), pair("C", Some(""))]);
    let (dockerfile, env) = one("ENV A \\\n  x y");
    assert_eq!(dockerfile.text_of(env.pairs()[0].span), "A \\\n  x y");
}

#[test]
fn shell_forms_are_scripts_and_exec_forms_are_not() {
    assert_eq!(script("RUN a && \\\n # c\n b | c"), "a b c");
    assert_eq!(script("CMD exec a"), "exec");
    assert_eq!(script("ENTRYPOINT a b"), "a");
    assert_eq!(script("HEALTHCHECK --retries=2 CMD curl -f x || exit 1"), "curl exit");
    for text in
        ["CMD [\"a\"]", "RUN [\"a\"]", "HEALTHCHECK CMD [\"a\"]", "HEALTHCHECK NONE", "ENV A=1", "ONBUILD RUN a"]
    {
        assert_eq!(script(text), "none", "{text}");
    }
    assert!(script("RUN echo 'open").starts_with("opaque"));
}

#[test]
fn heredoc_bodies_are_scripts() {
    assert_eq!(script("RUN <<E\na\nb c\nE\n"), "a b");
    assert_eq!(script("RUN <<-E\n\ta\n\t\tb\n\tE\n"), "a b");
    assert_eq!(script("RUN <<E\n#!/bin/bash -e\na\nE\n"), "a");
    assert_eq!(script("RUN <<E\n#!/usr/bin/env bash\na\nE\n"), "a");
    assert_eq!(script("RUN <<E\n#!/usr/bin/env python3\nimport os\nE\n"), "none");
    assert_eq!(script("RUN cat <<E > /x && b\nnot commands\nE\n"), "cat b");
    assert_eq!(script("RUN python3 <<E\nimport os\nE\n"), "python3");
    assert_eq!(script("RUN bash <<A && tac <<B\nx\nA\ny\nB\n"), "bash tac");
}

#[test]
fn foreign_shells_are_opaque() {
    assert_eq!(script("SHELL [\"powershell\", \"-Command\"]\nRUN a"), "of powershell");
    assert_eq!(script("SHELL [\"C:\\\\x\\\\CMD.exe\", \"/S\"]\nRUN a"), "of cmd");
    assert_eq!(script("SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN a"), "a");
    assert_eq!(script("FROM mcr.microsoft.com/windows/nanoserver:1\nRUN a"), "of cmd");
}

#[test]
fn every_part_has_its_place() {
    let text = "FROM a AS b\nRUN --mount=type=cache,\\\n# here\ntarget=/x,ro --network=none --odd=1 y\nENV A=\"b c\" \\\n  D=e\nHEALTHCHECK --interval=5s CMD f g\n";
    let dockerfile = parse(text.as_bytes());
    let [_, run, env, health] = dockerfile.instructions() else { panic!("{dockerfile:?}") };
    let View::Run(view) = run.view() else { panic!("{run:?}") };
    let options: Vec<_> = view.mounts[0].options.iter().map(|option| dockerfile.text_of(option.span)).collect();
    assert_eq!(options, ["type=cache", "target=/x", "ro"]);
    assert_eq!(run.unknown_flags().map(|flag| dockerfile.text_of(flag.span)).collect::<Vec<_>>(), ["--odd=1"]);
    let network = run.flag("network").and_then(|flag| flag.word()).expect("a value");
    assert_eq!((&*network.raw, dockerfile.text_of(network.span)), ("none", "none".into()));
    let View::Env(pairs) = env.view() else { panic!("{env:?}") };
    let places: Vec<_> = pairs
        .iter()
        .map(|pair| (dockerfile.text_of(pair.key_span), dockerfile.text_of(pair.value_span.expect("a value"))))
        .collect();
    assert_eq!(places, [("A".into(), "\"b c\"".into()), ("D".into(), "e".into())]);
    let View::Healthcheck(view) = health.view() else { panic!("{health:?}") };
    let interval = view.interval.expect("an interval");
    assert_eq!(dockerfile.text_of(interval.span), "5s");
    assert_eq!(view.command.map(|command| (command.is_exec, command.words.len())), Some((false, 1)));
}

#[test]
fn every_instruction_has_its_type() {
    let text = "FROM a\nRUN b\nCOPY c d\nADD e f\nENV g=h\nLABEL i=j\nARG k\nCMD [\"l\"]\nENTRYPOINT m\nSHELL [\"n\"]\nEXPOSE 1 2\nVOLUME /o\nUSER p\nWORKDIR /q\nSTOPSIGNAL 9\nMAINTAINER r\nHEALTHCHECK NONE\nONBUILD RUN s\nCMD\nUSER\n";
    let dockerfile = parse(text.as_bytes());
    let shown: Vec<String> = dockerfile
        .instructions()
        .iter()
        .map(|one| {
            let view = format!("{:?}", one.view());
            view.split(['(', ' ']).next().unwrap_or_default().to_lowercase()
        })
        .collect();
    let keywords: Vec<String> =
        dockerfile.instructions().iter().map(|one| one.keyword.as_str().to_lowercase()).collect();
    assert_eq!(shown, keywords);
}

#[test]
fn values_say_what_they_depend_on() {
    let dockerfile = parse(&b"ARG V=1\nFROM a:$V\nARG W\nENV X=${W:-$V}y\nWORKDIR /$X/$Z\n"[..]);
    let graph = StageGraph::new(&dockerfile, &Env::new(), "amd64");
    let value = |index: usize| {
        let word = dockerfile.instructions()[index].words.last().expect("a word");
        let expanded = graph.value(&dockerfile, index, word).expect("it expands");
        (expanded.value, expanded.variables.into_iter().collect::<Vec<_>>().join(" "), expanded.unset.len())
    };
    assert_eq!(value(1), ("a:1".to_owned(), "V".to_owned(), 0));
    assert_eq!(value(4), ("/y/".to_owned(), "X Z".to_owned(), 1));
    let before = graph.effective(&dockerfile, 4, &Env::new());
    assert!(before.unknown.contains("X"), "W may be given, so X is not known");
}
