//! Typed views over instructions. They borrow the tree, parse flags on demand and keep what they do not know.

use crate::{Dockerfile, Flag, Instruction, Word};

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

/// One `--mount` of a RUN. Keys: BuildKit `frontend/dockerfile/instructions/commands_runmount.go`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mount {
    /// bind (default), cache, tmpfs, secret, ssh.
    pub kind: String,
    /// `target`, `dst`, `destination`.
    pub target: Option<String>,
    /// `source`, `src`.
    pub source: Option<String>,
    /// `from`.
    pub from: Option<String>,
    /// `id`.
    pub id: Option<String>,
    /// `sharing`.
    pub sharing: Option<String>,
    /// All other keys, as written.
    pub other: Vec<(String, Option<String>)>,
}

/// One key and value of ENV, LABEL or ARG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The key, as written, without quotes.
    pub key: String,
    /// The value, as written (quotes and variables kept); none for `ARG NAME`.
    pub value: Option<String>,
    /// The whole pair.
    pub span: jettison_model::Span,
}

impl Instruction {
    /// The last flag of that name.
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().rev().find(|flag| flag.name == name)
    }

    /// As FROM.
    pub fn as_from(&self) -> Option<From<'_>> {
        todo!()
    }

    /// As COPY or ADD.
    pub fn as_copy(&self) -> Option<Copy<'_>> {
        todo!()
    }

    /// As RUN.
    pub fn as_run(&self) -> Option<Run<'_>> {
        todo!()
    }

    /// The pairs of ENV, LABEL and ARG.
    pub fn pairs(&self) -> Vec<Pair> {
        todo!()
    }

    /// The command's script in shell form, of RUN, CMD, ENTRYPOINT and `HEALTHCHECK CMD`; a heredoc RUN's body counts.
    /// None for exec forms, and for a RUN heredoc with an interpreter line that is no sh.
    pub fn script(&self, dockerfile: &Dockerfile) -> Option<crate::shell::Parsed> {
        let _ = dockerfile;
        todo!()
    }
}
