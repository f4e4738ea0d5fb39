//! The edits: the final stage ends with a folder of what runs, and a new final stage takes it.

use std::collections::BTreeSet;

use jettison_dockerfile::{Instruction, Keyword};
use jettison_facts::{Facts, StageFacts};
use jettison_image::ImageConfig;
use jettison_model::Edit;

use super::Candidate;
use super::contents::{Contents, any_architecture};
use crate::base_swap::configuration;
use crate::lines::Lines;
use crate::{Change, Moves};

/// The folder in the stage that is taken from.
const FOLDER: &str = "/runtime";
/// Columns of a RUN line that lists paths.
const WIDTH: usize = 110;

pub(super) struct Emit<'a> {
    facts: &'a Facts<'a>,
    stage: &'a StageFacts,
    old: &'a ImageConfig,
    contents: &'a Contents,
    candidate: &'a Candidate,
    lines: Lines<'a>,
}

impl<'a> Emit<'a> {
    pub fn new(
        facts: &'a Facts<'a>,
        stage: &'a StageFacts,
        old: &'a ImageConfig,
        contents: &'a Contents,
        candidate: &'a Candidate,
    ) -> Self {
        Self { facts, stage, old, contents, candidate, lines: Lines::new(&facts.dockerfile) }
    }

    pub fn change(&self, moves: &Moves) -> Change {
        let from = self.facts.graph.stages[self.stage.index].from;
        let instruction = self.instruction(from);
        if self.contents.is_empty() && self.stage.runs.is_empty() {
            return self.swap(moves, from);
        }
        let (name, given) = self.names();
        let mut edits = vec![match instruction.as_from().and_then(|from| from.name) {
            Some(word) => Edit::replace(word.span, name.clone()),
            None => Edit::insert(instruction.span.end as usize, format!(" AS {name}")),
        }];
        let moved = self.moved();
        edits.extend(moved.iter().map(|at| Edit::delete(self.facts.dockerfile.lines_of(*at, true))));
        let mut text = self.collect();
        text.push(String::new());
        text.extend(self.new_stage(&name, given.as_deref(), &moved));
        edits.push(self.lines.append(&text));
        self.done(moves, edits, instruction)
    }

    /// The base alone changes: what is copied needs nothing of the old one.
    fn swap(&self, moves: &Moves, from: usize) -> Change {
        let instruction = self.instruction(from);
        let image = instruction.as_from().and_then(|from| from.image);
        let mut edits: Vec<Edit> =
            image.iter().map(|word| Edit::replace(word.span, self.candidate.row.reference.clone())).collect();
        let silent = self.silent();
        if !silent.is_empty() {
            edits.push(self.lines.after(from, &silent));
        }
        self.done(moves, edits, instruction)
    }

    fn done(&self, moves: &Moves, edits: Vec<Edit>, instruction: &Instruction) -> Change {
        let keeps = moves.roots.iter().map(|root| format!("!{}", root.path.trim_start_matches('/')));
        let goes = self.contents.without.iter().map(|path| path.trim_start_matches('/').to_owned());
        let may_drop = std::iter::once("**".to_owned()).chain(keeps).chain(goes);
        let folders = self.contents.without_folders.iter().map(|name| format!("**/{name}"));
        Change {
            edits,
            at: instruction.span.start as usize,
            does: format!(
                "what runs is taken out of its stage onto `{}`: no shell, no package manager",
                self.candidate.row.reference
            ),
            may_drop: may_drop.chain(folders).collect(),
        }
    }

