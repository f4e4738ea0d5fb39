//! What holds at a place of the file: the instructions before it, applied one after the other, from the bottom of the
//! `FROM stage` chain on.

use super::scope::Scope;
use super::{Base, Effective, StageGraph};
use crate::expand::Env;
use crate::{Dockerfile, Instruction, Keyword};

/// What holds before instruction `index`, on top of `base`.
pub(super) fn before(graph: &StageGraph, dockerfile: &Dockerfile, index: usize, base: Effective) -> Effective {
    let Some(stage) = graph.stages.iter().rposition(|stage| stage.from < index) else {
        let variables =
            if graph.stages.is_empty() { graph.scope.clone() } else { global_before(graph, dockerfile, index) };
        return Effective { variables, ..Effective::default() };
    };
    let mut chain = vec![stage];
    let mut ground = &Base::Scratch;
    while let Some(top) = chain.last().and_then(|top| graph.stages.get(*top)) {
        ground = &top.base;
        let Base::Stage(below) = ground else { break };
        chain.push(*below);
    }
    let mut scope = match ground {
        Base::Scratch => Scope::on_scratch(graph, dockerfile.escape()),
        _ => Scope::on_image(graph, dockerfile.escape(), base),
    };
    let mut below: Option<&[Instruction]> = None;
    for stage in chain.iter().rev().map(|stage| &graph.stages[*stage]) {
        let end = stage.instructions.end.min(index.max(stage.instructions.start));
        let own = &dockerfile.instructions()[stage.instructions.clone()];
        scope.enter_stage();
        let triggers = below.unwrap_or_default().iter().filter_map(|instruction| instruction.trigger.as_deref());
        triggers.for_each(|trigger| scope.apply(trigger));
        own[..end - stage.instructions.start].iter().for_each(|instruction| scope.apply(instruction));
        below = Some(own);
    }
    scope.state
}

/// The global ARGs that are declared before instruction `index`.
fn global_before(graph: &StageGraph, dockerfile: &Dockerfile, index: usize) -> Env {
    let mut scope = graph.platform_args.clone();
    let before = dockerfile.instructions().iter().take(index).filter(|one| one.keyword == Keyword::Arg);
    for pair in before.flat_map(Instruction::pairs) {
        if let Some(value) = graph.global_args.get(pair.raw_key.as_str()) {
            scope.insert(pair.raw_key.into(), value.clone());
        }
    }
    scope
}
