//! The stage graph: names, bases, `COPY --from`, `RUN --mount=from`, reachability, and the effective environment.
//! Reference: BuildKit `frontend/dockerfile/dockerfile2llb/convert.go`. A stage uses earlier stages only, so there is no
//! cycle; where a file names a later one (the builder refuses that) no edge is made.

mod effective;
mod platform;
pub(crate) mod scope;
mod states;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jettison_model::ImageRef;

use crate::expand::{Env, expand};
use crate::{Dockerfile, Instruction, Keyword};

pub use states::States;

/// All stages of a Dockerfile with what they stand on.
#[derive(Clone, Debug, Default)]
pub struct StageGraph {
    /// In file order.
    pub stages: Vec<Stage>,
    /// ARGs before the first FROM, with defaults and given build args applied.
    pub global_args: Env,
    /// What the builder defines: TARGETPLATFORM, BUILDARCH, …
    pub platform_args: Env,
    pub(crate) build_args: Env,
    /// Platform and global ARGs together: what a FROM can refer to.
    pub(crate) scope: Env,
    /// Global ARGs that only a build arg can give a value, and those whose default depends on one of them.
    pub(crate) unknown_args: BTreeSet<String>,
    /// The last stage of each name.
    names: BTreeMap<String, usize>,
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
    /// Those of the variables whose value depends on what is not known: on the base image, or on an ARG without a value.
    pub unknown: BTreeSet<String>,
    /// USER, as written and expanded.
    pub user: Option<String>,
    /// WORKDIR, absolute if known.
    pub workdir: Option<String>,
    /// SHELL.
    pub shell: Option<Vec<String>>,
}

impl StageGraph {
    /// The graph, with `build_args` as given on the command line and `target_arch` (Go's word, `arm/v7` with a variant) for
    /// the platform ARGs. The build machine is taken to be of the same platform.
    pub fn new(dockerfile: &Dockerfile, build_args: &Env, target_arch: &str) -> Self {
        let last_name =
            dockerfile.instructions().iter().rev().find(|one| one.keyword == Keyword::From).and_then(name_of);
        let platform_args = platform::args(target_arch, last_name.as_deref().unwrap_or("default"), build_args);
        let scope = platform_args.clone();
        let mut graph = Self { platform_args, scope, build_args: build_args.clone(), ..Self::default() };
        graph.read(dockerfile);
        for index in 0..graph.stages.len() {
            graph.stages[index].uses = graph.used_by(dockerfile, index);
        }
        graph
    }

    fn read(&mut self, dockerfile: &Dockerfile) {
        let instructions = dockerfile.instructions();
        for (at, instruction) in instructions.iter().enumerate() {
            match instruction.keyword {
                Keyword::Arg if self.stages.is_empty() => self.global_arg(instruction, dockerfile.escape()),
                Keyword::From => {
                    let end = instructions[at + 1..].iter().position(|next| next.keyword == Keyword::From);
                    let end = end.map_or(instructions.len(), |length| at + 1 + length);
                    let stage = self.stage(instruction, at, at + 1..end, dockerfile.escape());
                    if let Some(name) = &stage.name {
                        self.names.insert(name.clone(), stage.index);
                    }
                    self.stages.push(stage);
                }
                _ => {}
            }
        }
    }

    fn global_arg(&mut self, instruction: &Instruction, escape: char) {
        for pair in instruction.pairs() {
            let name = pair.raw_key.to_string();
            let given = self.build_args.get(&name).cloned();
            let default =
                pair.value.filter(|_| given.is_none()).and_then(|value| expand(&value, &self.scope, escape).ok());
            let unknown = given.is_none() && default.as_ref().is_none_or(|default| !self.knows_all(&default.variables));
            if !unknown {
                self.unknown_args.remove(&name);
            } else if default.is_some() || !self.scope.contains_key(&name) {
                self.unknown_args.insert(name.clone());
            }
            if let Some(value) = given.or(default.map(|default| default.value)) {
                self.scope.insert(name.clone(), value.clone());
                self.global_args.insert(name, value);
            }
        }
    }

    /// Whether no build arg could change what these are in a FROM; one that is not declared has no value for certain.
    pub(crate) fn knows_all(&self, variables: &BTreeSet<String>) -> bool {
        variables.is_disjoint(&self.unknown_args)
    }

    fn stage(&self, from: &Instruction, at: usize, instructions: Range<usize>, escape: char) -> Stage {
        let platform = from.flag("platform").and_then(|flag| flag.value.as_deref());
        let image = from.words.first().map_or("", |word| &word.raw);
        Stage {
            index: self.stages.len(),
            name: name_of(from),
            base: self.base(image, escape),
            platform: platform.and_then(|value| expand(value, &self.scope, escape).ok()).map(|expanded| expanded.value),
            from: at,
            instructions,
            uses: BTreeSet::new(),
        }
    }

