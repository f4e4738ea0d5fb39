//! The file as a list of steps: every instruction (and what an ONBUILD triggers) with what holds before it, its script, and the
//! commands that it runs. Every question about RUNs begins here, so that nothing is parsed twice.

mod arguments;
mod call;
mod deletes;
mod read;
#[cfg(test)]
mod tests;
mod values;

use std::sync::Arc;

use jettison_dockerfile::shell::{self, Parsed, Script, Simple};
use jettison_dockerfile::stages::{Effective, States};
use jettison_dockerfile::views::Mount;
use jettison_dockerfile::{Dockerfile, Form, Instruction, Keyword};

pub use arguments::{Arguments, Opt};
pub use call::{Arg, Call, Place};
pub use deletes::deletes;

/// The scripts of a file, parsed: those of shell forms, and those handed to `sh -c '…'` inside of them.
#[derive(Debug, Default)]
pub struct Scripts {
    /// By step: instruction index, whether it is what an ONBUILD triggers, and its scripts, the outer one first.
    list: Vec<(usize, bool, Vec<Parsed>)>,
}

/// One instruction, or what an ONBUILD triggers.
#[derive(Debug)]
pub struct Step<'f> {
    /// Index of the instruction (of the ONBUILD for a trigger).
    pub index: usize,
    /// The instruction, or the triggered one.
    pub instruction: &'f Instruction,
    /// It is triggered: it runs in the images that build on this one.
    pub onbuild: bool,
    /// Index of its stage; none before the first FROM.
    pub stage: Option<usize>,
    /// What holds before it.
    pub state: Arc<Effective>,
    /// Its script, if it has one in sh.
    pub script: Option<&'f Parsed>,
    /// The commands that it runs, in source order, wrappers such as `sudo` and `env` left out.
    pub calls: Vec<Call<'f>>,
    /// `--mount`s of a RUN.
    pub mounts: Vec<Mount>,
}

impl Scripts {
    /// Parses all scripts of the file.
    pub fn parse(dockerfile: &Dockerfile) -> Self {
        let mut list = Vec::new();
        for (index, instruction) in dockerfile.instructions().iter().enumerate() {
            let both = [(Some(instruction), false), (instruction.trigger.as_deref(), true)];
            for (instruction, onbuild) in both {
                let Some(instruction) = instruction.filter(|one| has_script(one)) else { continue };
                if let Some(parsed) = instruction.script(dockerfile) {
                    let inner = parsed.script().map(inner_scripts).unwrap_or_default();
                    list.push((index, onbuild, [parsed].into_iter().chain(inner).collect()));
                }
            }
        }
        Self { list }
    }

    fn of(&self, index: usize, onbuild: bool) -> &[Parsed] {
        let found = self.list.binary_search_by_key(&(index, onbuild), |(index, onbuild, _)| (*index, *onbuild));
        found.ok().map(|at| self.list[at].2.as_slice()).unwrap_or_default()
    }
}

fn has_script(instruction: &Instruction) -> bool {
    let keyword =
        matches!(instruction.keyword, Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck);
    keyword && instruction.form == Form::Shell
}

/// The scripts in `sh -c 'text'`, where the text stands in the file as it is, one level deep.
fn inner_scripts(script: &Script) -> Vec<Parsed> {
    script.simple_commands().into_iter().filter_map(inner_text).collect()
}

fn inner_text(simple: &Simple) -> Option<Parsed> {
    let words = call::behind_wrappers(&simple.words);
    let name = words.first()?.literal.as_deref()?;
    let shells = ["sh", "bash", "dash", "ash", "su"];
    if !shells.contains(&name.rsplit('/').next().unwrap_or(name)) {
        return None;
    }
    let flag = words.iter().position(|word| {
        let letters = word.raw.strip_prefix('-').unwrap_or_default();
        letters.ends_with('c') && letters.bytes().all(|byte| byte.is_ascii_lowercase()) || word.raw == "--command"
    })?;
    let text = words.get(flag + 1)?;
    // Only where quotes are all that was removed, every byte has its place.
    let inner = [('\'', '\''), ('"', '"')].iter().find_map(|(open, close)| {
        text.raw.strip_prefix(*open)?.strip_suffix(*close).filter(|inner| !inner.contains(['\\', *close]))
    })?;
    if text.span.len() != text.raw.len() {
        return None;
    }
    let start = text.span.start as usize + 1;
    let place = |range: std::ops::Range<usize>| jettison_model::Span::new(start + range.start, start + range.end);
    Some(shell::parse(inner, &place))
}

/// All steps of a file, in order.
pub fn steps<'f>(dockerfile: &'f Dockerfile, scripts: &'f Scripts, states: &States) -> Vec<Step<'f>> {
    read::steps(dockerfile, scripts, states)
}

impl<'f> Step<'f> {
    /// Its keyword.
    pub fn keyword(&self) -> Keyword {
        self.instruction.keyword
    }

    /// Its script, if it was understood.
    pub fn understood(&self) -> Option<&'f Script> {
        self.script.and_then(Parsed::script)
    }

    /// The first words of the SHELL in force: none if the file does not say.
    pub fn shell(&self) -> Option<&[String]> {
        self.state.shell.as_deref()
    }

    /// Whether a mount that keeps nothing in the layer covers `path`: a cache, tmpfs, bind or secret mount on it or above it.
    pub fn mounts_over(&self, path: &str) -> bool {
        let targets = self.mounts.iter().filter(|mount| mount.kind != "ssh");
        let mut targets = targets.filter_map(|mount| mount.target.as_deref());
        targets.any(|target| {
            let target = target.trim_end_matches('/');
            path.strip_prefix(target).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// What a variable holds here, if it is known for certain: from ENV, or an ARG's default that nothing depends on.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.state.variables.get(name).map(String::as_str).filter(|_| !self.state.unknown.contains(name))
    }
}
