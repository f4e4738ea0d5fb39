//! Typed views over instructions. They borrow the tree, parse flags on demand and keep what they do not know.

mod instruction;
mod mount;

use jettison_model::Span;

use crate::syntax::heredoc;
use crate::{Dockerfile, Flag, Instruction, Keyword, Str, Word};

pub use instruction::{Command, Healthcheck, View};
pub use mount::{Mount, MountOption};

/// `FROM [--platform=P] IMAGE [AS NAME]`.
#[derive(Clone, Debug)]
pub struct From<'a> {
    /// The instruction.
    pub instruction: &'a Instruction,
    /// The image or stage, as written.
    pub image: Option<&'a Word>,
    /// The stage's name, as written.
    pub name: Option<&'a Word>,
    /// `--platform`, as written.
    pub platform: Option<&'a str>,
}

/// `COPY` or `ADD`.
#[derive(Clone, Debug)]
pub struct Copy<'a> {
    /// The instruction.
    pub instruction: &'a Instruction,
    /// Sources, as written; heredoc sources are left out (see the instruction's heredocs).
    pub sources: Vec<&'a Word>,
    /// The destination, as written.
    pub destination: Option<&'a Word>,
    /// `--from`, as written.
    pub from: Option<&'a str>,
    /// `--chown`.
    pub chown: Option<&'a str>,
    /// `--chmod`.
    pub chmod: Option<&'a str>,
    /// `--link`.
    pub link: bool,
    /// `--parents`.
    pub parents: bool,
    /// `--exclude`, all.
    pub excludes: Vec<&'a str>,
    /// `--checksum` (ADD).
    pub checksum: Option<&'a str>,
    /// `--keep-git-dir` (ADD), if given.
    pub keep_git_dir: Option<bool>,
    /// `--unpack` (ADD), if given.
    pub unpack: Option<bool>,
    /// ADD, not COPY.
    pub is_add: bool,
}

/// A `RUN`.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// The instruction.
    pub instruction: &'a Instruction,
    /// `--mount`s.
    pub mounts: Vec<Mount>,
    /// `--network`.
    pub network: Option<&'a str>,
    /// `--security`.
    pub security: Option<&'a str>,
    /// `--device`s.
    pub devices: Vec<&'a str>,
}

/// One key and value of ENV, LABEL or ARG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The key, as written, without quotes around it.
    pub key: Str,
    /// The key, as written. In ENV and LABEL it is expanded like a value; in ARG quotes are part of the name.
    pub raw_key: Str,
    /// The value, as written (quotes and variables kept); none for `ARG NAME`.
    pub value: Option<Str>,
    /// The whole pair.
    pub span: Span,
    /// The key, quotes included.
    pub key_span: Span,
    /// The value, quotes included; empty behind the `=` where there is none.
    pub value_span: Option<Span>,
}

