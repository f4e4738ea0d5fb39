//! Every instruction as its type, and values with what they depend on.

use std::collections::BTreeSet;

use super::{Copy, From, Pair, Run};
use crate::expand::{Env, ExpandError, Expanded, expand, variables};
use crate::stages::StageGraph;
use crate::syntax::knows_flag;
use crate::{Dockerfile, Flag, Form, Instruction, Keyword, Word};

/// An instruction as its type. What a file lacks (a USER without a name) is none or empty: the diagnostics say it.
#[derive(Clone, Debug)]
pub enum View<'a> {
    /// FROM
    From(From<'a>),
    /// RUN
    Run(Run<'a>),
    /// COPY
    Copy(Copy<'a>),
    /// ADD
    Add(Copy<'a>),
    /// ENV
    Env(Vec<Pair>),
    /// LABEL
    Label(Vec<Pair>),
    /// ARG
    Arg(Vec<Pair>),
    /// CMD
    Cmd(Command<'a>),
    /// ENTRYPOINT
    Entrypoint(Command<'a>),
    /// SHELL: its words, if they are an array.
    Shell(&'a [Word]),
    /// EXPOSE: ports, as written.
    Expose(&'a [Word]),
    /// VOLUME: paths.
    Volume(&'a [Word]),
    /// USER
    User(Option<&'a Word>),
    /// WORKDIR
    Workdir(Option<&'a Word>),
    /// STOPSIGNAL
    Stopsignal(Option<&'a Word>),
    /// MAINTAINER
    Maintainer(Option<&'a Word>),
    /// HEALTHCHECK
    Healthcheck(Healthcheck<'a>),
    /// ONBUILD: what it triggers, if that is an instruction.
    Onbuild(Option<&'a Instruction>),
}

/// A command line in exec or shell form.
#[derive(Clone, Copy, Debug)]
pub struct Command<'a> {
    /// An array of words, or a script.
    pub is_exec: bool,
    /// The words of the array, or the script as one word.
    pub words: &'a [Word],
}

/// `HEALTHCHECK NONE`, or a command with its times, as written.
#[derive(Clone, Debug)]
pub struct Healthcheck<'a> {
    /// The command; none for `NONE`.
    pub command: Option<Command<'a>>,
    /// `--interval`.
    pub interval: Option<Word>,
    /// `--timeout`.
    pub timeout: Option<Word>,
    /// `--start-period`.
    pub start_period: Option<Word>,
    /// `--start-interval`.
    pub start_interval: Option<Word>,
    /// `--retries`.
    pub retries: Option<Word>,
}

impl Instruction {
    /// As its type.
    pub fn view(&self) -> View<'_> {
        let command = || Command { is_exec: matches!(self.form, Form::Exec(_)), words: &self.words };
        let first = self.words.first();
        match self.keyword {
            Keyword::Env => View::Env(self.pairs()),
            Keyword::Label => View::Label(self.pairs()),
            Keyword::Arg => View::Arg(self.pairs()),
            Keyword::Cmd => View::Cmd(command()),
            Keyword::Entrypoint => View::Entrypoint(command()),
            Keyword::Shell => View::Shell(if command().is_exec { &self.words } else { &[] }),
            Keyword::Expose => View::Expose(&self.words),
            Keyword::Volume => View::Volume(&self.words),
            Keyword::User => View::User(first),
            Keyword::Workdir => View::Workdir(first),
            Keyword::Stopsignal => View::Stopsignal(first),
            Keyword::Maintainer => View::Maintainer(first),
            Keyword::Healthcheck => View::Healthcheck(self.healthcheck()),
            Keyword::Onbuild => View::Onbuild(self.trigger.as_deref()),
            Keyword::From | Keyword::Run | Keyword::Add | Keyword::Copy => self.step_view(),
        }
    }

    fn step_view(&self) -> View<'_> {
        if let Some(from) = self.as_from() {
            return View::From(from);
        }
        if let Some(run) = self.as_run() {
            return View::Run(run);
        }
        match self.as_copy() {
            Some(add) if add.is_add => View::Add(add),
            Some(copy) => View::Copy(copy),
            None => View::Onbuild(None),
        }
    }

    fn healthcheck(&self) -> Healthcheck<'_> {
        let kind = self.words.first().filter(|kind| kind.raw.eq_ignore_ascii_case("cmd"));
        let is_exec = matches!(self.form, Form::Exec(_));
        let value = |name: &str| self.flag(name).and_then(Flag::word);
        Healthcheck {
            command: kind.map(|_| Command { is_exec, words: self.words.get(1..).unwrap_or_default() }),
            interval: value("interval"),
            timeout: value("timeout"),
            start_period: value("start-period"),
            start_interval: value("start-interval"),
            retries: value("retries"),
        }
    }

    /// The flags that BuildKit does not know here.
    pub fn unknown_flags(&self) -> impl Iterator<Item = &Flag> {
        self.flags.iter().filter(|flag| !knows_flag(self.keyword, &flag.name))
    }
}

impl Flag {
    /// Its value as a word with its place.
    pub fn word(&self) -> Option<Word> {
        let raw = self.value.clone()?;
        Some(Word { raw, span: self.value_span.unwrap_or(self.span) })
    }
}

impl Word {
    /// Its value with `env`, and the variables it depends on. `escape` is the file's.
    pub fn expand(&self, env: &Env, escape: char) -> Result<Expanded, ExpandError> {
        expand(&self.raw, env, escape)
    }

    /// The variables that it asks for.
    pub fn variables(&self, escape: char) -> BTreeSet<String> {
        variables(&self.raw, escape)
    }
}

impl StageGraph {
    /// A word's value where instruction `index` stands, and the variables it depends on. What holds there is put together
    /// anew for each call: for many words ask [`StageGraph::effective`] once.
    pub fn value(&self, dockerfile: &Dockerfile, index: usize, word: &Word) -> Result<Expanded, ExpandError> {
        let before = match dockerfile.instructions().get(index).map(|one| one.keyword) {
            Some(Keyword::From) => self.scope.clone(),
            _ => self.effective(dockerfile, index, &Env::new()).variables,
        };
        word.expand(&before, dockerfile.escape())
    }
}
