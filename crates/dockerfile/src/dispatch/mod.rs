//! What BuildKit refuses when it turns instructions into build steps: words that do not expand, bad ports, signals, modes and
//! mount options, sources that cannot be used. Judged like a build without build args but those of the stage graph, of all
//! stages as `docker build --check` does; not judged is what another base image, another build context or a value for an ARG
//! without one could prevent. Reference: BuildKit `frontend/dockerfile/dockerfile2llb/convert.go`, labs flags included.

mod mounts;
mod options;
mod paths;
mod platform;
mod reference;
mod remote;
mod sources;
mod stage;
mod values;

use jettison_model::Span;

use crate::stages::scope::Scope;
use crate::stages::{Base, StageGraph};
use crate::{Diagnostic, DiagnosticKind, Dockerfile, Instruction, Keyword, Phase};

use sources::Sources;
use stage::{Refused, Stage};

/// What the dispatcher refuses of a file, with its build args; empty for a file that the parser refuses already.
pub fn refusals(dockerfile: &Dockerfile, graph: &StageGraph) -> Vec<Diagnostic> {
    if dockerfile.is_rejected() {
        return Vec::new();
    }
    let mut dispatcher = Dispatcher { dockerfile, graph, refused: Vec::new() };
    dispatcher.check_option();
    dispatcher.global_args();
    let sources = Sources::of(dockerfile, graph);
    dispatcher.stages(&sources);
    dispatcher.refused.extend(sources.refused.into_iter().map(|(span, message)| diagnostic(span, message)));
    dispatcher.refused.sort_by_key(|one| one.span);
    dispatcher.refused
}

fn diagnostic(span: Span, message: String) -> Diagnostic {
    Diagnostic { span, message, kind: DiagnosticKind::Error, phase: Phase::Dispatch }
}

struct Dispatcher<'a> {
    dockerfile: &'a Dockerfile,
    graph: &'a StageGraph,
    refused: Vec<Diagnostic>,
}

impl<'a> Dispatcher<'a> {
    fn refuse(&mut self, span: Span, result: Result<(), Refused>) {
        if let Err(refused) = result {
            self.refused.extend(refused.cause().map(|message| diagnostic(span, message)));
        }
    }

    fn check_option(&mut self) {
        if let Some(directive) = crate::syntax::check_directive(self.dockerfile.source()) {
            let result =
                options::check(&directive.value).map_err(|cause| format!("failed to parse check options: {cause}"));
            self.refuse(directive.span, result.map_err(Refused::from));
        }
    }

    /// Defaults of global ARGs, each with those before it.
    fn global_args(&mut self) {
        let mut scope = self.graph.platform_args.clone();
        for instruction in self.dockerfile.instructions().iter().take_while(|one| one.keyword != Keyword::From) {
            for pair in instruction.pairs() {
                let name = pair.raw_key.to_string();
                if let Some(default) = pair.value.filter(|_| !self.graph.build_args.contains_key(&name)) {
                    let value = stage::global_value(&default, &scope, self.graph, self.dockerfile.escape());
                    self.refuse(instruction.span, value.map(drop));
                }
                if let Some(value) = self.graph.global_args.get(&name) {
                    scope.insert(name, value.clone());
                }
            }
        }
    }

    fn stages(&mut self, sources: &Sources) {
        let reachable = sources.reachable(self.graph);
        let mut scopes: Vec<Option<Scope<'a>>> = Vec::with_capacity(self.graph.stages.len());
        let mut systems: Vec<String> = Vec::with_capacity(self.graph.stages.len());
        let mut heirs = vec![0usize; self.graph.stages.len()];
        for stage in &self.graph.stages {
            if let Base::Stage(base) = stage.base {
                heirs[base] += 1;
            }
        }
        for index in 0..self.graph.stages.len() {
            let system = self.from(index, &systems);
            let scope = self.scope(index, &mut scopes, &mut heirs);
            let mut stage =
                Stage { dockerfile: self.dockerfile, graph: self.graph, index, system: system.clone(), scope };
            stage.scope.enter_stage();
            self.triggers(&mut stage, reachable.contains(&index));
            let own = &self.dockerfile.instructions()[self.graph.stages[index].instructions.clone()];
            for instruction in own {
                let result = stage.dispatch(instruction, self.dockerfile.escape());
                self.refuse(instruction.span, result);
            }
            scopes.push((heirs[index] > 0).then_some(stage.scope));
            systems.push(system);
        }
    }

