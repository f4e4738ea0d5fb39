//! One stage's instructions, dispatched: words expanded with what holds at each, values looked at. What depends on the base
//! image or on an ARG without a value is not judged. Reference: BuildKit `dispatch` in `dockerfile2llb/convert.go`.

use super::mounts::Mount;
use super::remote::{self, Remote};
use super::sources::{Sources, Target};
use super::{paths, reference, values};
use crate::expand::{Env, ExpandError, Expanded, expand, expand_body, expand_words};
use crate::stages::StageGraph;
use crate::stages::scope::Scope;
use crate::views::Copy;
use crate::{Dockerfile, Instruction, Keyword, Word};

/// Why an instruction is refused; none stands for what would be refused with certain base images or build args only.
pub(super) struct Refused(Option<String>);

impl From<String> for Refused {
    fn from(cause: String) -> Self {
        Self(Some(cause))
    }
}

impl Refused {
    pub fn cause(self) -> Option<String> {
        self.0
    }
}

/// A stage while its instructions are dispatched.
pub(super) struct Stage<'a, 'g> {
    pub dockerfile: &'a Dockerfile,
    pub graph: &'a StageGraph,
    pub index: usize,
    /// Its operating system.
    pub system: String,
    pub scope: Scope<'g>,
}

impl Stage<'_, '_> {
    /// Dispatches one instruction and applies it; `escape` is that of the file, or `\` for triggers.
    pub fn dispatch(&mut self, instruction: &Instruction, escape: char) -> Result<(), Refused> {
        let result = self.check(instruction, escape);
        self.scope.apply(instruction);
        result
    }

    fn check(&self, instruction: &Instruction, escape: char) -> Result<(), Refused> {
        match instruction.keyword {
            Keyword::Env | Keyword::Label => self.pairs(instruction, escape),
            Keyword::Arg => self.arg(instruction, escape),
            Keyword::Add | Keyword::Copy => self.copy(instruction, escape),
            Keyword::Run => self.run(instruction, escape),
            Keyword::Expose => self.expose(instruction, escape),
            Keyword::Stopsignal => self.each(instruction, escape, |signal| {
                if values::is_signal(signal) { Ok(()) } else { Err(format!("invalid signal: {signal}")) }
            }),
            Keyword::Volume => self.each(instruction, escape, |path| {
                if path.is_empty() { Err("VOLUME specified can not be an empty string".to_owned()) } else { Ok(()) }
            }),
            Keyword::Workdir => self.each(instruction, escape, |path| {
                paths::check(path, &self.system).map_err(|cause| format!("normalizing workdir: {cause}"))
            }),
            Keyword::User => self.each(instruction, escape, |_| Ok(())),
            _ => Ok(()),
        }
    }

    /// The word's value, none if it depends on what is not known.
    fn value(&self, word: &str, escape: char) -> Result<Option<String>, Refused> {
        self.known(expand(word, &self.scope.state.variables, escape))
    }

    fn known(&self, expanded: Result<Expanded, ExpandError>) -> Result<Option<String>, Refused> {
        match expanded {
            Ok(expanded) => Ok(self.scope.is_known(&expanded).then_some(expanded.value)),
            Err(error) => Err(self.refused(error)),
        }
    }

    fn refused(&self, error: ExpandError) -> Refused {
        let is_sure = match &error {
            ExpandError::Syntax { .. } => true,
            ExpandError::Required { name, .. } => self.scope.knows(name),
            ExpandError::Limit { .. } => false,
        };
        Refused(is_sure.then(|| error.to_string()))
    }

    /// All words, each with a rule for its value.
    fn each(
        &self,
        instruction: &Instruction,
        escape: char,
        rule: impl Fn(&str) -> Result<(), String>,
    ) -> Result<(), Refused> {
        for word in &instruction.words {
            // VOLUME trims what it is given before it expands it.
            let raw = if instruction.keyword == Keyword::Volume { word.raw.trim() } else { &word.raw };
            if let Some(value) = self.value(raw, escape)? {
                rule(&value)?;
            }
        }
        Ok(())
    }

    fn pairs(&self, instruction: &Instruction, escape: char) -> Result<(), Refused> {
        for pair in instruction.pairs() {
            self.value(&pair.raw_key, escape)?;
            self.value(pair.value.as_deref().unwrap_or_default(), escape)?;
        }
        Ok(())
    }

    fn arg(&self, instruction: &Instruction, escape: char) -> Result<(), Refused> {
        for pair in instruction.pairs() {
            let given = self.graph.build_args.contains_key(pair.raw_key.as_str());
            if let Some(default) = pair.value.filter(|_| !given) {
                self.value(&default, escape)?;
            }
        }
        Ok(())
    }

    fn expose(&self, instruction: &Instruction, escape: char) -> Result<(), Refused> {
        for word in &instruction.words {
            let (ports, expanded) =
                expand_words(&word.raw, &self.scope.state.variables, escape).map_err(|error| self.refused(error))?;
            if self.scope.is_known(&expanded) {
                ports.iter().try_for_each(|port| values::port(port))?;
            }
        }
        Ok(())
    }

