//! What one stage is: its role, its base, what it copies and runs, and the configuration it ends with.

use jettison_dockerfile::expand::Env;
use jettison_dockerfile::stages::Source;
use jettison_model::ImageRef;

use crate::{Entry, RunFacts};

/// What a stage is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is the image.
    Final,
    /// The final stage starts from it (its layers are in the image).
    Parent,
    /// Used for its files only.
    Build,
    /// Not needed for the target.
    Unused,
}

/// One stage.
#[derive(Clone, Debug)]
pub struct StageFacts {
    /// 0-based; same as in the graph.
    pub index: usize,
    /// What it is for.
    pub role: Role,
    /// The image at the bottom of its `FROM` chain.
    pub base: Option<BaseFacts>,
    /// Instruction index of each COPY and ADD, with its parts expanded.
    pub copies: Vec<CopyFacts>,
    /// Instruction index of each RUN, with what it does.
    pub runs: Vec<RunFacts>,
    /// ENV at the end of the stage, of this file only (parents included).
    pub env: Env,
    /// ENV with the base image's below it, where that is known.
    pub full_env: Env,
    /// USER at the end, expanded; none if never set here.
    pub user: Option<String>,
    /// WORKDIR at the end; from the base image if never set here and known.
    pub workdir: Option<String>,
    /// Ports of EXPOSE (tcp).
    pub ports: Vec<u16>,
    /// ENTRYPOINT, CMD and HEALTHCHECK in force at the end.
    pub entry: Entry,
}

/// What is known of a base image by its name, without looking inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseFacts {
    /// Instruction index of the FROM that names it.
    pub instruction: usize,
    /// As expanded.
    pub reference: ImageRef,
    /// Whether the FROM names it literally (no variable), so that it may be edited.
    pub literal: bool,
    /// Row of the ecosystems data: `python`, `node`, `debian`, …
    pub family: Option<String>,
}

/// One COPY or ADD, expanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyFacts {
    /// Index of the instruction.
    pub instruction: usize,
    /// Sources, cleaned: relative, without `./`; `.` for the whole context.
    pub sources: Vec<String>,
    /// Absolute destination, if WORKDIR is known; ends in `/` if written so or if it must be a folder.
    pub destination: String,
    /// Stage or image; none = the context.
    pub from: Option<Source>,
    /// It has heredoc sources, flags we do not model, or variables without values: leave it alone.
    pub opaque: bool,
    /// ADD.
    pub is_add: bool,
}

impl CopyFacts {
    /// Whether it takes the whole context.
    pub fn is_whole_context(&self) -> bool {
        self.from.is_none() && self.sources == ["."]
    }
}
