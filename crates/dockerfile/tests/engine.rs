//! Values, stages and ignore files asked of a real builder: one build of stages from scratch, so that no base image is needed.
//! Says so and does nothing where no engine with BuildKit answers, or with `JETTISON_TEST_WITHOUT_ENGINE=1`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use jettison_dockerfile::expand::{Env, expand_body};
use jettison_dockerfile::ignore::{IgnoreFile, Matcher};
use jettison_dockerfile::stages::{Source, StageGraph};
use jettison_dockerfile::{Dockerfile, Instruction, Keyword, parse};

/// What every stage of a word begins with.
const VARIABLES: &str = r#"ENV A=a E= P=/usr/local/lib/x.tar.gz M="a*b?c" S="x  y" N=1 Q="it's" Ä=ae"#;

/// Words as ENV takes them.
const WORDS: &str = r##"
$A
${A}x
$Ax
${A:-d}
${U:-d}
${E:-d}
${E-d}
${U-d}
${A:+y}
${E:+y}
${E+y}
${U+y}
${U:-$A}
${U:-${E:-z}}
"${U:-a b}"
'$A'
"$A b"
"$S"
$S
\$A
"\$A"
'a\b'
a\bc
"a\bc"
"a\"c"
a\ b
"it's"
'"'
${P#*/}
${P##*/}
${P%.*}
${P%%.*}
${P%/*}
${P%%/*}
${P#/usr}
${P%.zip}
${P/local/x}
${P//l/L}
${P//[l]/L}
${P/l*b/X}
${P//?/x}
${P/\/usr/x}
${P//\//_}
${P//$A/[$A]}
${M#a\*}
${M%\?c}
${M//\*/S}
${A/nothing/x}
${A:?must}
${A?must}
${Ä}
$N$N
$$
$
a$
${A}'$A'"$A"
${U:-"q"}
${U:-'$A'}
${A:+"$S"}
a<b
a<<b
"<<"
é$A
"#"
a=b=c
=
""
"##;

/// Stages of their own, which end in a file: everything but the words' rules.
const SCOPES: &[&str] = &[
    "ENV A=1\nENV A=2 B=$A\nCOPY <<F /out\n$A$B\nF",
    "ENV A 1 2  3\nCOPY <<F /out\n$A\nF",
    "ENV A=1\nENV A ${A}x\nCOPY <<F /out\n$A\nF",
    "ARG A=1\nENV A=2\nCOPY <<F /out\n$A\nF",
    "ENV A=2\nARG A=1\nCOPY <<F /out\n$A\nF",
    "ENV A=2\nARG A\nCOPY <<F /out\n$A\nF",
    "ARG GIVEN\nCOPY <<F /out\n$GIVEN\nF",
    "ARG GIVEN=mine\nCOPY <<F /out\n$GIVEN\nF",
    "ENV GIVEN=env\nARG GIVEN\nCOPY <<F /out\n$GIVEN\nF",
    "ARG GIVEN\nENV GIVEN=env\nCOPY <<F /out\n$GIVEN\nF",
    "ARG GLOBAL\nCOPY <<F /out\n$GLOBAL\nF",
    "ARG GLOBAL=own\nCOPY <<F /out\n$GLOBAL\nF",
    "COPY <<F /out\n[$GLOBAL]\nF",
    "ARG DERIVED\nCOPY <<F /out\n$DERIVED\nF",
    "ARG DERIVED\nARG X=$DERIVED-x Y=$X-y\nCOPY <<F /out\n$X $Y\nF",
    "ARG OPEN\nCOPY <<F /out\n[$OPEN] ${OPEN-none}\nF",
    "ARG TARGETARCH\nARG TARGETOS\nARG BUILDPLATFORM\nCOPY <<F /out\n$TARGETARCH $TARGETOS $BUILDPLATFORM\nF",
    "ARG TARGETOS=plan9\nCOPY <<F /out\n$TARGETOS\nF",
    "ARG TARGETSTAGE\nCOPY <<F /out\n$TARGETSTAGE\nF",
    "COPY <<F /out\n[$TARGETARCH]\nF",
    "COPY <<F /out\n$PATH\nF",
    "ENV PATH=/x:$PATH\nCOPY <<F /out\n$PATH\nF",
    "ARG \"Q\"=1\nCOPY <<F /out\n[$Q]\nF",
    "ENV \"Q\"=1\nCOPY <<F /out\n[$Q]\nF",
    "ENV N=Z\nENV A$N=1\nCOPY <<F /out\n[$AZ]\nF",
    "ENV A=1\nCOPY <<\"F\" /out\n$A\nF",
    "ENV A=1\nCOPY <<F /out\n\\$A \"$A\" '$A' ${A:-\"q\"}\nF",
    "ENV A=1\nCOPY <<-F /out\n\t$A\n\t\tb\n\tF",
    "WORKDIR /w\nCOPY <<F out\nhere\nF",
    "WORKDIR /w\nWORKDIR d\nCOPY <<F out\nhere\nF",
    "WORKDIR /w/d\nWORKDIR ../e\nCOPY <<F out\nhere\nF",
    "ENV D=/w\nWORKDIR $D/d\nWORKDIR .\nCOPY <<F out\nhere\nF",
    "WORKDIR w\nCOPY <<F out\nhere\nF",
    "ENV D=\nWORKDIR /w\nWORKDIR ${D:-d}\nCOPY <<F ./out\nhere\nF",
];

/// Stages that stand on and take from each other; each COPY's `--from` must name what the graph says.
const GRAPH: &str = "FROM scratch AS ga
COPY <<F /mark
ga
F
ENV FROM_GA=1
ARG ARG_GA=2
ENV COVERED=env
ARG COVERED=arg
ONBUILD ENV TRIGGERED=$FROM_GA
ONBUILD COPY <<F /trigger
$FROM_GA
F
FROM scratch AS gb
COPY <<F /mark
gb
F
FROM ga AS Gc
COPY <<F /out
$FROM_GA $ARG_GA $COVERED $TRIGGERED
F
FROM gc AS gd
COPY <<F /out
$FROM_GA $ARG_GA $COVERED $TRIGGERED
F
FROM scratch AS ge
COPY --from=GA /mark /by-name
COPY --from=gB /mark /by-other-name
COPY --from=@GA@ /mark /by-index
COPY --from=+@GB@ /mark /by-signed-index
COPY --from=gc /trigger /by-trigger
COPY --from=given /mark /by-context
FROM scratch AS broken
COPY nothing /nowhere
";

/// Ignore files, with `~` between lines.
const IGNORES: &str = r##"
a
/a
a/
a/b
a//b/../b
*.md
**/*.md
a/*.md
a/**
a/**/f
**
*
*~!a
*~!a/b
*~!a/b/f
**~!a/b/c
**~!**/*.md
a~!a/f
a~!a/b~a/b/c
a/b~!a
!a
*~!*/f
*/f
*/*/f
a*
**a
a**
?
[ab]
[^a]
[!a]
[a-b]/f
\a
\[x\]
[[]x]
x y
 x y
# a
 # a
#a~a
./a
../a
.
..
a/./f
.dockerignore
**/f
b.*
{a,b}
a$
(a)
\d
[[:alpha:]]
\x61
**/b/**
*.md~!a/*.md~a/b/*.md
a/b/c~!a/b/c/f
[^/]
**/[!a-b]
*b*~!**/b.txt
"##;

#[test]
fn values_stages_and_ignored_paths_are_the_builders() {
    let Some(arch) = engine() else { return };
    let folder = Folder::new();
    let words: Vec<&str> = WORDS.trim().lines().collect();
    let ignores: Vec<String> = IGNORES.trim_matches('\n').lines().map(|line| line.replace('~', "\n")).collect();
    assert!(words.len() + SCOPES.len() >= 60 && ignores.len() >= 40);
    let text = dockerfile(&words, ignores.len());
    build(&folder.0, &text, &ignores);
    let dockerfile = parse(text.as_bytes());
    let graph = StageGraph::new(&dockerfile, &[("GIVEN".to_owned(), "given".to_owned())].into(), &arch);
    let mut wrong = written(&folder.0, &dockerfile, &graph);
    wrong.extend(copied(&folder.0, &dockerfile, &graph));
    for (index, ignore) in ignores.iter().enumerate() {
        wrong.extend(ignored(&folder.0, index, ignore));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    println!("{} values and {} ignore files are the builder's", words.len() + SCOPES.len() + 8, ignores.len());
}

/// The engine's architecture, if one with BuildKit answers.
fn engine() -> Option<String> {
    if std::env::var_os("JETTISON_TEST_WITHOUT_ENGINE").is_some_and(|value| value == "1") {
        println!("skipped: JETTISON_TEST_WITHOUT_ENGINE=1");
        return None;
    }
    let output =
        |arguments: &[&str]| Command::new("docker").args(arguments).output().ok().filter(|one| one.status.success());
    let (Some(version), Some(_)) = (output(&["version", "-f", "{{.Server.Arch}}"]), output(&["buildx", "version"]))
    else {
        println!("skipped: no Docker engine with buildx answers");
        return None;
    };
    Some(String::from_utf8_lossy(&version.stdout).trim().to_owned())
}

/// A folder that goes with its value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("jettison-dockerfile-engine-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// One file for all cases: the stages `words` and `s0`, `s1`, … write `/out`, the last one collects.
fn dockerfile(words: &[&str], ignores: usize) -> String {
    let mut text = "ARG GLOBAL=global\nARG DERIVED=${GLOBAL}-more\nARG GIVEN=default\nARG OPEN\n".to_owned();
    let mut last = "FROM scratch AS last\n".to_owned();
    let set: String = words.iter().enumerate().map(|(index, word)| format!("ENV R{index}={word}\n")).collect();
    let shown: String = (0..words.len()).map(|index| format!("[$R{index}]\n")).collect();
    text += &format!("FROM scratch AS words\n{VARIABLES}\n{set}COPY <<F /out\n{shown}F\n");
    last += "COPY --from=words / /words/\n";
    for (index, scope) in SCOPES.iter().enumerate() {
        text += &format!("FROM scratch AS s{index}\n{scope}\n");
        last += &format!("COPY --from=s{index} / /s{index}/\n");
    }
    let before = 1 + SCOPES.len();
    text += &GRAPH.replace("@GA@", &before.to_string()).replace("@GB@", &(before + 1).to_string());
    for name in ["gc", "gd", "ge"] {
        last += &format!("COPY --from={name} / /{name}/\n");
    }
    for index in 0..ignores {
        last += &format!("COPY --from=ignore{index} / /ignore{index}/\n");
    }
    text + &last
}

/// What lies in every context: each of the names in each of the folders.
fn tree() -> Vec<String> {
    let folders = ["", "a/", "b/", "a/b/", "a/b/c/", "b/a/", "c/", "ab/"];
    let names = ["f", "a.md", "b.txt", "[x]", "x y", "!z", "a$", "#a"];
    folders.iter().flat_map(|folder| names.map(|name| format!("{folder}{name}"))).collect()
}

fn build(folder: &Path, text: &str, ignores: &[String]) {
    fs::write(folder.join("Dockerfile"), text).expect("a file");
    let given = folder.join("given");
    fs::create_dir_all(&given).expect("a folder");
    fs::write(given.join("mark"), "given\n").expect("a file");
    let mut command = Command::new("docker");
    command.args(["buildx", "build", "--quiet", "--build-arg", "GIVEN=given", "--output"]);
    command.arg(format!("type=local,dest={}", folder.join("out").display()));
    command.arg("--build-context").arg(format!("given={}", given.display()));
    for (index, ignore) in ignores.iter().enumerate() {
        let context = folder.join(format!("ignore{index}"));
        for file in tree() {
            let path = context.join(&file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, "").expect("a file");
        }
        fs::write(context.join(".dockerignore"), ignore).expect("a file");
        command.arg("--build-context").arg(format!("ignore{index}={}", context.display()));
    }
    let output = command.arg("-f").arg(folder.join("Dockerfile")).arg(&given).output().expect("docker starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// COPYs of here-documents: what was written where, against the expanded body and the folder in force.
fn written(folder: &Path, dockerfile: &Dockerfile, graph: &StageGraph) -> Vec<String> {
    let mut wrong = Vec::new();
    for stage in &graph.stages {
        let name = stage.name.as_deref().unwrap_or_default();
        if matches!(name, "ga" | "gb" | "broken") {
            continue;
        }
        for index in stage.instructions.clone() {
            let copy = &dockerfile.instructions()[index];
            let [heredoc] = &copy.heredocs[..] else { continue };
            if copy.keyword != Keyword::Copy {
                continue;
            }
            let before = graph.effective(dockerfile, index, &Env::new());
            let written = body(dockerfile, copy);
            let expected = if heredoc.expand {
                expand_body(&written, &before.variables).map(|expanded| expanded.value)
            } else {
                Ok(written)
            };
            let target = copy.words.last().map_or("", |word| word.raw.as_str());
            let target = Path::new(before.workdir.as_deref().unwrap_or("?")).join(target);
            let place = folder.join("out").join(name).join(target.strip_prefix("/").unwrap_or(&target));
            let found = fs::read_to_string(&place).map_err(|error| format!("{}: {error}", place.display()));
            if found.as_deref().ok() != expected.as_deref().ok() {
                wrong.push(format!("{name}: {}: builder {found:?}, here {expected:?}", dockerfile.text_of(copy.span)));
            }
        }
    }
    wrong
}

/// The body of a here-document, without its tabs if it is written so.
fn body(dockerfile: &Dockerfile, copy: &Instruction) -> String {
    let heredoc = &copy.heredocs[0];
    let text = dockerfile.text_of(heredoc.body);
    if !heredoc.strip_tabs {
        return text.into_owned();
    }
    text.split_inclusive('\n').map(|line| line.trim_start_matches('\t')).collect()
}

/// COPYs from stages: the mark that arrived is that of the stage that the graph names.
fn copied(folder: &Path, dockerfile: &Dockerfile, graph: &StageGraph) -> Vec<String> {
    let stage = graph.stages.iter().find(|stage| stage.name.as_deref() == Some("ge")).expect("the stage");
    let mut wrong = Vec::new();
    for index in stage.instructions.clone() {
        let copy = dockerfile.instructions()[index].as_copy().expect("a COPY");
        let target = copy.destination.expect("a target").raw.trim_start_matches('/');
        let found = fs::read_to_string(folder.join("out/ge").join(target)).unwrap_or_default();
        let expected = match graph.source(copy.from.expect("a source")) {
            Source::Stage(index) => graph.stages[index].name.clone().unwrap_or_default(),
            Source::Image(name) => name,
        };
        // The trigger wrote what its stage's base knew.
        let expected = if target == "by-trigger" { "1".to_owned() } else { expected };
        if found.trim() != expected {
            wrong.push(format!("{target}: builder {found:?}, here {expected:?}"));
        }
    }
    wrong
}

/// What arrived of a context, against what the ignore file lets through.
fn ignored(folder: &Path, index: usize, text: &str) -> Option<String> {
    let matcher = Matcher::new(&IgnoreFile::parse(text.as_bytes()));
    let mut expected: BTreeSet<String> = tree().into_iter().chain([".dockerignore".to_owned()]).collect();
    expected.retain(|path| !matcher.is_ignored(path));
    let root = folder.join("out").join(format!("ignore{index}"));
    let (mut found, mut open) = (BTreeSet::new(), vec![root.clone()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(path) = path.strip_prefix(&root) {
                found.insert(path.to_string_lossy().into_owned());
            }
        }
    }
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| one.difference(other).cloned().collect::<Vec<_>>();
    let (builder, here) = (only(&found, &expected), only(&expected, &found));
    (found != expected).then(|| format!("{text:?}: only the builder takes {builder:?}, only we take {here:?}"))
}