    /// What holds where the stage begins. The last stage that stands on another takes its scope over instead of a copy.
    fn scope(&self, index: usize, scopes: &mut [Option<Scope<'a>>], heirs: &mut [usize]) -> Scope<'a> {
        let escape = self.dockerfile.escape();
        let unknown = || Scope::on_image(self.graph, escape, crate::stages::Effective::default());
        match self.graph.stages[index].base {
            Base::Stage(base) => {
                heirs[base] = heirs[base].saturating_sub(1);
                let scope = if heirs[base] == 0 { scopes[base].take() } else { scopes[base].clone() };
                scope.unwrap_or_else(unknown)
            }
            Base::Scratch => Scope::on_scratch(self.graph, escape),
            _ => unknown(),
        }
    }

    /// Judges a FROM; returns the stage's operating system.
    fn from(&mut self, index: usize, systems: &[String]) -> String {
        let (graph, stage) = (self.graph, &self.graph.stages[index]);
        let from = &self.dockerfile.instructions()[stage.from];
        let result = self.base_name(from, &stage.base);
        self.refuse(from.span, result);
        let inherited = if let Base::Stage(base) = stage.base { systems.get(base).cloned() } else { None };
        let system = inherited.unwrap_or_else(|| "linux".to_owned());
        let Some(written) =
            from.flag("platform").and_then(|flag| flag.value.as_deref()).filter(|value| !value.is_empty())
        else {
            return system;
        };
        match stage::global_value(written, &graph.scope, graph, self.dockerfile.escape()) {
            Ok(None) => {}
            Ok(Some(value)) if value.is_empty() => {
                let message = format!("empty platform value from expression {written}");
                self.refuse(from.span, Err(message.into()));
            }
            Ok(Some(value)) => match platform::system(&value) {
                Ok(named) if !matches!(stage.base, Base::Stage(_)) => return named,
                Ok(_) => {}
                Err(cause) => {
                    let message = format!("failed to parse platform {written}: {cause}");
                    self.refuse(from.span, Err(message.into()));
                }
            },
            Err(refused) => self.refuse(from.span, Err(refused)),
        }
        system
    }

    fn base_name(&self, from: &Instruction, base: &Base) -> Result<(), Refused> {
        let written = from.words.first().map_or("", |word| word.raw.as_str());
        let value = stage::global_value(written, &self.graph.scope, self.graph, self.dockerfile.escape())?;
        let Some(value) = value else { return Ok(()) };
        if value.is_empty() {
            return Err(format!("base name ({written}) should not be blank").into());
        }
        if matches!(base, Base::Stage(_)) || value == "scratch" {
            return Ok(());
        }
        reference::check(&value).map_err(|cause| format!("failed to parse stage name {value:?}: {cause}").into())
    }

    /// The ONBUILDs of the stage below run first, in stages that the last one needs. BuildKit reads them anew, with `\` as
    /// the escape character.
    fn triggers(&mut self, stage: &mut Stage<'_, '_>, is_reachable: bool) {
        let Base::Stage(base) = self.graph.stages[stage.index].base else { return };
        let from = self.dockerfile.instructions()[self.graph.stages[stage.index].from].span;
        let below = &self.dockerfile.instructions()[self.graph.stages[base].instructions.clone()];
        for onbuild in below.iter().filter(|instruction| instruction.onbuild && is_reachable) {
            let result = match &onbuild.trigger {
                Some(trigger) => crate::syntax::trigger_refusal(trigger)
                    .map_or(Ok(()), |cause| Err(Refused::from(cause)))
                    .and_then(|()| stage.dispatch(trigger, '\\')),
                None => Err(format!("unknown instruction: {}", onbuild.body.text).into()),
            };
            self.refuse(from, result);
        }
    }
}
