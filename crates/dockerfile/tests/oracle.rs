//! The recorded verdicts and a whole corpus, put to BuildKit's own parser and dispatcher. Needs the oracle:
//! `JETTISON_ORACLE=$(testbed/testbed oracle) cargo test -p jettison-dockerfile --test oracle -- --nocapture`, and for the
//! corpus `JETTISON_CORPUS`, a folder of Dockerfiles. Says so and does nothing where they are not given.

mod fixtures;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fixtures::{cases, refusals};
use jettison_dockerfile::expand::Env;
use jettison_dockerfile::stages::{Effective, StageGraph};
use jettison_dockerfile::{Dockerfile, Form, Instruction, Keyword, Phase, parse};
use jettison_model::LineIndex;
use serde_json::{Value, json};

/// What the builder's images have where nothing else is said; the oracle's empty base has it too.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

fn variable(name: &str) -> Option<PathBuf> {
    let value = std::env::var_os(name).filter(|value| !value.is_empty());
    if value.is_none() {
        println!("skipped: {name} is not set; see the head of tests/oracle.rs");
    }
    value.map(PathBuf::from)
}

/// One answer a file, in order.
fn ask(oracle: &Path, files: &[PathBuf]) -> Vec<Value> {
    let mut child = Command::new(oracle)
        .args(["-nodes", "-image"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the oracle starts");
    let mut input = child.stdin.take().expect("a pipe");
    let list: String = files.iter().map(|file| format!("{}\n", file.display())).collect();
    let writer = std::thread::spawn(move || input.write_all(list.as_bytes()));
    let output = child.wait_with_output().expect("the oracle ends");
    writer.join().expect("a writer").expect("the oracle reads");
    let text = String::from_utf8(output.stdout).expect("JSON");
    let answers: Vec<Value> =
        text.split_terminator('\n').map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), files.len(), "the oracle answers for every file");
    answers
}

fn phase(answer: &Value) -> Option<Phase> {
    match answer["verdict"].as_str() {
        Some("parse") => Some(Phase::Parse),
        Some("instructions") => Some(Phase::Instructions),
        Some("dispatch") => Some(Phase::Dispatch),
        _ => None,
    }
}

