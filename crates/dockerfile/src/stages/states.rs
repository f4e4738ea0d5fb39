//! What holds before every instruction of a file, computed in one pass. The same as [`StageGraph::effective`] for each of them.

use std::sync::Arc;

use super::scope::Scope;
use super::{Base, Effective, StageGraph};
use crate::{Dockerfile, Instruction};

/// States of a whole file, shared where an instruction changes nothing.
#[derive(Clone, Debug, Default)]
pub struct States {
    /// Before each instruction. Before the first stage, and of every FROM: what a FROM can refer to.
    pub before: Vec<Arc<Effective>>,
    /// At the end of each stage.
    pub end: Vec<Arc<Effective>>,
}

impl StageGraph {
    /// What holds before every instruction and at the end of every stage. `ground` says what is known of the image that a stage
    /// starts from.
    pub fn states(&self, dockerfile: &Dockerfile, ground: &dyn Fn(usize) -> Effective) -> States {
        let global = Arc::new(Effective { variables: self.scope.clone(), ..Effective::default() });
        let mut states = States { before: vec![global; dockerfile.instructions().len()], end: Vec::new() };
        let mut scopes: Vec<Scope<'_>> = Vec::with_capacity(self.stages.len());
        for (index, stage) in self.stages.iter().enumerate() {
            let mut scope = match stage.base {
                Base::Stage(below) if below < index => scopes[below].clone(),
                Base::Scratch => Scope::on_scratch(self, dockerfile.escape()),
                _ => Scope::on_image(self, dockerfile.escape(), ground(index)),
            };
            scope.enter_stage();
            if let Base::Stage(below) = stage.base {
                let inherited = self.stages.get(below).map_or(0..0, |below| below.instructions.clone());
                let inherited = dockerfile.instructions().get(inherited).unwrap_or_default();
                inherited.iter().filter_map(|one| one.trigger.as_deref()).for_each(|trigger| scope.apply(trigger));
            }
            states.walk(dockerfile, stage.instructions.clone(), &mut scope);
            scopes.push(scope);
        }
        states
    }
}

impl States {
    fn walk(&mut self, dockerfile: &Dockerfile, stage: std::ops::Range<usize>, scope: &mut Scope<'_>) {
        let mut now = Arc::new(scope.state.clone());
        for index in stage {
            let Some(instruction) = dockerfile.instructions().get(index) else { break };
            if let Some(before) = self.before.get_mut(index) {
                *before = now.clone();
            }
            if changes(instruction) {
                scope.apply(instruction);
                now = Arc::new(scope.state.clone());
            }
        }
        self.end.push(now);
    }
}

fn changes(instruction: &Instruction) -> bool {
    use crate::Keyword::{Arg, Env, Shell, User, Workdir};
    [Arg, Env, Shell, User, Workdir].contains(&instruction.keyword)
}
