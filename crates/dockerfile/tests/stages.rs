//! The stage graph and what holds at a place.

use jettison_dockerfile::expand::Env;
use jettison_dockerfile::stages::{Base, Effective, Source, StageGraph};
use jettison_dockerfile::{Dockerfile, parse};

fn env(values: &[(&str, &str)]) -> Env {
    values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn graph(text: &str, args: &[(&str, &str)]) -> (Dockerfile, StageGraph) {
    let dockerfile = parse(text.as_bytes());
    let graph = StageGraph::new(&dockerfile, &env(args), "amd64");
    (dockerfile, graph)
}

/// What holds at the end of the file.
fn at_end(text: &str, args: &[(&str, &str)]) -> Effective {
    let (dockerfile, graph) = graph(text, args);
    graph.effective(&dockerfile, dockerfile.instructions().len(), &Env::new())
}

fn image(reference: &str) -> Base {
    Base::Image(reference.to_owned())
}

#[test]
fn resolves_what_stages_stand_on() {
    let text = "ARG V=3\nARG R\nFROM ${R}python:$V AS Base\nFROM base\nFROM Base\nFROM scratch\nFROM $R\nFROM x:${U}\nFROM x:${U:-1}\nFROM ${\n";
    let (_, graph) = graph(text, &[]);
    let bases: Vec<_> = graph.stages.iter().map(|stage| stage.base.clone()).collect();
    let unresolved = |text: &str| Base::Unresolved(text.to_owned());
    let expected = [
        image("python:3"),
        Base::Stage(0),
        image("Base"),
        Base::Scratch,
        unresolved("$R"),
        unresolved("x:${U}"),
        image("x:1"),
        unresolved("${"),
    ];
    assert_eq!(bases, expected);
    assert_eq!(graph.stages[0].name.as_deref(), Some("base"));
}

#[test]
fn build_args_replace_defaults() {
    let text = "ARG V=3\nARG W=$V-slim\nFROM python:$W\nARG V\nARG X=1\n";
    let (_, given) = graph(text, &[("V", "4"), ("X", "2")]);
    assert_eq!(given.stages[0].base, image("python:4-slim"));
    assert_eq!(at_end(text, &[("V", "4"), ("X", "2")]).variables, env(&[("V", "4"), ("X", "2")]));
    assert_eq!(at_end(text, &[("W", "z")]).variables, env(&[("V", "3"), ("X", "1")]));
}

#[test]
fn platform_args_are_there_once_declared() {
    let text = "FROM --platform=$BUILDPLATFORM a AS b\nARG TARGETARCH\nARG TARGETOS=plan9\n";
    let (dockerfile, graph) = graph(text, &[]);
    assert_eq!(graph.stages[0].platform.as_deref(), Some("linux/amd64"));
    let end = graph.effective(&dockerfile, 3, &Env::new());
    assert_eq!(end.variables, env(&[("TARGETARCH", "amd64"), ("TARGETOS", "plan9")]));
    let arm = StageGraph::new(&dockerfile, &env(&[("TARGETARCH", "other")]), "arm/v7");
    assert_eq!(arm.platform_args["TARGETPLATFORM"], "linux/arm/v7");
    assert_eq!(
        (arm.platform_args["TARGETARCH"].as_str(), arm.platform_args["TARGETVARIANT"].as_str()),
        ("other", "v7")
    );
    assert_eq!(arm.platform_args["TARGETSTAGE"], "b");
}

#[test]
fn sources_are_stages_indexes_or_images() {
    let text = "FROM a AS One\nFROM b\nCOPY --from=ONE x y\nCOPY --from=0 x y\nRUN --mount=type=bind,from=one,target=/x z\nFROM c\nCOPY --from=1 x y\nCOPY --from=nginx:1 x y\n";
    let (_, graph) = graph(text, &[]);
    assert_eq!(graph.source("oNe"), Source::Stage(0));
    assert_eq!(graph.source("1"), Source::Stage(1));
    assert_eq!(graph.source("7"), Source::Image("7".to_owned()));
    assert_eq!(graph.source("nginx:1"), Source::Image("nginx:1".to_owned()));
    let uses: Vec<Vec<usize>> = graph.stages.iter().map(|stage| stage.uses.iter().copied().collect()).collect();
    assert_eq!(uses, [vec![], vec![0], vec![1]]);
}

#[test]
fn later_stages_and_itself_make_no_edge() {
    let (_, graph) = graph("FROM a AS x\nCOPY --from=y a b\nCOPY --from=x a b\nFROM b AS y\nCOPY --from=x a b\n", &[]);
    assert!(graph.stages[0].uses.is_empty());
    assert_eq!(graph.source("y"), Source::Stage(1));
    assert_eq!(graph.stages[1].uses.iter().copied().collect::<Vec<_>>(), [0]);
}

#[test]
fn reaches_only_what_the_target_needs() {
    let (_, graph) = graph("FROM a AS x\nFROM b AS y\nFROM x AS z\nFROM c\nCOPY --from=z a b\n", &[]);
    let reached = |target| graph.reachable(graph.target(target).unwrap()).into_iter().collect::<Vec<_>>();
    assert_eq!(reached(None), [0, 2, 3]);
    assert_eq!(reached(Some("Z")), [0, 2]);
    assert_eq!(reached(Some("1")), [1]);
    assert_eq!((graph.target(Some("nope")), graph.target(Some("9"))), (None, None));
    assert!(graph.reachable(99).is_empty());
}

#[test]
fn env_expands_with_what_was_before_its_line() {
    let end = at_end("FROM a\nENV A=1\nENV A=2 B=$A\nENV C \"$B\" x\nENV D='$A'\n", &[]);
    assert_eq!(end.env, env(&[("A", "2"), ("B", "1"), ("C", "1 x"), ("D", "$A")]));
}

#[test]
fn stages_inherit_what_they_stand_on() {
    let text = "FROM i AS a\nARG X=1\nENV E=$X\nUSER u$X\nWORKDIR /w\nSHELL [\"bash\", \"-c\"]\nFROM i\nENV NOT=1\nFROM a\nWORKDIR sub/../dir\nENV F=$E$X\n";
    let end = at_end(text, &[]);
    assert_eq!(end.env, env(&[("E", "1"), ("F", "11")]));
    assert_eq!((end.user.as_deref(), end.workdir.as_deref()), (Some("u1"), Some("/w/dir")));
    assert_eq!(end.shell, Some(vec!["bash".to_owned(), "-c".to_owned()]));
}

#[test]
fn an_arg_covers_an_env_up_to_the_end_of_its_stage() {
    let text = "FROM i AS a\nENV X=env\nARG X=arg\nENV Y=$X\nFROM a\nENV Z=$X\n";
    assert_eq!(at_end(text, &[]).env, env(&[("X", "env"), ("Y", "arg"), ("Z", "env")]));
}

#[test]
fn holds_what_stands_before_the_instruction() {
    let (dockerfile, graph) = graph("ARG G=1\nFROM i\nENV A=1\nRUN x\nENV A=2\n", &[]);
    let value =
        |index: usize, name: &str| graph.effective(&dockerfile, index, &Env::new()).variables.get(name).cloned();
    assert_eq!(value(3, "A").as_deref(), Some("1"));
    assert_eq!(value(2, "A"), None);
    assert_eq!(value(5, "A").as_deref(), Some("2"));
    assert_eq!(value(1, "G").as_deref(), Some("1"));
    assert_eq!(value(3, "G"), None, "a stage sees a global ARG only once it declares it");
}

#[test]
fn base_image_counts_when_it_is_known() {
    let (dockerfile, graph) = graph("FROM i\nENV P=$P:/x\nWORKDIR y\n", &[]);
    let known = graph.effective(&dockerfile, 3, &env(&[("P", "/b")]));
    assert_eq!((known.env, known.workdir), (env(&[("P", "/b:/x")]), None));
    let base = Effective { workdir: Some("/app".to_owned()), user: Some("1000".to_owned()), ..Effective::default() };
    let end = graph.effective_on(&dockerfile, 3, base);
    assert_eq!((end.workdir.as_deref(), end.user.as_deref()), (Some("/app/y"), Some("1000")));
}

#[test]
fn triggers_of_a_stage_run_in_the_stage_on_it() {
    let text = "FROM i AS a\nONBUILD ENV T=1\nONBUILD COPY --from=z x y\nENV A=1\nFROM i AS z\nFROM a\nENV B=$T\n";
    let end = at_end(text, &[]);
    assert_eq!(end.env, env(&[("A", "1"), ("B", "1"), ("T", "1")]));
    let (_, graph) = graph(text, &[]);
    assert_eq!(graph.stages[2].uses.iter().copied().collect::<Vec<_>>(), [0, 1]);
    assert!(graph.stages[0].uses.is_empty());
}
