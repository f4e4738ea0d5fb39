//! What each RUN does: its flat list of commands, and which of them install what.

use jettison_model::Span;

/// One RUN.
#[derive(Clone, Debug)]
pub struct RunFacts {
    /// Index of the instruction.
    pub instruction: usize,
    /// Its commands, where the script is flat (simple commands joined by `&&`, `;`, new lines); none if it is not, is opaque,
    /// or is exec form.
    pub segments: Option<Vec<Segment>>,
    /// It has mounts, heredocs, --network or --security.
    pub special: bool,
    /// USER and WORKDIR in force.
    pub user: Option<String>,
    /// WORKDIR in force, if known.
    pub workdir: Option<String>,
}

/// One command of a RUN.
#[derive(Clone, Debug)]
pub struct Segment {
    /// What it does.
    pub kind: SegmentKind,
    /// Its words in the Dockerfile.
    pub span: Span,
    /// The command as text, continuations joined.
    pub text: String,
    /// Literal words; `None` for words with expansions and globs.
    pub words: Vec<Option<String>>,
}

impl Segment {
    /// Whether the command is `set` with nothing but `-e`, `-u`, `-x` and `-o pipefail`. Such a command changes what happens on
    /// errors and what is printed, not what the commands after it do: between them the script may be taken apart like any
    /// `&&` list.
    pub fn is_harmless(&self) -> bool {
        self.kind == SegmentKind::ShellState("set".to_owned()) && is_harmless_set(&self.words)
    }
}

/// `set -eux -o pipefail` and the like.
fn is_harmless_set(words: &[Option<String>]) -> bool {
    let Some(words) = words.iter().skip(1).map(Option::as_deref).collect::<Option<Vec<&str>>>() else { return false };
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let Some(flags) = word.strip_prefix('-') else { return false };
        let known = flags.bytes().all(|flag| b"euxo".contains(&flag)) && !flags.is_empty();
        let option = flags.contains('o').then(|| words.next()).flatten();
        if !known || (flags.contains('o') && !option.is_some_and(is_harmless_option)) {
            return false;
        }
    }
    true
}

fn is_harmless_option(name: &str) -> bool {
    ["errexit", "nounset", "pipefail", "xtrace"].contains(&name)
}

/// What a command does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// `apt-get update`
    AptUpdate,
    /// `apt-get install …`
    AptInstall(AptInstall),
    /// `apt-get upgrade`, `dist-upgrade`
    AptUpgrade,
    /// `apt-get clean`, `autoremove`, `purge`
    AptOther,
    /// `rm -rf /var/lib/apt/lists/*`, alone or with other paths: see the words.
    AptListsRemoved,
    /// `pip install …`, `python -m pip install …`
    PipInstall(PipInstall),
    /// `npm ci`, `npm install`, yarn, pnpm
    NpmInstall(NpmInstall),
    /// `npm run build`, `yarn build`, `tsc`, `npx vite`, …: the script's name, or the tool's
    NpmRun(String),
    /// Other known dependency steps (`go mod download`, `bundle install`, `apk add`, …): the tool.
    Install(String),
    /// Known compile steps (`go build`, `cargo build`, `mvn package`, `make`): the tool.
    Build(String),
    /// `mkdir`, `chown`, `chmod`, `useradd`, `groupadd`, `adduser`, `addgroup`, `ln`, `cp`, `mv`, `rm`, `touch`, `echo`, …
    Configure(String),
    /// `cd`, `export`, `set`, `source`, …: what follows depends on it. `=` for bare assignments. A `set` that only makes errors
    /// stop the script is one too: ask [`Segment::is_harmless`].
    ShellState(String),
    /// Anything else.
    Other,
}

/// `apt-get install`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AptInstall {
    /// Package words as written (`curl`, `curl=7.1`, `./x.deb`), with their spans.
    pub packages: Vec<(String, Span)>,
    /// `--no-install-recommends` or the `-o` that means it.
    pub no_recommends: bool,
    /// Some package word is not literal.
    pub opaque: bool,
}

/// `pip install`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PipInstall {
    /// `-r` files, as written.
    pub requirements: Vec<String>,
    /// `-c` files.
    pub constraints: Vec<String>,
    /// Package words (`flask==3`, `wheel`).
    pub packages: Vec<String>,
    /// It builds or links something of the context: `.`, `-e …`, `./x`, `--find-links ./x`.
    pub local: bool,
    /// `--no-cache-dir`.
    pub no_cache: bool,
    /// `--target`, `--prefix`, `--user`, `--root`, or an interpreter by path: it does not go where plain pip would put it.
    pub elsewhere: bool,
    /// Some word is not literal.
    pub opaque: bool,
}

/// npm, yarn, pnpm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NpmInstall {
    /// Which tool and mode.
    pub kind: NpmKind,
    /// It names packages, or `-g`: not the project's manifest.
    pub named: bool,
    /// `--omit=dev`, `--production`, `--only=production`.
    pub production: bool,
    /// Some word is not literal.
    pub opaque: bool,
}

/// Which tool and mode.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NpmKind {
    NpmCi,
    NpmInstall,
    Yarn,
    Pnpm,
}