    fn instruction(&self, at: usize) -> &'a Instruction {
        &self.facts.dockerfile.instructions()[at]
    }

    /// The name of the stage that is taken from, and the name that the image's stage keeps.
    fn names(&self) -> (String, Option<String>) {
        let given = self.facts.graph.stages[self.stage.index].name.clone();
        let taken: Vec<String> = self
            .facts
            .graph
            .stages
            .iter()
            .filter_map(|stage| stage.name.as_ref())
            .map(|name| name.to_lowercase())
            .collect();
        let free = ["runtime", "installed", "runtime-files"].iter().find(|name| !taken.contains(&(**name).to_owned()));
        (free.unwrap_or(&"jettison-runtime").to_string(), given)
    }

    /// Instructions that go to the new stage: what the image is, and the copies that are the app's own.
    fn moved(&self) -> BTreeSet<usize> {
        let range = self.facts.graph.stages[self.stage.index].instructions.clone();
        let last_step = range.clone().rev().find(|at| {
            let taken = self.contents.taken_copies.contains(at);
            self.instruction(*at).keyword == Keyword::Run || taken
        });
        range
            .filter(|at| match self.instruction(*at).keyword {
                Keyword::Copy => !self.contents.taken_copies.contains(at),
                Keyword::Cmd | Keyword::Entrypoint | Keyword::Expose | Keyword::Healthcheck | Keyword::Stopsignal => {
                    true
                }
                Keyword::Volume | Keyword::Label | Keyword::Maintainer | Keyword::User => true,
                Keyword::Env => !self.is_read_by_a_run(*at),
                Keyword::Workdir => last_step.is_none_or(|last| *at > last),
                _ => false,
            })
            .collect()
    }

    /// Whether a RUN of the stage reads a variable that the ENV sets; apt reads one without naming it.
    fn is_read_by_a_run(&self, env: usize) -> bool {
        let runs: String = self.stage.runs.iter().map(|run| self.lines.verbatim(run.instruction, false)).collect();
        let pairs = self.instruction(env).pairs();
        pairs.iter().any(|pair| pair.key.starts_with("DEBIAN_") || runs.contains(&*pair.key))
    }

    /// The RUN that lays together what is taken.
    fn collect(&self) -> Vec<String> {
        // cp --parents of Debian 12 loses its way where it starts in another folder than /
        let mut commands = vec!["cd /".to_owned(), format!("mkdir {FOLDER}")];
        let paths = self.contents.paths.iter().map(|path| any_architecture(path));
        let paths: BTreeSet<String> = paths.chain(self.contents.library_patterns.iter().cloned()).collect();
        commands.push(self.wrapped("cp -a --parents", &paths.iter().collect::<Vec<_>>(), FOLDER));
        let without: Vec<String> = self.contents.without.iter().map(|path| format!("{FOLDER}{path}")).collect();
        if !without.is_empty() {
            commands.push(self.wrapped("rm -rf", &without.iter().collect::<Vec<_>>(), ""));
        }
        for name in &self.contents.without_folders {
            commands.push(format!("find {FOLDER} -name {name} -prune -exec rm -rf {{}} +"));
        }
        let linked = self.contents.linked.as_ref();
        commands.extend(linked.iter().flat_map(|linked| linked.commands(FOLDER)));
        let mut lines = vec![String::new(), "# what runs, and nothing else".to_owned()];
        if linked.is_some() {
            lines.push("# of Java, the modules that the program and its libraries name".to_owned());
        }
        lines.extend(self.lines.run_with(linked.map_or("", |linked| &linked.mount), &commands));
        lines
    }

    /// A command with many words, continued on further lines.
    fn wrapped(&self, command: &str, words: &[&String], last: &str) -> String {
        let next = format!(
            " {}{}{}    ",
            self.facts.dockerfile.escape(),
            self.facts.dockerfile.line_end(),
            self.lines.indent()
        );
        let (mut text, mut width) = (command.to_owned(), command.len());
        for word in words.iter().map(|word| word.as_str()).chain(Some(last).filter(|last| !last.is_empty())) {
            if width + word.len() > WIDTH {
                text.push_str(&next);
                width = 0;
            } else {
                text.push(' ');
            }
            text.push_str(word);
            width += word.len() + 1;
        }
        text
    }

    fn new_stage(&self, name: &str, given: Option<&str>, moved: &BTreeSet<usize>) -> Vec<String> {
        let from = self.instruction(self.facts.graph.stages[self.stage.index].from);
        let given = given.map(|name| format!(" AS {name}")).unwrap_or_default();
        let mut lines = vec![format!("FROM {}{}{given}", self.lines.flags(from), self.candidate.row.reference)];
        lines.extend(self.environment(moved));
        lines.push(format!("COPY --from={name} {FOLDER}/ /"));
        let workdirs = moved.iter().filter(|at| self.instruction(**at).keyword == Keyword::Workdir).count();
        if let Some(workdir) = self.stage.workdir.as_ref().filter(|workdir| workdirs == 0 && *workdir != "/") {
            lines.push(format!("WORKDIR {workdir}"));
        }
        let rest = moved.iter().filter(|at| self.instruction(**at).keyword != Keyword::Env);
        lines.extend(rest.map(|at| self.lines.verbatim(*at, true)));
        lines
    }

    /// ENV of the stage that is taken from, with the ARGs it reads, and what its base's configuration gives silently.
    fn environment(&self, moved: &BTreeSet<usize>) -> Vec<String> {
        let range = self.facts.graph.stages[self.stage.index].instructions.clone();
        let env: Vec<usize> = range.clone().filter(|at| self.instruction(*at).keyword == Keyword::Env).collect();
        let read: String = env.iter().chain(moved).map(|at| self.lines.verbatim(*at, false)).collect();
        let is_read = |at: &usize| {
            let arg = self.instruction(*at);
            let named = |key: &str| read.contains(&format!("${key}")) || read.contains(&format!("${{{key}"));
            arg.keyword == Keyword::Arg && arg.pairs().iter().any(|pair| named(&pair.key))
        };
        let again = range.filter(|at| env.contains(at) || is_read(at));
        let mut lines: Vec<String> = again.map(|at| self.lines.verbatim(at, moved.contains(&at))).collect();
        lines.extend(self.silent());
        lines
    }

    /// What the old base's configuration gives silently.
    fn silent(&self) -> Vec<String> {
        let configs = (self.old, &self.candidate.image.config);
        let silent = configuration(self.facts, self.stage, configs, true, self.contents.drops_entrypoint);
        // both are said below
        let drops = |line: &String| line.starts_with("WORKDIR ") || line.starts_with("CMD ");
        let mut lines: Vec<String> = silent.into_iter().filter(|line| !drops(line)).collect();
        lines.extend(self.path(&lines));
        lines
    }

    /// PATH with the folders of programs that are started by name and that it would not lead to: through a link of the old base, or by
    /// a variable of its toolchain.
    fn path(&self, lines: &[String]) -> Option<String> {
        let said = lines.iter().find_map(|line| line.strip_prefix("ENV PATH="));
        let own = self.stage.env.get("PATH").map(String::as_str);
        let path = own.or(said).or(self.candidate.image.config.var("PATH")).unwrap_or_default().trim_matches('"');
        let leads =
            |folder: &&String| path.split(':').any(|one| one == folder.as_str() || format!("/usr{one}") == **folder);
        let missing: Vec<&str> =
            self.contents.folders.iter().filter(|folder| !leads(folder)).map(String::as_str).collect();
        (!missing.is_empty()).then(|| format!("ENV PATH={}:$PATH", missing.join(":")))
    }
}