    fn base(&self, image: &str, escape: char) -> Base {
        let Ok(expanded) = expand(image, &self.scope, escape) else { return Base::Unresolved(image.to_owned()) };
        let value = expanded.value;
        // FROM compares names as they are; only COPY and mounts fold case.
        if let Some(stage) = self.names.get(&value) {
            return Base::Stage(*stage);
        }
        if value == "scratch" {
            return Base::Scratch;
        }
        if value.is_empty() || (!expanded.unset.is_empty() && value.parse::<ImageRef>().is_err()) {
            return Base::Unresolved(image.to_owned());
        }
        Base::Image(value)
    }

    /// The earlier stages that a stage needs: its base, `--from` of COPY, `from` of mounts, also in triggers of its base.
    fn used_by(&self, dockerfile: &Dockerfile, index: usize) -> BTreeSet<usize> {
        let stage = &self.stages[index];
        let mut uses = BTreeSet::new();
        let mut commands: Vec<&Instruction> = dockerfile.instructions()[stage.instructions.clone()].iter().collect();
        if let Base::Stage(base) = stage.base {
            uses.insert(base);
            let inherited = &dockerfile.instructions()[self.stages[base].instructions.clone()];
            commands.extend(inherited.iter().filter_map(|instruction| instruction.trigger.as_deref()));
        }
        for command in commands {
            let stage = |source| if let Source::Stage(used) = source { Some(used) } else { None };
            if let Some(run) = command.as_run() {
                let froms = run.mounts.iter().filter_map(|mount| mount.from.as_deref());
                uses.extend(froms.filter_map(|from| stage(self.mount_source(from))));
            }
            let from = command.as_copy().filter(|copy| !copy.is_add).and_then(|copy| copy.from);
            uses.extend(from.and_then(|from| stage(self.source(from))));
        }
        uses.retain(|used| *used < index);
        uses
    }

    /// The stage that a build of `target` (name or index; none = the last) makes.
    pub fn target(&self, target: Option<&str>) -> Option<usize> {
        let Some(target) = target else { return self.stages.len().checked_sub(1) };
        self.by_name(target).or_else(|| target.parse().ok().filter(|index| *index < self.stages.len()))
    }

    /// The last stage of that name, in any case.
    fn by_name(&self, name: &str) -> Option<usize> {
        self.names.get(&name.to_lowercase()).copied()
    }

    /// The stages that building `stage` needs, itself included.
    pub fn reachable(&self, stage: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut open = vec![stage];
        while let Some(index) = open.pop() {
            if let Some(stage) = self.stages.get(index)
                && reached.insert(index)
            {
                open.extend(&stage.uses);
            }
        }
        reached
    }

    /// Resolves COPY's `--from`: a stage's index, else a stage's name in any case, else an image or named context. It may be
    /// a later stage, or the one that asks: the builder refuses both.
    pub fn source(&self, from: &str) -> Source {
        match from.parse::<i64>() {
            Ok(index) => usize::try_from(index)
                .ok()
                .filter(|index| *index < self.stages.len())
                .map_or_else(|| Source::Image(from.to_owned()), Source::Stage),
            Err(_) => self.mount_source(from),
        }
    }

    /// Resolves a mount's `from`, which is never an index: a stage's name in any case, else an image or named context.
    pub fn mount_source(&self, from: &str) -> Source {
        self.by_name(from).map_or_else(|| Source::Image(from.to_owned()), Source::Stage)
    }

    /// What holds before instruction `index` (of a FROM: at the end of the stage before it); follows `FROM stage` chains;
    /// `base_env` is the env of the chain's base image.
    pub fn effective(&self, dockerfile: &Dockerfile, index: usize, base_env: &Env) -> Effective {
        let base = Effective { variables: base_env.clone(), ..Effective::default() };
        self.effective_on(dockerfile, index, base)
    }

    /// Like [`StageGraph::effective`], on what is known of the base image: its ENV in `variables`, its USER, WORKDIR, SHELL.
    pub fn effective_on(&self, dockerfile: &Dockerfile, index: usize, base: Effective) -> Effective {
        effective::before(self, dockerfile, index, base)
    }
}

/// A FROM's stage name, in lower case.
fn name_of(from: &Instruction) -> Option<String> {
    from.as_from()?.name.map(|word| word.raw.to_lowercase())
}