#[test]
fn the_record_says_what_buildkit_says() {
    let Some(oracle) = variable("JETTISON_ORACLE") else { return };
    let folder = std::env::temp_dir().join(format!("jettison-verdicts-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let cases = cases();
    let write = |(index, case): (usize, &fixtures::Case)| {
        let path = folder.join(index.to_string());
        fs::write(&path, &case.file).expect("a file");
        path
    };
    let files: Vec<PathBuf> = cases.iter().enumerate().map(write).collect();
    let answers = ask(&oracle, &files);
    fs::remove_dir_all(&folder).expect("the folder goes");
    let wrong: Vec<String> = std::iter::zip(&cases, &answers)
        .filter(|(case, answer)| {
            let message = answer["message"].as_str().unwrap_or_default();
            phase(answer) != case.phase || !message.contains(&case.cause)
        })
        .map(|(case, answer)| format!("{}: {} {}", case.name, answer["verdict"], answer["message"]))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    println!("{} recorded verdicts are BuildKit's", cases.len());
}

#[test]
fn a_corpus_is_read_as_buildkit_reads_it() {
    let (Some(oracle), Some(corpus)) = (variable("JETTISON_ORACLE"), variable("JETTISON_CORPUS")) else { return };
    let files = dockerfiles(&corpus);
    let mut tally = Tally::default();
    for (file, answer) in std::iter::zip(&files, &ask(&oracle, &files)) {
        let source = fs::read(file).expect("a file");
        let dockerfile = parse(&source[..]);
        assert_eq!(dockerfile.print(), source, "{}", file.display());
        tally.verdict(file, &source, answer);
        if answer["verdict"] != "parse" {
            tally.instructions(file, &dockerfile, answer);
        }
        if answer["image"].is_object() {
            tally.image(file, &dockerfile, &answer["image"]);
        }
    }
    println!("{} files: {:#?}", files.len(), tally.counts);
    println!("{}", tally.differences.join("\n"));
    assert!(tally.count("verdict differs") * 1000 <= files.len(), "verdicts differ in more than one of a thousand");
    assert_eq!(tally.count("instruction differs"), 0);
}

fn dockerfiles(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().to_lowercase();
            if path.is_dir() {
                open.push(path);
            } else if (name.contains("dockerfile") || name.contains("containerfile")) && !name.ends_with("ignore") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[derive(Default)]
struct Tally {
    counts: BTreeMap<&'static str, usize>,
    differences: Vec<String>,
}

impl Tally {
    fn add(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    fn count(&self, what: &str) -> usize {
        self.counts.get(what).copied().unwrap_or_default()
    }

    fn differs(&mut self, what: &'static str, file: &Path, theirs: &Value, ours: &Value) {
        self.add(what);
        self.differences.push(format!("{what}: {}\n  BuildKit: {theirs}\n  here:     {ours}", file.display()));
    }

    fn verdict(&mut self, file: &Path, source: &[u8], answer: &Value) {
        let found = refusals(source);
        let ours = found.first();
        let theirs = phase(answer);
        self.add(match answer["verdict"].as_str() {
            Some("accepted") => "BuildKit takes",
            Some("given") => "BuildKit takes, given a base or build args",
            Some("lint") => "BuildKit takes, but the file wants no warnings",
            _ => "BuildKit refuses",
        });
        if ours.is_some() != theirs.is_some() {
            let message = json!(ours.map(|one| one.message.as_str()));
            return self.differs("verdict differs", file, &answer["message"], &message);
        }
        let Some(ours) = ours else { return };
        let line = LineIndex::new(source).line(ours.span.start);
        if answer["line"] == line {
            self.add("refused at the same line");
        }
        let message = answer["message"].as_str().unwrap_or_default();
        if message.contains(ours.message.rsplit(": ").next().unwrap_or_default()) {
            self.add("refused with the same cause");
        }
    }

    fn instructions(&mut self, file: &Path, dockerfile: &Dockerfile, answer: &Value) {
        let theirs = answer["nodes"].as_array().into_iter().flatten();
        // What is no instruction to us BuildKit lists under the unknown name.
        let theirs: Vec<&Value> =
            theirs.filter(|node| node["name"].as_str().and_then(Keyword::parse).is_some()).collect();
        let ours: Vec<Value> = dockerfile.instructions().iter().map(|one| node(dockerfile, one)).collect();
        assert_eq!(ours.len(), theirs.len(), "{}", file.display());
        for (ours, theirs) in std::iter::zip(&ours, theirs) {
            self.add("instructions");
            let same = ["lines", "name", "flags", "words", "json", "heredocs"].iter().all(|key| {
                let absent = theirs[*key].is_null() && (ours[*key] == json!([]) || ours[*key] == json!(false));
                absent || ours[*key] == theirs[*key]
            });
            if !same {
                self.differs("instruction differs", file, theirs, ours);
            }
        }
    }

    /// ENV, USER, SHELL and WORKDIR of the last stage, on an empty base.
    fn image(&mut self, file: &Path, dockerfile: &Dockerfile, image: &Value) {
        let graph = StageGraph::new(dockerfile, &Env::new(), "amd64");
        let variables = [("PATH".to_owned(), PATH.to_owned())].into();
        let base = Effective { variables, workdir: Some("/".to_owned()), ..Effective::default() };
        let end = graph.effective_on(dockerfile, dockerfile.instructions().len(), base);
        let listed = image["Env"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let mut env: Env = listed
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        if !end.env.contains_key("PATH") {
            env.remove("PATH");
        }
        self.add("images");
        let user = end.user.as_deref().unwrap_or_default();
        let ours = json!([end.env, user, end.shell.unwrap_or_default()]);
        let theirs = json!([
            env,
            image["User"].as_str().unwrap_or_default(),
            image["Shell"].as_array().cloned().unwrap_or_default()
        ]);
        if ours != theirs {
            self.differs("image differs", file, &theirs, &ours);
        }
        // The builder keeps absolute folders as they are written; here they are cleaned, and unknown where they depend on
        // what is not given.
        let theirs = clean(image["WorkingDir"].as_str().unwrap_or_default());
        match end.workdir {
            None => self.add("folder unknown"),
            Some(ours) if ours != theirs && !ours.contains(':') => {
                self.differs("folder differs", file, &json!(theirs), &json!(ours));
            }
            Some(_) => self.add("folder is the same"),
        }
    }
}

fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// An instruction as the oracle writes it.
fn node(dockerfile: &Dockerfile, instruction: &Instruction) -> Value {
    let flag = |flag: &jettison_dockerfile::Flag| match &flag.value {
        Some(value) => format!("--{}={value}", flag.name),
        None => format!("--{}", flag.name),
    };
    let words: Vec<String> = match instruction.keyword {
        Keyword::Env | Keyword::Label => {
            let is_old = instruction.words.len() == 2 && instruction.pairs().len() == 1;
            let mark = if is_old { "" } else { "=" };
            let triple = |pair: jettison_dockerfile::views::Pair| {
                [pair.raw_key.to_string(), pair.value.unwrap_or_default().to_string(), mark.to_owned()]
            };
            instruction.pairs().into_iter().flat_map(triple).collect()
        }
        Keyword::Onbuild => Vec::new(),
        _ => instruction.words.iter().map(|word| word.raw.to_string()).collect(),
    };
    let heredoc = |one: &jettison_dockerfile::Heredoc| {
        json!({"Name": one.name, "FileDescriptor": one.fd, "Expand": one.expand, "Chomp": one.strip_tabs,
               "Content": dockerfile.text_of(one.body)})
    };
    json!({
        "lines": [instruction.line, instruction.end_line],
        "name": instruction.keyword.as_str(),
        "flags": instruction.flags.iter().map(flag).collect::<Vec<_>>(),
        "words": words,
        "json": matches!(instruction.form, Form::Exec(_)),
        "heredocs": instruction.heredocs.iter().map(heredoc).collect::<Vec<_>>(),
    })
}
