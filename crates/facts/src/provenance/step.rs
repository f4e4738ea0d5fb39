//! What builders would write into the history for each instruction of a chain of stages, and whether an entry is that.
//! BuildKit: `frontend/dockerfile/dockerfile2llb/convert.go`, the `commitToHistory` calls; buildah: `imagebuildah`, `getCreatedBy`.

use jettison_dockerfile::expand::{Env, expand};
use jettison_dockerfile::stages::{Effective, StageGraph};
use jettison_dockerfile::{Dockerfile, Form, Heredoc, Instruction, Keyword};

use super::entry::{Entry, run_prefix_fits, squeeze};
use super::{Line, makes_files};

/// How well an entry fits a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It is another one.
    No,
    /// The same instruction; what its arguments were is not known, or builders write them in many ways.
    Could,
    /// The same instruction, and as much of its arguments as the builder says.
    Kind,
    /// Nothing but this.
    Sure,
}

/// One instruction of the chain.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) line: Line,
    pub(super) keyword: Keyword,
    /// What may stand behind the keyword, white space squeezed; `*` marks (see [`ANY`]) stand for what is not known.
    texts: Vec<String>,
    /// Of COPY and ADD: the destination, expanded and as written.
    destinations: Vec<String>,
    /// Of RUN in shell form: the shell in force, if the file says it.
    shell: Option<String>,
    shell_form: bool,
}

/// Stands for a value that is not known. No text of a Dockerfile has it: the parser takes no NUL.
const ANY: char = '\0';

/// The steps of a chain of stages, the lowest first. `below` holds variables of the base image.
pub(super) fn of_chain(dockerfile: &Dockerfile, graph: &StageGraph, chain: &[usize], below: &Env) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut inherited: Vec<(usize, &Instruction)> = Vec::new();
    for stage in chain.iter().filter_map(|stage| graph.stages.get(*stage)) {
        let reader = Reader { dockerfile, graph, below };
        // What the stage below has as ONBUILD runs first.
        for (at, trigger) in inherited.drain(..) {
            steps.extend(reader.step(at, trigger, stage.instructions.start));
        }
        for at in stage.instructions.clone() {
            let Some(instruction) = dockerfile.instructions().get(at) else { break };
            steps.extend(reader.step(at, instruction, at));
            inherited.extend(instruction.trigger.as_deref().map(|trigger| (at, trigger)));
        }
    }
    steps
}

struct Reader<'d> {
    dockerfile: &'d Dockerfile,
    graph: &'d StageGraph,
    below: &'d Env,
}

impl Reader<'_> {
    /// The step of an instruction that runs at place `now`; `at` is where it is written.
    fn step(&self, at: usize, instruction: &Instruction, now: usize) -> Option<Step> {
        let written = self.dockerfile.instructions().get(at)?;
        let line = Line { instruction: at, line: written.line, end_line: written.end_line };
        let before = self.graph.effective(self.dockerfile, now, &Env::new());
        let keyword = if instruction.onbuild { Keyword::Onbuild } else { instruction.keyword };
        let mut step =
            Step { line, keyword, texts: Vec::new(), destinations: Vec::new(), shell: None, shell_form: false };
        match keyword {
            Keyword::From => return None,
            Keyword::Run => self.run(instruction, &before, &mut step),
            Keyword::Copy | Keyword::Add => self.copy(instruction, &before, &mut step),
            Keyword::Workdir => self.workdir(instruction, &before, &mut step),
            _ => {
                let raw = squeeze(&instruction.body.text);
                step.texts.extend([self.expanded(&raw, &before.variables), raw]);
            }
        }
        Some(step)
    }

    fn run(&self, instruction: &Instruction, before: &Effective, step: &mut Step) {
        if let Form::Exec(words) = &instruction.form {
            let words: Vec<&str> = words.iter().map(|word| &*word.raw).collect();
            step.texts.push(squeeze(&words.join(" ")));
        }
        step.shell_form = true;
        step.shell = before.shell.as_ref().map(|shell| squeeze(&shell.join(" ")));
        let body = squeeze(&instruction.body.text);
        if let [only] = instruction.heredocs.as_slice() {
            step.texts.push(squeeze(&self.document(only)));
            step.texts.push(format!("/dev/pipes/{}", only.name));
        }
        let flags: Vec<String> =
            instruction.flags.iter().map(|flag| squeeze(&self.dockerfile.text_of(flag.span))).collect();
        if !flags.is_empty() {
            step.texts.push(format!("{} {body}", flags.join(" ")));
        }
        let documents: Vec<String> =
            instruction.heredocs.iter().map(|heredoc| format!("{} {}", self.document(heredoc), heredoc.name)).collect();
        if !documents.is_empty() {
            step.texts.push(squeeze(&format!("{body} {}", documents.join(" "))));
        }
        step.texts.push(body);
    }

    fn document(&self, heredoc: &Heredoc) -> String {
        self.dockerfile.text_of(heredoc.body).into_owned()
    }

    /// Sources and destination, with and without variables expanded; builders write the flags or not.
    fn copy(&self, instruction: &Instruction, before: &Effective, step: &mut Step) {
        let join = |word: &dyn Fn(&str) -> String| {
            let words: Vec<String> = instruction.words.iter().map(|one| word(&one.raw)).collect();
            let words: Vec<String> = words.into_iter().map(|one| heredoc_name(&one)).collect();
            squeeze(&words.join(" "))
        };
        step.texts.extend([join(&|word| word.to_owned()), squeeze(&instruction.body.text)]);
        step.destinations.extend(instruction.words.last().map(|last| squeeze(&last.raw)));
        for variables in self.readings(before) {
            step.texts.push(join(&|word| self.expanded(word, &variables)));
            let last = instruction.words.last().map(|last| squeeze(&self.expanded(&last.raw, &variables)));
            step.destinations.extend(last);
        }
    }

    /// What variables may have been: as the file says; with what the image ends with below that; and nobody knows, because
    /// arguments of the build may have changed them all.
    fn readings(&self, before: &Effective) -> [Env; 3] {
        let mut with_base = self.below.clone();
        with_base.extend(before.variables.clone());
        [before.variables.clone(), with_base, Env::new()]
    }

    fn workdir(&self, instruction: &Instruction, before: &Effective, step: &mut Step) {
        let Some(word) = instruction.words.first() else { return };
        step.texts.extend([squeeze(&instruction.body.text), squeeze(&word.raw)]);
        for variables in self.readings(before) {
            let path = self.expanded(&instruction.body.text, &variables);
            match (path.starts_with(['/', ANY]), before.workdir.as_deref()) {
                (true, _) => {}
                (false, Some(folder)) => step.texts.push(format!("{}/{path}", folder.trim_end_matches('/'))),
                (false, None) => step.texts.push(format!("{ANY}/{path}")),
            }
            step.texts.push(path);
        }
    }

    /// The word with its variables; those without a value become [`ANY`].
    fn expanded(&self, word: &str, variables: &Env) -> String {
        let mut variables = variables.clone();
        for _ in 0..16 {
            let Ok(expanded) = expand(word, &variables, self.dockerfile.escape()) else { return word.to_owned() };
            if expanded.unset.is_empty() {
                return expanded.value;
            }
            variables.extend(expanded.unset.into_iter().map(|name| (name, ANY.to_string())));
        }
        word.to_owned()
    }
}