    fn run(&self, instruction: &Instruction, escape: char) -> Result<(), Refused> {
        let mounts = instruction.flags.iter().filter(|flag| flag.name == "mount");
        for value in mounts.filter_map(|flag| flag.value.as_deref()) {
            let mount = Mount::read(value, |value| self.value(value, escape))?;
            if let Target::Stage(stage) = Sources::mounted(self.graph, &mount.from)
                && stage >= self.index
                && !mount.from.is_empty()
            {
                let (from, target) = (&mount.from, &mount.target);
                let cause = "stage needs to be defined before current command";
                return Err(format!("cannot mount from stage {from:?} to {target:?}, {cause}").into());
            }
            if mount.has_target() && !mount.has_unknown && self.mounts_root(&mount.target) {
                return Err("invalid mount target \"/\"".to_owned().into());
            }
        }
        Ok(())
    }

    fn mounts_root(&self, target: &str) -> bool {
        if target.starts_with('/') {
            return target == "/";
        }
        let Some(workdir) = &self.scope.state.workdir else { return false };
        let mut depth = 0usize;
        for part in workdir.split('/').chain(target.split('/')) {
            match part {
                "" | "." => {}
                ".." => depth = depth.saturating_sub(1),
                _ => depth += 1,
            }
        }
        depth == 0
    }

    fn copy(&self, instruction: &Instruction, escape: char) -> Result<(), Refused> {
        let Some(copy) = instruction.as_copy() else { return Ok(()) };
        let flag = |value: Option<&str>| self.value(value.unwrap_or_default(), escape);
        flag(copy.chown)?;
        let mode = flag(copy.chmod)?;
        let checksum = flag(instruction.flag("checksum").and_then(|flag| flag.value.as_deref()))?;
        let sources: Vec<Option<String>> =
            copy.sources.iter().map(|word| self.value(&word.raw, escape)).collect::<Result<_, _>>()?;
        let target = copy.destination.map_or(Ok(None), |word: &Word| self.value(&word.raw, escape))?;
        self.bodies(instruction)?;
        self.copied_from(&copy)?;
        if let Some(target) = target {
            paths::check(&target, &self.system)?;
        }
        if let Some(mode) = mode.filter(|mode| !mode.is_empty()) {
            values::mode(&mode)?;
        }
        self.sources(&copy, &sources, checksum)
    }

    /// Bodies of here-documents are expanded, where they are.
    fn bodies(&self, instruction: &Instruction) -> Result<(), Refused> {
        for heredoc in instruction.heredocs.iter().filter(|heredoc| heredoc.expand) {
            let body = self.dockerfile.text_of(heredoc.body);
            self.known(expand_body(&body, &self.scope.state.variables))?;
        }
        Ok(())
    }

    fn copied_from(&self, copy: &Copy<'_>) -> Result<(), Refused> {
        let Some(from) = copy.from.filter(|from| !from.is_empty() && !copy.is_add) else { return Ok(()) };
        match Sources::copied(self.graph, from) {
            Target::Stage(stage) if stage >= self.index => {
                let name = self.graph.stages[self.index].name.clone();
                let name = name.unwrap_or_else(|| format!("stage-{}", self.index));
                let cause = format!("it needs to be defined before current stage {name:?}");
                Err(format!("cannot copy from stage {from:?}, {cause}").into())
            }
            _ => Ok(()),
        }
    }

    fn sources(&self, copy: &Copy<'_>, sources: &[Option<String>], checksum: Option<String>) -> Result<(), Refused> {
        // A checksum that is not known is none that can be judged.
        let mut checksum = checksum.filter(|checksum| !checksum.is_empty());
        let mut keep_git_dir = copy.keep_git_dir;
        if checksum.is_some() && sources.len() != 1 {
            return Err("checksum can't be specified for multiple sources".to_owned().into());
        }
        let is_url = |word: &Word| word.raw.starts_with("http://") || word.raw.starts_with("https://");
        if !copy.is_add && copy.sources.iter().any(|word| is_url(word)) {
            return Err("source can't be a URL for COPY".to_owned().into());
        }
        for source in sources.iter().flatten() {
            let remote = remote::read(source)?;
            match &remote {
                Remote::Path if checksum.is_some() => {
                    return Err("checksum requires HTTP(S) or Git sources".to_owned().into());
                }
                Remote::Path => paths::check(source, &self.system)?,
                Remote::Git(_) if !copy.is_add => {
                    return Err("source can't be a git ref for COPY".to_owned().into());
                }
                Remote::Url if !copy.is_add => return Err("source can't be a URL for COPY".to_owned().into()),
                Remote::Url => checksum.as_deref().map_or(Ok(()), reference::digest)?,
                Remote::Git(git) => {
                    if git.keep_git_dir.is_some() && keep_git_dir.is_some() && git.keep_git_dir != keep_git_dir {
                        return Err("inconsistent keep-git-dir configuration".to_owned().into());
                    }
                    keep_git_dir = git.keep_git_dir.or(keep_git_dir);
                    if let (Some(one), Some(other)) = (&checksum, &git.checksum)
                        && one != other
                    {
                        return Err(format!("checksum mismatch {one:?} != {other:?}").into());
                    }
                    checksum = git.checksum.clone().or(checksum);
                }
            }
        }
        Ok(())
    }
}

/// Expands a word of a FROM or a global ARG: none if it depends on a build arg that was not given.
pub(super) fn global_value(
    word: &str,
    scope: &Env,
    graph: &StageGraph,
    escape: char,
) -> Result<Option<String>, Refused> {
    match expand(word, scope, escape) {
        Ok(expanded) => Ok(graph.knows_all(&expanded.variables).then_some(expanded.value)),
        Err(ExpandError::Required { name, .. }) if graph.unknown_args.contains(&name) => Err(Refused(None)),
        Err(ExpandError::Limit { .. }) => Err(Refused(None)),
        Err(error) => Err(Refused(Some(error.to_string()))),
    }
}
