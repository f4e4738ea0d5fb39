//! Single stage → build stage and runtime stage on the same base. Every RUN stays as it is, in the build stage; what it made
//! moves by name. Which files those are is read from the built image (`moves`), which packages they need from the ELF files.

use std::collections::{BTreeMap, BTreeSet};

use jettison_dockerfile::{Instruction, Item, Keyword};
use jettison_ecosystems::BaseFamily;
use jettison_facts::{Facts, Observations, StageFacts};
use jettison_image::ImageSummary;
use jettison_model::Edit;

use crate::lines::Lines;
use crate::moves::{self, Moves, Root};
use crate::runtime::{self, Runtime};
use crate::{Change, Decision, nothing, refuse};

/// Below this it is not worth a stage; bytes.
const WORTH_IT: u64 = 5_000_000;

/// What a split does.
#[derive(Clone, Debug, Default)]
pub struct Split {
    /// The edits.
    pub change: Change,
    /// Regular-file bytes of the app's layers that stay behind.
    pub left_behind: u64,
}

/// Splits the only stage in two.
pub fn stage_split(facts: &Facts<'_>) -> Decision<Split> {
    let [stage] = &facts.stages[..] else { nothing!("the build has several stages already") };
    let Some(base) = &stage.base else { nothing!("the base is another stage or scratch") };
    let instructions = facts.dockerfile.instructions();
    if instructions.iter().any(|instruction| instruction.keyword == Keyword::Onbuild) {
        refuse!("ONBUILD triggers belong to the stage that others start from");
    }
    let Some(observed) = facts.world.observed() else {
        refuse!("what must move is read from the built image, and nothing was built")
    };
    let moves = match moves::moves(facts, &observed) {
        Ok(moves) => moves,
        Err(reason) => return Decision::Refuse(reason),
    };
    if moves.roots.is_empty() {
        nothing!("the image has no files of its own besides packages");
    }
    let left_behind = left_behind(&observed, &moves);
    let small = is_small(base.family.as_deref(), base.reference.tag_or_latest());
    if left_behind < WORTH_IT && small {
        nothing!("hardly anything would stay behind");
    }
    if let Some(reason) = cannot_follow(facts, stage, &moves) {
        return Decision::Refuse(reason);
    }
    let needed = match runtime::runtime(facts, &observed, &moves, &base_part(&observed), false) {
        Ok(needed) => needed,
        Err(reason) => return Decision::Refuse(reason),
    };
    let change = Emit { facts, stage, moves: &moves, needed: &needed, lines: Lines::new(&facts.dockerfile) }.change();
    Decision::Apply(Split { change, left_behind })
}

/// Whether there is no smaller variant of the base: the tag says that it is a small one, or the family has none.
pub(crate) fn is_small(family: Option<&str>, tag: &str) -> bool {
    row(family).is_some_and(|row| row.slim_suffix.is_none()) || has_small_word(family, tag)
}

/// Whether the tag says that the base is a small one.
pub(crate) fn has_small_word(family: Option<&str>, tag: &str) -> bool {
    let words = row(family).map(|row| row.small_words.as_slice()).unwrap_or_default();
    words.iter().any(|word| tag.split('-').any(|part| part == word))
}

fn row(family: Option<&str>) -> Option<&'static BaseFamily> {
    jettison_ecosystems::load().bases.iter().find(|row| family == Some(row.id.as_str()))
}

/// Things that happen to the system outside of files, which a copy would lose.
fn cannot_follow(facts: &Facts<'_>, stage: &StageFacts, moves: &Moves) -> Option<String> {
    if moves.users_changed && runtime::user_commands(facts).is_empty() {
        return Some("the user database is changed in a way that cannot be repeated by name".to_owned());
    }
    let observed = facts.world.observed()?;
    let sources = |path: &str| {
        path.starts_with("/etc/apt/sources.list.d/") || path.starts_with("/usr/local/share/ca-certificates/")
    };
    let own = observed.image.files.iter().find(|(path, file)| {
        observed.is_app_layer(file.layer) && sources(path) && observed.image.owner(path).is_none()
    });
    if let Some((path, file)) = own
        && file.kind == jettison_image::FileKind::Regular
    {
        return Some(format!("`{path}` changes where packages or certificates come from"));
    }
    let opaque = stage
        .runs
        .iter()
        .find(|run| run.segments.is_none() && mentions_rm(&facts.dockerfile.instructions()[run.instruction]));
    opaque.map(|run| {
        format!(
            "the RUN at line {} removes files in a script that is too involved to follow",
            facts.dockerfile.instructions()[run.instruction].line
        )
    })
}

fn mentions_rm(instruction: &Instruction) -> bool {
    let text = &instruction.body.text;
    let removed: Vec<&str> =
        text.match_indices("rm -").map(|(at, _)| text[at..].split(['&', ';', '\n']).next().unwrap_or("")).collect();
    let cache = |path: &str| {
        ["/var/lib/apt", "/var/cache", "/tmp", "/var/tmp", "/root/"].iter().any(|folder| path.starts_with(folder))
    };
    removed.iter().any(|command| command.split_whitespace().any(|word| word.starts_with('/') && !cache(word)))
}

