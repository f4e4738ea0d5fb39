//! From tree and stage graph to the facts of each stage.

use std::collections::BTreeSet;

use jettison_dockerfile::expand::{Env, expand};
use jettison_dockerfile::stages::{Base, Effective, StageGraph};
use jettison_dockerfile::{Dockerfile, Instruction, Keyword};
use jettison_ecosystems::load;
use jettison_image::ImageConfig;
use jettison_model::ImageRef;

use crate::entry::Reader;
use crate::{BaseFacts, Entry, Role, StageFacts, World, copies, runs};

/// What is at hand while one file is looked at.
pub(crate) struct Source<'a> {
    pub(crate) dockerfile: &'a Dockerfile,
    pub(crate) graph: &'a StageGraph,
    /// What the context sends, if known.
    pub(crate) paths: Option<&'a [String]>,
}

pub(crate) fn stages(
    dockerfile: &Dockerfile,
    graph: &StageGraph,
    target: Option<usize>,
    paths: Option<&[String]>,
    world: &dyn World,
) -> Vec<StageFacts> {
    let source = Source { dockerfile, graph, paths };
    let parents: BTreeSet<usize> = chain(graph, target).into_iter().collect();
    let needed = target.map(|target| graph.reachable(target)).unwrap_or_default();
    let role = |index| match index {
        _ if Some(index) == target => Role::Final,
        _ if parents.contains(&index) => Role::Parent,
        _ if needed.contains(&index) => Role::Build,
        _ => Role::Unused,
    };
    graph.stages.iter().map(|stage| source.stage(stage.index, role(stage.index), world)).collect()
}

/// The stage and those that it starts from, the lowest first.
pub(crate) fn chain(graph: &StageGraph, stage: Option<usize>) -> Vec<usize> {
    let mut chain = Vec::new();
    let mut next = stage;
    while let Some(stage) = next.and_then(|index| graph.stages.get(index)) {
        if chain.contains(&stage.index) {
            break;
        }
        chain.push(stage.index);
        next = match stage.base {
            Base::Stage(parent) => Some(parent),
            _ => None,
        };
    }
    chain.reverse();
    chain
}

impl Source<'_> {
    fn stage(&self, index: usize, role: Role, world: &dyn World) -> StageFacts {
        let chain = chain(self.graph, Some(index));
        let base = chain.first().and_then(|lowest| self.base(*lowest));
        let config = base.as_ref().filter(|_| role != Role::Unused).and_then(|base| world.base_config(&base.reference));
        let ground = config.as_ref().map(ground).unwrap_or_default();
        let mut facts = StageFacts {
            index,
            role,
            base,
            copies: Vec::new(),
            runs: Vec::new(),
            env: Env::new(),
            full_env: ground.variables.clone(),
            user: None,
            workdir: None,
            ports: Vec::new(),
            entry: Entry::default(),
        };
        let mut states = States { source: self, ground, now: None, entry: Reader::default() };
        for stage in chain {
            states.entry.start_stage();
            self.walk(stage, stage == index, &mut states, &mut facts);
        }
        facts.entry = states.entry.entry;
        facts
    }

    /// Takes in the instructions of one stage of the chain; COPY and RUN only of the stage itself.
    fn walk(&self, stage: usize, own: bool, states: &mut States<'_>, facts: &mut StageFacts) {
        let Some(stage) = self.graph.stages.get(stage) else { return };
        states.now = None;
        for index in stage.instructions.clone() {
            let Some(instruction) = self.dockerfile.instructions().get(index) else { break };
            let before = states.before(index);
            match instruction.keyword {
                Keyword::Copy | Keyword::Add if own => {
                    facts.copies.extend(copies::read(self, index, instruction, before));
                }
                Keyword::Run if own => facts.runs.extend(runs::read(self.dockerfile, index, instruction, before)),
                Keyword::Expose => facts.ports.extend(ports(instruction, &before.variables, self.dockerfile.escape())),
                Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck => {
                    states.entry.take(self.dockerfile, index, instruction);
                }
                _ => {}
            }
            states.after(instruction);
        }
        states.finish(stage.instructions.end, facts);
    }

    /// The image that the lowest stage of a chain starts from.
    fn base(&self, stage: usize) -> Option<BaseFacts> {
        let stage = self.graph.stages.get(stage)?;
        let Base::Image(image) = &stage.base else { return None };
        let reference: ImageRef = image.parse().ok()?;
        let written = self.dockerfile.instructions().get(stage.from)?.as_from()?.image?.raw.clone();
        let literal = !written.contains(['$', '"', '\'', self.dockerfile.escape()]);
        let family = load().base(reference.familiar()).map(|family| family.id.clone());
        Some(BaseFacts { instruction: stage.from, reference, literal, family })
    }
}

/// What holds before each instruction, computed anew only after instructions that change it; and what runs at the end.
struct States<'a> {
    source: &'a Source<'a>,
    /// What the base image brings.
    ground: Effective,
    now: Option<Effective>,
    entry: Reader,
}

impl States<'_> {
    fn before(&mut self, index: usize) -> &Effective {
        let Self { source, ground, now, .. } = self;
        now.get_or_insert_with(|| source.graph.effective_on(source.dockerfile, index, ground.clone()))
    }

    fn after(&mut self, instruction: &Instruction) {
        let changes = [Keyword::Arg, Keyword::Env, Keyword::Shell, Keyword::User, Keyword::Workdir];
        if changes.contains(&instruction.keyword) {
            self.now = None;
        }
    }

    /// The configuration that a stage ends with.
    fn finish(&mut self, end: usize, facts: &mut StageFacts) {
        let state = self.before(end).clone();
        facts.full_env.extend(state.env.clone());
        facts.env = state.env;
        facts.user = state.user;
        facts.workdir = state.workdir;
    }
}

/// What an image's config says where the file says nothing; not USER, which a name without its image does not tell.
fn ground(config: &ImageConfig) -> Effective {
    let workdir = if config.workdir.is_empty() { "/" } else { &config.workdir };
    Effective {
        variables: config.env.iter().cloned().collect(),
        workdir: Some(workdir.to_owned()),
        shell: config.shell.clone(),
        ..Effective::default()
    }
}

/// The TCP ports of an EXPOSE; ranges in full, at most 1024 ports each.
fn ports(instruction: &Instruction, variables: &Env, escape: char) -> Vec<u16> {
    let mut ports = Vec::new();
    for word in &instruction.words {
        let Ok(expanded) = expand(&word.raw, variables, escape) else { continue };
        for text in expanded.value.split_whitespace() {
            let (range, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            if let (true, Ok(first), Ok(last)) =
                (protocol.eq_ignore_ascii_case("tcp"), first.parse::<u16>(), last.parse::<u16>())
            {
                ports.extend((first..=last).take(1024));
            }
        }
    }
    ports
}
