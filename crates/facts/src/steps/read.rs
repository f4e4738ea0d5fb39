//! From the tree to the steps and their calls.

use jettison_dockerfile::shell::{Compound, Join, Node, Script};
use jettison_dockerfile::stages::States;
use jettison_dockerfile::{Dockerfile, Instruction};

use super::call::{Call, Place};
use super::values::Values;
use super::{Scripts, Step};

pub(super) fn steps<'f>(dockerfile: &'f Dockerfile, scripts: &'f Scripts, states: &States) -> Vec<Step<'f>> {
    let mut steps = Vec::with_capacity(dockerfile.instructions().len());
    let mut stage = None;
    for (index, instruction) in dockerfile.instructions().iter().enumerate() {
        if instruction.keyword == jettison_dockerfile::Keyword::From {
            stage = Some(stage.map_or(0, |stage| stage + 1));
        }
        let triggered = instruction.trigger.as_deref().map(|trigger| (trigger, true));
        for (instruction, onbuild) in [(instruction, false)].into_iter().chain(triggered) {
            steps.push(step(index, instruction, onbuild, stage, scripts, states));
        }
    }
    steps
}

fn step<'f>(
    index: usize,
    instruction: &'f Instruction,
    onbuild: bool,
    stage: Option<usize>,
    scripts: &'f Scripts,
    states: &States,
) -> Step<'f> {
    let state = states.before.get(index).cloned().unwrap_or_default();
    let scripts = scripts.of(index, onbuild);
    let mut calls = Vec::new();
    for (number, parsed) in scripts.iter().enumerate() {
        if let Some(script) = parsed.script() {
            let reader = Reader { values: Values::of(&state, script), script: number };
            reader.script(
                script,
                Place { script: number, top: true, pipe: (0, 1), ..Place::default() },
                true,
                &mut calls,
            );
        }
    }
    let mounts = instruction.as_run().map(|run| run.mounts).unwrap_or_default();
    Step { index, instruction, onbuild, stage, state, script: scripts.first(), calls, mounts }
}

struct Reader<'a> {
    values: Values<'a>,
    script: usize,
}

impl Reader<'_> {
    /// Adds the calls of a script. `outer`: its items are the top-level ones.
    fn script<'f>(&self, script: &'f Script, place: Place, outer: bool, calls: &mut Vec<Call<'f>>) {
        let inner = Place { top: false, subshell: true, ..place };
        script.substitutions.iter().for_each(|script| self.script(script, inner, false, calls));
        for (index, item) in script.items.iter().enumerate() {
            let mut place = place;
            if outer {
                place.item = index;
            }
            place.conditional |= item.join == Join::Or;
            place.subshell |= item.background;
            self.node(&item.node, place, calls);
        }
    }

    fn node<'f>(&self, node: &'f Node, place: Place, calls: &mut Vec<Call<'f>>) {
        match node {
            Node::Simple(simple) => {
                calls.extend(Call::of(simple, &self.values, Place { script: self.script, ..place }));
                let inner = Place { top: false, subshell: true, pipe: (0, 1), ..place };
                simple.substitutions.iter().for_each(|script| self.script(script, inner, false, calls));
            }
            Node::Pipeline(nodes) => {
                let length = u16::try_from(nodes.len()).unwrap_or(u16::MAX);
                for (at, node) in nodes.iter().enumerate() {
                    let at = u16::try_from(at).unwrap_or(u16::MAX);
                    self.node(node, Place { top: false, subshell: true, pipe: (at, length), ..place }, calls);
                }
            }
            Node::Compound(kind, script) => {
                let conditional = !matches!(kind, Compound::Group | Compound::Subshell);
                let place = Place {
                    top: false,
                    conditional: place.conditional || conditional,
                    subshell: place.subshell || *kind == Compound::Subshell,
                    ..place
                };
                self.script(script, place, false, calls);
            }
        }
    }
}
