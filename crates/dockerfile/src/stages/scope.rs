//! The variables, user, folder and shell in force while a stage's instructions are applied one after the other, and which of
//! it is not known: what a base image or a build arg may set. ARGs go down the `FROM stage` chain like ENVs.
//! Reference: BuildKit `dispatchEnv`, `dispatchArg`, `dispatchWorkdir`.

use std::collections::BTreeSet;

use super::{Effective, StageGraph};
use crate::expand::{Env, Expanded, expand};
use crate::{Form, Instruction, Keyword};

/// ARGs that the builder reads itself and keeps out of the environment.
const NOT_IN_ENV: [&str; 2] = ["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"];

/// What the builder sets where neither the base image nor the file does.
const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

#[derive(Clone)]
pub(crate) struct Scope<'a> {
    graph: &'a StageGraph,
    escape: char,
    pub state: Effective,
    /// ENV of the base image and of this file together, without ARGs.
    image_env: Env,
    /// ARGs without a value, which a build arg could give.
    open: BTreeSet<String>,
    /// What the base image sets is known: it is `scratch`, or its ENV was given.
    knows_base: bool,
}

impl<'a> Scope<'a> {
    /// What holds on a base image of which `base` is known.
    pub fn on_image(graph: &'a StageGraph, escape: char, base: Effective) -> Self {
        let image_env = base.variables.clone();
        let knows_base = !image_env.is_empty();
        Self { graph, escape, state: base, image_env, open: BTreeSet::new(), knows_base }
    }

    /// What holds on `scratch`.
    pub fn on_scratch(graph: &'a StageGraph, escape: char) -> Self {
        let state = Effective { workdir: Some("/".to_owned()), ..Effective::default() };
        let mut scope = Self { knows_base: true, ..Self::on_image(graph, escape, state) };
        scope.image_env.insert("PATH".to_owned(), DEFAULT_PATH.to_owned());
        scope
    }

    /// A stage begins with the ENV of what it stands on; an ARG that covered one of them there does so no longer.
    pub fn enter_stage(&mut self) {
        for (name, value) in &self.image_env {
            if self.state.variables.get(name) != Some(value) {
                self.state.variables.insert(name.clone(), value.clone());
                self.state.unknown.remove(name);
            }
        }
    }

    pub fn apply(&mut self, instruction: &Instruction) {
        let argument = || instruction.words.first().map(|word| word.raw.as_str());
        match instruction.keyword {
            Keyword::Env => self.env(instruction),
            Keyword::Arg => self.arg(instruction),
            Keyword::User => self.state.user = argument().and_then(|user| self.value(user)).or(self.state.user.take()),
            Keyword::Workdir => {
                if let Some(path) = argument().and_then(|path| self.expand(path)) {
                    let known = self.is_known(&path);
                    let joined = workdir(self.state.workdir.as_deref(), &path.value);
                    self.state.workdir = joined.filter(|_| known);
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

    /// Whether a word's value is what the builder will see, whatever base image and build args it is given.
    pub fn is_known(&self, expanded: &Expanded) -> bool {
        expanded.variables.iter().all(|name| self.knows(name))
    }

    /// Whether the variable's value, or that it has none, is known.
    pub fn knows(&self, name: &str) -> bool {
        let is_set = self.state.variables.contains_key(name);
        if is_set { !self.state.unknown.contains(name) } else { self.knows_base && !self.open.contains(name) }
    }

    fn expand(&self, word: &str) -> Option<Expanded> {
        expand(word, &self.state.variables, self.escape).ok()
    }

    fn value(&self, word: &str) -> Option<String> {
        self.expand(word).map(|expanded| expanded.value)
    }

    /// All values of one ENV are expanded before the first is set.
    fn env(&mut self, instruction: &Instruction) {
        let pairs = instruction.pairs().into_iter();
        let values: Vec<(Expanded, Expanded)> = pairs
            .filter_map(|pair| Some((self.expand(&pair.raw_key)?, self.expand(pair.value.as_deref().unwrap_or(""))?)))
            .collect();
        let values: Vec<_> =
            values.into_iter().map(|(key, value)| (key.value, self.is_known(&value), value.value)).collect();
        for (key, known, value) in values {
            self.state.env.insert(key.clone(), value.clone());
            self.image_env.insert(key.clone(), value.clone());
            self.set(key, value, known);
        }
    }

    fn set(&mut self, name: String, value: String, known: bool) {
        if known {
            self.state.unknown.remove(&name);
        } else {
            self.state.unknown.insert(name.clone());
        }
        self.state.variables.insert(name, value);
    }

    /// A given build arg, else the default, else the global ARG of that name.
    fn arg(&mut self, instruction: &Instruction) {
        for pair in instruction.pairs() {
            let name = pair.raw_key.as_str();
            let graph = self.graph;
            let global = || graph.global_args.get(name).or(graph.platform_args.get(name)).cloned();
            let (value, known) = match (graph.build_args.get(name), &pair.value) {
                (Some(given), _) => (Some(given.clone()), true),
                (None, Some(default)) => {
                    let default = self.expand(default);
                    let known = default.as_ref().is_some_and(|default| self.is_known(default));
                    (default.map(|default| default.value), known)
                }
                (None, None) => (global(), !graph.unknown_args.contains(name)),
            };
            match value.filter(|_| !NOT_IN_ENV.contains(&name)) {
                Some(value) => self.set(name.to_owned(), value, known),
                None => drop(self.open.insert(name.to_owned())),
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
