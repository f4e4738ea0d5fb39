//! Which stages and images the file names as sources, and whether they can be used: stage indexes, names of images, cycles.
//! BuildKit lists every image that is no stage behind the stages, and an index may name one of these as well.
//! Reference: BuildKit `toCommand`, `detectRunMount`, `validateCircularDependency` in `dockerfile2llb/convert.go`.

use std::collections::BTreeSet;

use jettison_model::Span;

use super::reference;
use crate::expand::{Env, expand};
use crate::stages::{Base, Source, StageGraph};
use crate::{Dockerfile, Instruction};

/// Stages and images, and what each stage takes from which of them by COPY and mounts.
#[derive(Debug)]
pub(super) struct Sources {
    escape: char,
    /// Images named by COPY and mounts, behind the stages.
    images: usize,
    /// By stage.
    uses: Vec<BTreeSet<usize>>,
    /// What is wrong.
    pub refused: Vec<(Span, String)>,
}

/// What `--from` or a mount's `from` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Stage(usize),
    Image,
}

impl Sources {
    /// The builder must know the stages before any variable has a value.
    fn plain(&self, from: &str) -> Result<(), String> {
        if expand(from, &Env::new(), self.escape).map_err(|error| error.to_string())?.value == from {
            return Ok(());
        }
        let instead = "define a new stage with FROM using ARG from global scope as a workaround";
        Err(format!("variable expansion is not supported for --from, {instead}"))
    }

    /// Looks at all stages, and then at the triggers that run in stages that the last one needs.
    pub fn of(dockerfile: &Dockerfile, graph: &StageGraph) -> Self {
        let uses = vec![BTreeSet::new(); graph.stages.len()];
        let mut sources = Self { escape: dockerfile.escape(), images: 0, uses, refused: Vec::new() };
        for stage in &graph.stages {
            for instruction in &dockerfile.instructions()[stage.instructions.clone()] {
                sources.instruction(graph, stage.index, instruction, instruction.span);
            }
        }
        sources.cycles(dockerfile, graph);
        for stage in sources.reachable(graph) {
            let Base::Stage(base) = graph.stages[stage].base else { continue };
            let from = &dockerfile.instructions()[graph.stages[stage].from];
            for instruction in &dockerfile.instructions()[graph.stages[base].instructions.clone()] {
                if let Some(trigger) = &instruction.trigger {
                    sources.instruction(graph, stage, trigger, from.span);
                }
            }
        }
        sources
    }

    /// The stages that the last one needs, itself included.
    pub fn reachable(&self, graph: &StageGraph) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<usize> = graph.stages.len().checked_sub(1).into_iter().collect();
        while let Some(index) = open.pop() {
            if !reached.insert(index) {
                continue;
            }
            open.extend(self.uses.get(index).into_iter().flatten());
            if let Some(Base::Stage(base)) = graph.stages.get(index).map(|stage| &stage.base) {
                open.push(*base);
            }
        }
        reached
    }

    fn instruction(&mut self, graph: &StageGraph, stage: usize, instruction: &Instruction, place: Span) {
        if let Some(run) = instruction.as_run() {
            // A mount that names no source asks for a stage called `scratch`.
            let froms = run.mounts.iter().map(|mount| mount.from.as_deref().filter(|from| !from.is_empty()));
            froms.for_each(|from| self.name(graph, stage, from.unwrap_or("scratch"), place));
        }
        let copy = instruction.as_copy().filter(|copy| !copy.is_add);
        let Some(from) = copy.and_then(|copy| copy.from).filter(|from| !from.is_empty()) else { return };
        if let Err(cause) = self.plain(from) {
            return self.refused.push((place, cause));
        }
        match from.parse::<i64>() {
            Ok(index) => match usize::try_from(index).ok().filter(|index| *index < graph.stages.len() + self.images) {
                Some(index) if index < graph.stages.len() => drop(self.uses[stage].insert(index)),
                Some(_) => {}
                None => self.refused.push((place, format!("invalid stage index {index}"))),
            },
            Err(_) => self.name(graph, stage, from, place),
        }
    }

    fn name(&mut self, graph: &StageGraph, stage: usize, name: &str, place: Span) {
        if let Source::Stage(used) = graph.mount_source(name) {
            self.uses[stage].insert(used);
            return;
        }
        self.images += 1;
        if name == "scratch" {
            return;
        }
        if let Err(cause) = reference::check(name) {
            self.refused.push((place, format!("failed to parse stage name {name:?}: {cause}")));
        }
    }

    /// COPYs and mounts that lead back to their own stage.
    fn cycles(&mut self, dockerfile: &Dockerfile, graph: &StageGraph) {
        let mut done = vec![false; self.uses.len()];
        for start in 0..self.uses.len() {
            if let Some(stage) = self.cycle_from(start, &mut done) {
                let name = graph.stages[stage].name.clone().unwrap_or_else(|| format!("stage-{stage}"));
                let place = dockerfile.instructions()[graph.stages[stage].from].span;
                self.refused.push((place, format!("circular dependency detected on stage: {name}")));
                return;
            }
        }
    }

    /// The first stage on the way from `start` that comes up twice.
    fn cycle_from(&self, start: usize, done: &mut [bool]) -> Option<usize> {
        let mut path: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut on_path = BTreeSet::new();
        let mut next = Some(start);
        loop {
            match next.take() {
                Some(stage) if on_path.contains(&stage) => return Some(stage),
                Some(stage) if !done[stage] => {
                    done[stage] = true;
                    on_path.insert(stage);
                    path.push((stage, self.uses[stage].iter().copied().collect()));
                }
                _ => {}
            }
            let (stage, open) = path.last_mut()?;
            next = open.pop();
            if next.is_none() {
                on_path.remove(stage);
                path.pop();
            }
        }
    }

    /// What COPY's `--from` names.
    pub fn copied(graph: &StageGraph, from: &str) -> Target {
        match graph.source(from) {
            Source::Stage(index) => Target::Stage(index),
            Source::Image(_) => Target::Image,
        }
    }

    /// What a mount's `from` names.
    pub fn mounted(graph: &StageGraph, from: &str) -> Target {
        match graph.mount_source(from) {
            Source::Stage(index) => Target::Stage(index),
            Source::Image(_) => Target::Image,
        }
    }
}