impl Instruction {
    /// The last flag of that name.
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().rev().find(|flag| flag.name == name)
    }

    /// As FROM.
    pub fn as_from(&self) -> Option<From<'_>> {
        if self.keyword != Keyword::From {
            return None;
        }
        let name = match &self.words[..] {
            [_, word, name] if word.raw.eq_ignore_ascii_case("as") => Some(name),
            _ => None,
        };
        Some(From { instruction: self, image: self.words.first(), name, platform: self.value("platform") })
    }

    /// As COPY or ADD.
    pub fn as_copy(&self) -> Option<Copy<'_>> {
        if !matches!(self.keyword, Keyword::Copy | Keyword::Add) {
            return None;
        }
        let (destination, sources) = match self.words.split_last() {
            Some((last, rest)) if !rest.is_empty() => (Some(last), rest),
            _ => (None, &self.words[..]),
        };
        let is_heredoc = |word: &&Word| matches!(heredoc::opening(&word.raw), Ok(Some(_)));
        Some(Copy {
            instruction: self,
            sources: sources.iter().filter(|word| !is_heredoc(word)).collect(),
            destination,
            from: self.value("from"),
            chown: self.value("chown"),
            chmod: self.value("chmod"),
            link: self.is_set("link"),
            parents: self.is_set("parents"),
            excludes: self.values("exclude").collect(),
            checksum: self.value("checksum"),
            keep_git_dir: self.flag("keep-git-dir").map(|_| self.is_set("keep-git-dir")),
            unpack: self.flag("unpack").map(|_| self.is_set("unpack")),
            is_add: self.keyword == Keyword::Add,
        })
    }

    /// As RUN.
    pub fn as_run(&self) -> Option<Run<'_>> {
        if self.keyword != Keyword::Run {
            return None;
        }
        Some(Run {
            instruction: self,
            mounts: self.flags_of("mount").map(|flag| Mount::of_flag(flag, &self.body)).collect(),
            network: self.value("network"),
            security: self.value("security"),
            devices: self.values("device").collect(),
        })
    }

    /// The pairs of ENV, LABEL and ARG.
    pub fn pairs(&self) -> Vec<Pair> {
        match self.keyword {
            Keyword::Env | Keyword::Label => {}
            Keyword::Arg => return self.words.iter().map(|word| self.pair(word)).collect(),
            _ => return Vec::new(),
        }
        match &self.words[..] {
            [key, value] if self.old_pair => {
                let span = key.span.cover(value.span);
                let (key_span, value_span) = (key.span, Some(value.span));
                let (value, raw_key) = (Some(value.raw.clone()), key.raw.clone());
                vec![Pair { key: unquote(&raw_key), raw_key, value, span, key_span, value_span }]
            }
            words => words.iter().map(|word| self.pair(word)).collect(),
        }
    }

    fn pair(&self, word: &Word) -> Pair {
        let (raw_key, value) = match word.raw.bytes().position(|byte| byte == b'=') {
            Some(at) => (word.raw.slice(0..at), Some(word.raw.slice(at + 1..word.raw.len()))),
            None => (word.raw.clone(), None),
        };
        let key_span = self.body.place_of(&raw_key).unwrap_or(word.span);
        let value_span = value.as_ref().map(|value| self.body.place_of(value).unwrap_or(word.span));
        let key = if self.keyword == Keyword::Arg { raw_key.clone() } else { unquote(&raw_key) };
        Pair { key, raw_key, value, span: word.span, key_span, value_span }
    }

    /// The value of the last flag of that name.
    fn value(&self, name: &str) -> Option<&str> {
        self.flag(name).and_then(|flag| flag.value.as_deref())
    }

    fn flags_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Flag> {
        self.flags.iter().filter(move |flag| flag.name == name)
    }

    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.flags_of(name).filter_map(|flag| flag.value.as_deref())
    }

    /// Whether a flag that takes `true` or `false` is on.
    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.flag(name)
            .is_some_and(|flag| !flag.value.as_deref().is_some_and(|value| value.eq_ignore_ascii_case("false")))
    }

    /// The command's script in shell form, of RUN, CMD, ENTRYPOINT and `HEALTHCHECK CMD`; a heredoc RUN's body counts.
    /// None for exec forms, and for a RUN heredoc with an interpreter line that is no sh.
    pub fn script(&self, dockerfile: &Dockerfile) -> Option<crate::shell::Parsed> {
        crate::script::of(self, dockerfile)
    }

    /// The text that the instruction hands to a shell: its shell form, a here-document, the argument of `["sh", "-c", …]`. None
    /// for other exec forms, and where no sh reads it.
    pub fn shell_text(&self, dockerfile: &Dockerfile) -> Option<crate::ShellText> {
        crate::script::text_of(self, dockerfile)
    }
}

/// A key without the quotes around it.
fn unquote(key: &Str) -> Str {
    let quoted = |quote: char| key.len() > 1 && key.starts_with(quote) && key.ends_with(quote);
    if quoted('"') || quoted('\'') { key.slice(1..key.len() - 1) } else { key.clone() }
}
