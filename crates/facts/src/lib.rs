//! What is known of one Dockerfile in its world. Pure, given a [`World`].

pub mod analysis;
mod classify;
mod copies;
mod entry;
mod gather;
mod install;
#[cfg(any(test, feature = "test"))]
pub mod memory;
pub mod mentions;
pub mod needs;
mod origin;
mod path;
mod programs;
mod project;
pub mod provenance;
mod requirements;
mod runs;
mod stage;
pub mod steps;
#[cfg(test)]
mod tests;
mod world;

pub use entry::{Command, Entry, plain_words};
pub use install::{AptInstall, NpmInstall, NpmKind, PipInstall, RunFacts, Segment, SegmentKind};
pub use programs::{Program, Running, entry_programs, image_programs, package_script};
pub use project::{Language, Manifest, Project};
pub use requirements::{Requirements, requirements};
pub use stage::{BaseFacts, CopyFacts, Role, StageFacts};
pub use world::{Nowhere, Observations, Observed, World};

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
    /// Gathers facts. Asks the world for the context's paths and for the base images of stages that are needed; nothing else.
    pub fn gather(dockerfile: Dockerfile, options: &Options, world: &'w dyn World) -> Self {
        let graph = StageGraph::new(&dockerfile, &options.build_args, &options.arch);
        let target = graph.target(options.target.as_deref());
        let paths = world.paths("**", false);
        let stages = gather::stages(&dockerfile, &graph, target, paths.as_deref(), world);
        let project = project::find(paths.as_deref());
        Self { dockerfile, graph, stages, target, project, world }
    }

    /// The stage that is built.
    pub fn final_stage(&self) -> Option<&StageFacts> {
        self.target.and_then(|index| self.stages.get(index))
    }

    /// The final stage and those that it starts from, the lowest first: what they do is in the image.
    pub fn final_chain(&self) -> Vec<&StageFacts> {
        gather::chain(&self.graph, self.target).into_iter().filter_map(|index| self.stages.get(index)).collect()
    }
}