/// `<<-"EOF"` → `<<EOF`, as BuildKit writes it; other words as they are.
fn heredoc_name(word: &str) -> String {
    match word.strip_prefix("<<") {
        Some(rest) => format!("<<{}", rest.trim_start_matches('-').trim_matches(['"', '\''])),
        None => word.to_owned(),
    }
}

impl Step {
    /// Whether it puts files into the image.
    pub(super) fn makes_files(&self) -> bool {
        makes_files(self.keyword)
    }

    /// Whether some builder makes a layer for it.
    pub(super) fn makes_layer(&self) -> bool {
        self.makes_files() || self.keyword == Keyword::Workdir
    }

    /// How well an entry fits.
    pub(super) fn fit(&self, entry: &Entry) -> Fit {
        if entry.keyword != Some(self.keyword) {
            return Fit::No;
        }
        match self.keyword {
            Keyword::Run => self.fit_run(entry),
            Keyword::Copy | Keyword::Add => self.fit_copy(entry),
            Keyword::Workdir => self.fit_workdir(entry),
            _ if self.texts.iter().any(|text| plain(text) == plain(&entry.text)) => Fit::Sure,
            _ => Fit::Could,
        }
    }

    fn fit_run(&self, entry: &Entry) -> Fit {
        let fits = |text: &String| {
            let prefix = entry.text.strip_suffix(text.as_str()).filter(|_| !text.is_empty());
            let is_word = |prefix: &&str| prefix.is_empty() || prefix.ends_with(' ');
            let shell = self.shell.as_deref().filter(|_| self.shell_form);
            // buildah's OCI images forget the SHELL: whatever the file says, it is /bin/sh -c there.
            prefix.filter(is_word).is_some_and(|prefix| run_prefix_fits(prefix, shell) || run_prefix_fits(prefix, None))
        };
        if self.texts.iter().any(fits) { Fit::Sure } else { Fit::No }
    }

    fn fit_copy(&self, entry: &Entry) -> Fit {
        if let Some(destination) = &entry.destination {
            let said = ends(destination);
            return match () {
                () if self.destinations.iter().any(|own| ends(own) == said) => Fit::Kind,
                () if self.destinations.iter().any(|own| could_be(&ends(own), &said)) => Fit::Could,
                () => Fit::No,
            };
        }
        let text = without_flags(&entry.text);
        let texts = || self.texts.iter().map(|text| without_flags(text));
        match () {
            () if texts().any(|own| own == text) => Fit::Sure,
            () if texts().any(|own| could_be(own, text)) => Fit::Could,
            () => Fit::No,
        }
    }

    fn fit_workdir(&self, entry: &Entry) -> Fit {
        let said = ends(&entry.text);
        match () {
            () if self.texts.iter().any(|own| ends(own) == said) => Fit::Sure,
            () if self.texts.iter().any(|own| could_be(&ends(own), &said)) => Fit::Could,
            () => Fit::No,
        }
    }
}

/// A path without what makes no difference at its ends.
fn ends(path: &str) -> String {
    let path = path.trim_matches('"');
    let path = path.strip_prefix("./").unwrap_or(path);
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() { path.to_owned() } else { trimmed.to_owned() }
}

fn without_flags(text: &str) -> &str {
    let mut text = text;
    while let Some(rest) = text.strip_prefix("--") {
        text = rest.split_once(' ').map_or("", |(_, rest)| rest);
    }
    text
}

/// Without what lists and quotes look like: builders print them in their own ways.
fn plain(text: &str) -> String {
    let marks = |symbol: char| matches!(symbol, '"' | '\'' | '[' | ']' | '{' | '}' | '&' | ',');
    let text: String = text.chars().map(|symbol| if marks(symbol) { ' ' } else { symbol }).collect();
    squeeze(&text)
}

/// Whether `text` is `pattern`, in which [`ANY`] stands for any text.
fn could_be(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split(ANY);
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return false };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}
