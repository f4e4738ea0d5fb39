//! What steps say of the commands in RUNs.

use jettison_dockerfile::expand::Env;
use jettison_dockerfile::stages::{Effective, StageGraph};
use jettison_dockerfile::{Dockerfile, parse};

use super::{Arguments, Scripts, Step, steps};

fn with_steps<T>(text: &str, look: impl Fn(&Dockerfile, &[Step<'_>]) -> T) -> T {
    let dockerfile = parse(text.as_bytes());
    let graph = StageGraph::new(&dockerfile, &Env::new(), "amd64");
    let scripts = Scripts::parse(&dockerfile);
    let states = graph.states(&dockerfile, &|_| Effective::default());
    let all = steps(&dockerfile, &scripts, &states);
    look(&dockerfile, &all)
}

fn names(run: &str) -> Vec<String> {
    with_steps(&format!("FROM a:1\n{run}\n"), |_, steps| {
        steps.iter().flat_map(|step| &step.calls).map(|call| call.name.to_owned()).collect()
    })
}

#[test]
fn wrappers_are_looked_through() {
    assert_eq!(names("RUN sudo -E A=b apt-get update && env -u X C=d nice -n 5 make"), ["apt-get", "make"]);
    assert_eq!(names("RUN timeout -k 5 30 curl x | xargs -n 1 rm -f"), ["curl", "rm"]);
    assert_eq!(names("RUN command -v git"), ["command"]);
    assert_eq!(names("RUN python3 -m pip install x"), ["pip"]);
}

#[test]
fn texts_of_shells_are_scripts_with_places_in_the_file() {
    let text = "FROM a:1\nRUN bash -ec 'apt-get update && apt-get install curl'\n";
    with_steps(text, |dockerfile, steps| {
        let calls = &steps[1].calls;
        assert_eq!(calls.iter().map(|call| call.name).collect::<Vec<_>>(), ["bash", "apt-get", "apt-get"]);
        assert_eq!(dockerfile.text_of(calls[2].span()), "apt-get install curl");
    });
}

#[test]
fn variables_whose_value_is_known_are_put_in() {
    let text = "FROM a:1\nARG P=\"curl=1 git=2\"\nARG Q\nRUN V=vim; apt-get install $P \"$V\" $Q\n";
    with_steps(text, |_, steps| {
        let call = steps[3].calls.iter().find(|call| call.is("apt-get")).unwrap();
        let arguments = Arguments::of(call);
        let rest: Vec<_> = arguments.rest().iter().map(|arg| arg.value.as_deref()).collect();
        assert_eq!(rest, [Some("curl=1"), Some("git=2"), Some("vim"), None]);
        assert!(arguments.unknown);
    });
}

#[test]
fn options_are_found_in_all_spellings() {
    let text = "FROM a:1\nRUN apt-get -qqy install -t bookworm -oA=b --option=C=d curl -- -x\n";
    with_steps(text, |_, steps| {
        let arguments = Arguments::of(&steps[1].calls[0]);
        assert_eq!(arguments.verb(), "install");
        assert_eq!(arguments.all(&["-q"]).count(), 2);
        assert!(arguments.has(&["-y"]) && !arguments.has(&["--yes"]));
        assert_eq!((arguments.value(&["-t"]), arguments.value(&["-o"])), (Some("bookworm"), Some("A=b")));
        assert_eq!(arguments.rest().iter().map(|arg| arg.text()).collect::<Vec<_>>(), ["curl", "-x"]);
    });
}

#[test]
fn states_in_one_pass_are_those_asked_for_one_by_one() {
    let text =
        "ARG V=1\nFROM a:$V AS base\nENV A=1 B=$A\nWORKDIR /x\nONBUILD ENV C=3\nFROM base\nARG V\nUSER u\nRUN x\n";
    with_steps(text, |dockerfile, steps| {
        let graph = StageGraph::new(dockerfile, &Env::new(), "amd64");
        for step in
            steps.iter().filter(|step| step.stage.is_some() && !step.onbuild && step.keyword().as_str() != "FROM")
        {
            assert_eq!(*step.state, graph.effective(dockerfile, step.index, &Env::new()), "{}", step.index);
        }
    });
}