/// The base image as far as the built image shows it: what its layers hold.
pub(crate) fn base_part(observed: &Observations) -> ImageSummary {
    let image = &observed.image;
    let files = image
        .files
        .iter()
        .filter(|(_, file)| !observed.is_app_layer(file.layer))
        .map(|(path, file)| (path.clone(), file.clone()));
    let packages = image
        .packages
        .iter()
        .filter(|(name, _)| runtime::in_base(observed, name))
        .map(|(name, package)| (name.clone(), package.clone()));
    ImageSummary {
        files: files.collect(),
        packages: packages.collect(),
        os: image.os.clone(),
        ..ImageSummary::default()
    }
}

fn left_behind(observed: &Observations, moves: &Moves) -> u64 {
    let app = observed.image.files.iter().filter(|(_, file)| observed.is_app_layer(file.layer));
    app.filter(|(path, file)| file.kind == jettison_image::FileKind::Regular && !moves.covers(path))
        .map(|(_, file)| file.size)
        .sum()
}

/// A folder that single files are copied into, and their owner.
type Target = (String, Option<(u32, u32)>);

struct Emit<'a> {
    facts: &'a Facts<'a>,
    stage: &'a StageFacts,
    moves: &'a Moves,
    needed: &'a Runtime,
    lines: Lines<'a>,
}

