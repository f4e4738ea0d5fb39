//! The stage graph: names, bases, `COPY --from`, `RUN --mount=from`, reachability, and the effective environment.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::Dockerfile;
use crate::expand::Env;

/// All stages of a Dockerfile with what they stand on.
#[derive(Clone, Debug, Default)]
pub struct StageGraph {
    /// In file order.
    pub stages: Vec<Stage>,
    /// ARGs before the first FROM, with defaults and given build args applied.
    pub global_args: Env,
}

/// One stage.
#[derive(Clone, Debug)]
pub struct Stage {
    /// 0-based.
    pub index: usize,
    /// Lower-cased name.
    pub name: Option<String>,
    /// What it starts from.
    pub base: Base,
    /// `--platform`, expanded.
    pub platform: Option<String>,
    /// Index of the FROM instruction.
    pub from: usize,
    /// Indexes of its instructions, FROM not included.
    pub instructions: Range<usize>,
    /// Stages that it uses (base, COPY --from, mounts).
    pub uses: BTreeSet<usize>,
}

/// What a stage starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// `scratch`.
    Scratch,
    /// An earlier stage.
    Stage(usize),
    /// An image (expanded reference).
    Image(String),
    /// A variable without a value, or a word that does not expand: as written.
    Unresolved(String),
}

/// What `COPY --from` or a mount's `from` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A stage.
    Stage(usize),
    /// An image or named build context.
    Image(String),
}

/// What holds at an instruction (before it is executed).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effective {
    /// ENV and in-scope ARG together, as expansion sees them; the base image's own ENV only if given to [`StageGraph::effective`].
    pub variables: Env,
    /// ENV only, of this file.
    pub env: Env,
    /// USER, as written and expanded.
    pub user: Option<String>,
    /// WORKDIR, absolute if known.
    pub workdir: Option<String>,
    /// SHELL.
    pub shell: Option<Vec<String>>,
}

impl StageGraph {
    /// The graph, with `build_args` as given on the command line and `target_arch` (Go's word) for the platform ARGs.
    pub fn new(dockerfile: &Dockerfile, build_args: &Env, target_arch: &str) -> Self {
        let _ = (dockerfile, build_args, target_arch);
        todo!()
    }

    /// The stage that a build of `target` (name or index; none = the last) makes.
    pub fn target(&self, target: Option<&str>) -> Option<usize> {
        let _ = target;
        todo!()
    }

    /// The stages that building `stage` needs, itself included.
    pub fn reachable(&self, stage: usize) -> BTreeSet<usize> {
        let _ = stage;
        todo!()
    }

    /// Resolves a `--from` value as seen from `stage`.
    pub fn source(&self, from: &str, stage: usize) -> Source {
        let _ = (from, stage);
        todo!()
    }

    /// What holds before instruction `index`; follows `FROM stage` chains; `base_env` is the env of the chain's base image.
    pub fn effective(&self, dockerfile: &Dockerfile, index: usize, base_env: &Env) -> Effective {
        let _ = (dockerfile, index, base_env);
        todo!()
    }
}
