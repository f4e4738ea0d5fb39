//! What is known of one Dockerfile in its world. Pure, given a [`World`].

mod entry;
mod install;
#[cfg(any(test, feature = "test"))]
pub mod memory;
mod project;
mod stage;
mod world;

pub use entry::{Command, Entry};
pub use install::{AptInstall, NpmInstall, NpmKind, PipInstall, RunFacts, Segment, SegmentKind};
pub use project::{Language, Manifest, Project};
pub use stage::{BaseFacts, CopyFacts, Role, StageFacts};
pub use world::{Observations, Observed, World};

use jettison_dockerfile::Dockerfile;
use jettison_dockerfile::expand::Env;
use jettison_dockerfile::stages::StageGraph;

/// What the user asked for on the command line.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `--target`.
    pub target: Option<String>,
    /// `--build-arg`.
    pub build_args: Env,
    /// Go's word for the target architecture: `amd64`.
    pub arch: String,
}

/// Everything known of one Dockerfile; computed once, read by every rule and transform.
pub struct Facts<'w> {
    /// The tree.
    pub dockerfile: Dockerfile,
    /// Stages and what they use.
    pub graph: StageGraph,
    /// By stage index.
    pub stages: Vec<StageFacts>,
    /// The stage that is built; none if there is no stage or the target does not exist.
    pub target: Option<usize>,
    /// What the context holds.
    pub project: Project,
    /// Everything else.
    pub world: &'w dyn World,
}

impl<'w> Facts<'w> {
    /// Gathers facts.
    pub fn gather(dockerfile: Dockerfile, options: &Options, world: &'w dyn World) -> Self {
        let _ = (dockerfile, options, world);
        todo!()
    }

    /// The stage that is built.
    pub fn final_stage(&self) -> Option<&StageFacts> {
        self.target.and_then(|index| self.stages.get(index))
    }
}