impl Emit<'_> {
    fn change(&self) -> Change {
        let dockerfile = &self.facts.dockerfile;
        let instructions = dockerfile.instructions();
        let from = self.facts.graph.stages[0].from;
        let name = self.stage_name();
        let mut edits = Vec::new();
        match instructions[from].as_from().and_then(|from| from.name) {
            Some(word) => edits.push(Edit::replace(word.span, name.clone())),
            None => edits.push(Edit::insert(instructions[from].span.end as usize, format!(" AS {name}"))),
        }
        let moved = self.moved_instructions();
        edits.extend(self.deletions(&moved));
        let mut runtime = vec![String::new()];
        runtime.extend(self.runtime_stage(&name, &moved));
        edits.push(self.lines.append(&runtime));
        let may_drop = std::iter::once("**".to_owned())
            .chain(self.moves.roots.iter().map(|root| format!("!{}", root.path.trim_start_matches('/'))));
        Change {
            edits,
            at: instructions[from].span.start as usize,
            does: "what is only needed to build stays in a stage of its own".into(),
            may_drop: may_drop.collect(),
        }
    }

    /// The build stage's name. The name that the file gave its stage stays with the image: `--target` and compose files ask for it.
    fn stage_name(&self) -> String {
        let taken = self.facts.graph.stages[0].name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case("build"));
        if taken { "builder".to_owned() } else { "build".to_owned() }
    }

    /// Instructions that only say what the image is: they go to the runtime stage. ENV goes too where no RUN follows.
    fn moved_instructions(&self) -> BTreeSet<usize> {
        let instructions = self.facts.dockerfile.instructions();
        let range = self.facts.graph.stages[0].instructions.clone();
        let last_step = range
            .clone()
            .rev()
            .find(|at| matches!(instructions[*at].keyword, Keyword::Run | Keyword::Copy | Keyword::Add));
        let is_metadata = |at: &usize| match instructions[*at].keyword {
            Keyword::Cmd | Keyword::Entrypoint | Keyword::Expose | Keyword::Healthcheck | Keyword::Stopsignal => true,
            Keyword::Volume | Keyword::Label | Keyword::Maintainer => true,
            Keyword::Env | Keyword::User | Keyword::Workdir => last_step.is_none_or(|last| *at > last),
            _ => false,
        };
        range.filter(is_metadata).collect()
    }

    /// Deletes the moved instructions with the comments above them, and blank lines that would be left in a row.
    fn deletions(&self, moved: &BTreeSet<usize>) -> Vec<Edit> {
        let dockerfile = &self.facts.dockerfile;
        let mut edits: Vec<Edit> = moved.iter().map(|at| Edit::delete(dockerfile.lines_of(*at, true))).collect();
        let items = dockerfile.items();
        for (at, item) in items.iter().enumerate() {
            let Item::Blank(span) = item else { continue };
            let next = items[at + 1..].iter().find(|item| !matches!(item, Item::Comment(_)));
            let goes = match next {
                Some(Item::Instruction(index, _)) => moved.contains(index),
                Some(_) => false,
                None => !items[at + 1..].iter().any(|item| matches!(item, Item::Comment(_))),
            };
            if goes {
                edits.push(Edit::delete(*span));
            }
        }
        edits
    }

    fn runtime_stage(&self, build: &str, moved: &BTreeSet<usize>) -> Vec<String> {
        let mut lines = vec![self.base_line()];
        lines.extend(self.environment(moved));
        lines.extend(self.system());
        if let Some(workdir) = self.stage.workdir.as_ref().filter(|_| self.sets(Keyword::Workdir)) {
            lines.push(format!("WORKDIR {workdir}"));
        }
        lines.extend(self.copies(build));
        let rest = moved.iter().filter(|at| !matches!(self.instruction(**at).keyword, Keyword::Env | Keyword::Workdir));
        lines.extend(rest.map(|at| self.lines.verbatim(*at, true)));
        if let Some(user) =
            self.stage.user.as_ref().filter(|_| !moved.iter().any(|at| self.instruction(*at).keyword == Keyword::User))
        {
            let at = lines
                .iter()
                .position(|line| line.starts_with("ENTRYPOINT") || line.starts_with("CMD"))
                .unwrap_or(lines.len());
            lines.insert(at, format!("USER {user}"));
        }
        lines
    }

    fn instruction(&self, at: usize) -> &Instruction {
        &self.facts.dockerfile.instructions()[at]
    }

    fn sets(&self, keyword: Keyword) -> bool {
        self.facts.graph.stages[0].instructions.clone().any(|at| self.instruction(at).keyword == keyword)
    }

    /// The FROM line again, without comments.
    fn base_line(&self) -> String {
        let from = self.instruction(self.facts.graph.stages[0].from);
        let image = from.as_from().and_then(|from| from.image.map(|word| word.raw.clone())).unwrap_or_default();
        let name =
            from.as_from().and_then(|from| from.name.map(|word| format!(" AS {}", word.raw))).unwrap_or_default();
        format!("FROM {}{image}{name}", self.lines.flags(from))
    }

    /// SHELL, ENV, and the ARGs that ENV and other moved lines read.
    fn environment(&self, moved: &BTreeSet<usize>) -> Vec<String> {
        let stage = &self.facts.graph.stages[0];
        let said_again = |at: &usize| matches!(self.instruction(*at).keyword, Keyword::Env | Keyword::Shell);
        let read: String = stage
            .instructions
            .clone()
            .filter(|at| said_again(at) || moved.contains(at))
            .map(|at| self.lines.verbatim(at, false))
            .collect();
        let is_read = |at: &usize| {
            let arg = self.instruction(*at);
            arg.keyword == Keyword::Arg
                && arg
                    .pairs()
                    .iter()
                    .any(|pair| read.contains(&format!("${}", pair.key)) || read.contains(&format!("${{{}", pair.key)))
        };
        let again = stage.instructions.clone().filter(|at| said_again(at) || is_read(at));
        again.map(|at| self.lines.verbatim(at, moved.contains(&at))).collect()
    }

    /// Packages, users, removals: what has to be done to the system again.
    fn system(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.needed.packages.is_empty() {
            let mut commands = install_commands(&self.needed.packages);
            commands.extend(runtime::removals(self.facts, self.moves));
            lines.extend(self.lines.run(&commands));
        }
        let users = if self.moves.users_changed { runtime::user_commands(self.facts) } else { Vec::new() };
        if !users.is_empty() {
            lines.extend(self.lines.run(&users));
        }
        lines
    }

    fn copies(&self, build: &str) -> Vec<String> {
        let mut lines = Vec::new();
        let mut singles: BTreeMap<Target, Vec<&Root>> = BTreeMap::new();
        for root in &self.moves.roots {
            match (root.is_dir, root.mixed) {
                (false, _) => singles.entry((parent(&root.path), root.owner)).or_default().push(root),
                (true, true) => lines.push(format!(
                    "RUN --mount=type=bind,from={build},source={0},target=/mnt{0} mkdir -p {0} && cp -a /mnt{0}/. {0}/",
                    root.path
                )),
                (true, false) => lines.push(format!("COPY --from={build} {}{1} {1}", chown(root.owner), root.path)),
            }
        }
        let files = singles.into_iter().map(|((folder, owner), roots)| {
            let paths: Vec<&str> = roots.iter().map(|root| root.path.as_str()).collect();
            format!("COPY --from={build} {}{} {folder}/", chown(owner), paths.join(" "))
        });
        let mut all: Vec<String> = files.collect();
        if !self.moves.links.is_empty() {
            let links: Vec<String> =
                self.moves.links.iter().map(|(path, target)| format!("ln -sf {target} {path}")).collect();
            all.extend(self.lines.run(&links));
        }
        all.extend(lines);
        all
    }
}

/// One RUN's commands that install packages and clean up.
pub(crate) fn install_commands(packages: &BTreeSet<String>) -> Vec<String> {
    let names: Vec<&str> = packages.iter().map(String::as_str).collect();
    vec![
        "apt-get update".to_owned(),
        format!("apt-get install -y --no-install-recommends {}", names.join(" ")),
        "rm -rf /var/lib/apt/lists/*".to_owned(),
    ]
}

fn chown(owner: Option<(u32, u32)>) -> String {
    owner.map_or(String::new(), |(uid, gid)| format!("--chown={uid}:{gid} "))
}

fn parent(path: &str) -> String {
    path.rsplit_once('/').map_or(String::new(), |(parent, _)| parent.to_owned())
}
