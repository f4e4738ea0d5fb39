//! What holds at a place of the file: the instructions before it, applied one after the other, from the bottom of the
//! `FROM stage` chain on. ARGs go down the chain like ENVs. Reference: BuildKit `dispatchEnv`, `dispatchArg`, `dispatchWorkdir`.

use super::{Base, Effective, StageGraph};
use crate::expand::{Env, expand};
use crate::{Dockerfile, Form, Instruction, Keyword};

/// ARGs that the builder reads itself and keeps out of the environment.
const NOT_IN_ENV: [&str; 2] = ["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"];

/// What holds before instruction `index`, on top of `base`.
pub(super) fn before(graph: &StageGraph, dockerfile: &Dockerfile, index: usize, base: Effective) -> Effective {
    let Some(stage) = graph.stages.iter().rposition(|stage| stage.from < index) else {
        let variables =
            if graph.stages.is_empty() { graph.scope.clone() } else { global_before(graph, dockerfile, index) };
        return Effective { variables, ..Effective::default() };
    };
    let mut chain = vec![stage];
    while let Some(Base::Stage(below)) = chain.last().and_then(|top| graph.stages.get(*top)).map(|stage| &stage.base) {
        chain.push(*below);
    }
    let image_env = base.variables.clone();
    let mut applier = Applier { graph, escape: dockerfile.escape(), state: base, image_env };
    let mut below: Option<&[Instruction]> = None;
    for stage in chain.iter().rev().map(|stage| &graph.stages[*stage]) {
        let end = stage.instructions.end.min(index.max(stage.instructions.start));
        let own = &dockerfile.instructions()[stage.instructions.clone()];
        applier.enter_stage();
        let triggers = below.unwrap_or_default().iter().filter_map(|instruction| instruction.trigger.as_deref());
        triggers.for_each(|trigger| applier.apply(trigger));
        own[..end - stage.instructions.start].iter().for_each(|instruction| applier.apply(instruction));
        below = Some(own);
    }
    applier.state
}

/// The global ARGs that are declared before instruction `index`.
fn global_before(graph: &StageGraph, dockerfile: &Dockerfile, index: usize) -> Env {
    let mut scope = graph.platform_args.clone();
    let before = dockerfile.instructions().iter().take(index).filter(|one| one.keyword == Keyword::Arg);
    for pair in before.flat_map(Instruction::pairs) {
        if let Some(value) = graph.global_args.get(pair.key.as_str()) {
            scope.insert(pair.key.into(), value.clone());
        }
    }
    scope
}

struct Applier<'a> {
    graph: &'a StageGraph,
    escape: char,
    state: Effective,
    /// ENV of the base image and of this file together, without ARGs.
    image_env: Env,
}

impl Applier<'_> {
    /// A stage begins with the ENV of what it stands on; an ARG that covered one of them there does so no longer.
    fn enter_stage(&mut self) {
        self.state.variables.extend(self.image_env.clone());
    }

    fn apply(&mut self, instruction: &Instruction) {
        let argument = || instruction.words.first().map(|word| word.raw.as_str());
        match instruction.keyword {
            Keyword::Env => self.env(instruction),
            Keyword::Arg => self.arg(instruction),
            Keyword::User => self.state.user = argument().and_then(|user| self.value(user)).or(self.state.user.take()),
            Keyword::Workdir => {
                if let Some(path) = argument().and_then(|path| self.value(path)) {
                    self.state.workdir = workdir(self.state.workdir.as_deref(), &path);
                }
            }
            Keyword::Shell => {
                if let Form::Exec(words) = &instruction.form {
                    self.state.shell = Some(words.iter().map(|word| word.raw.to_string()).collect());
                }
            }
            _ => {}
        }
    }

    fn value(&self, word: &str) -> Option<String> {
        expand(word, &self.state.variables, self.escape).ok().map(|expanded| expanded.value)
    }

    /// All values of one ENV are expanded before the first is set.
    fn env(&mut self, instruction: &Instruction) {
        let pairs = instruction.pairs().into_iter();
        let values: Vec<(String, String)> = pairs
            .filter_map(|pair| Some((self.value(&pair.key)?, self.value(pair.value.as_deref().unwrap_or(""))?)))
            .collect();
        for (key, value) in values {
            self.state.env.insert(key.clone(), value.clone());
            self.image_env.insert(key.clone(), value.clone());
            self.state.variables.insert(key, value);
        }
    }

    /// A given build arg, else the default, else the global ARG of that name.
    fn arg(&mut self, instruction: &Instruction) {
        for pair in instruction.pairs() {
            let given = self.graph.build_args.get(pair.key.as_str()).cloned();
            let global = || {
                self.graph
                    .global_args
                    .get(pair.key.as_str())
                    .or(self.graph.platform_args.get(pair.key.as_str()))
                    .cloned()
            };
            let value = match (given, &pair.value) {
                (Some(given), _) => Some(given),
                (None, Some(default)) => self.value(default),
                (None, None) => global(),
            };
            if let Some(value) = value.filter(|_| !NOT_IN_ENV.contains(&pair.key.as_str())) {
                self.state.variables.insert(pair.key.into(), value);
            }
        }
    }
}

/// The new working directory: relative ones stand on the one before, which may be unknown.
fn workdir(before: Option<&str>, path: &str) -> Option<String> {
    if is_windows_absolute(path) {
        return Some(path.to_owned());
    }
    let full = match (path.strip_prefix('/'), before) {
        (Some(rest), _) => rest.to_owned(),
        (None, Some(before)) => format!("{before}/{path}"),
        (None, None) => return None,
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in full.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    Some(format!("/{}", parts.join("/")))
}

/// `C:\…` or `C:/…`.
fn is_windows_absolute(path: &str) -> bool {
    matches!(path.as_bytes(), [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic())
}
