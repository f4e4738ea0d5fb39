//! What rules read: one file with everything known of it, computed once; and where they put what they find.

mod known;
mod roles;
mod shells;
mod sink;
pub(crate) mod weights;

use std::cell::OnceCell;

use jettison_dockerfile::expand::Env;
use jettison_dockerfile::stages::{Base, Effective, Stage, StageGraph};
use jettison_dockerfile::{Diagnostic, Dockerfile, Instruction, Keyword};
use jettison_ecosystems::Tool;
use jettison_facts::World;
use jettison_facts::steps::{Call, Step, steps};
use jettison_image::ImageConfig;
use jettison_model::{ImageRef, Span};

use crate::settings::{Role, Settings};
use crate::{Profile, Where};

pub(crate) use jettison_facts::steps::Scripts;
pub(crate) use known::{
    Compiler, compiler, is_build_package, is_expensive, is_shell, name_of, reads, system_packages, words_of,
};
pub(crate) use roles::matches;
pub(crate) use shells::{Distro, Shell};
pub(crate) use sink::{Found, Sink, full_name};

/// What the builder refuses, and the rule and part that it belongs to.
pub(crate) type Refused = (Diagnostic, &'static str, Option<&'static str>);

/// One file under judgement.
pub(crate) struct Sheet<'a> {
    /// The tree.
    pub dockerfile: &'a Dockerfile,
    /// Stages and what they use.
    pub graph: StageGraph,
    /// Every instruction and ONBUILD trigger, with its commands.
    pub steps: Vec<Step<'a>>,
    /// By stage.
    pub roles: Vec<Role>,
    /// What is known of the outside.
    pub world: &'a dyn World,
    /// What the user wants.
    pub settings: &'a Settings,
    /// The image at the bottom of each stage's chain, and its configuration where that is known.
    bases: Vec<Option<(ImageRef, Option<ImageConfig>)>>,
    refused: OnceCell<Vec<Refused>>,
    /// A comment at the top says that the file is generated: nobody cares for its style.
    pub generated: bool,
}

impl<'a> Sheet<'a> {
    pub fn new(dockerfile: &'a Dockerfile, scripts: &'a Scripts, world: &'a dyn World, settings: &'a Settings) -> Self {
        let arch = settings.platforms.first().and_then(|platform| platform.strip_prefix("linux/")).unwrap_or("amd64");
        let graph = StageGraph::new(dockerfile, &settings.build_args, arch);
        let bases = bases(&graph, world);
        let states = graph.states(dockerfile, &|stage| ground(&bases, stage));
        let steps = steps(dockerfile, scripts, &states);
        let roles = roles::of(dockerfile, &graph, settings);
        let generated = is_generated(dockerfile);
        let refused = OnceCell::new();
        Self { dockerfile, graph, steps, roles, world, settings, bases, refused, generated }
    }

    /// What the builder refuses, with the rule and part that each belongs to.
    pub fn refused(&self) -> &[Refused] {
        self.refused.get_or_init(|| crate::rules::refused(self))
    }

    /// Whether rules behave as hadolint's do where the two differ.
    pub fn is_hadolint(&self) -> bool {
        self.settings.profile == Profile::Hadolint
    }

    /// Whether another tool is imitated, which knows no roles.
    pub fn is_foreign(&self) -> bool {
        self.settings.profile.is_foreign()
    }

    pub fn instructions(&self) -> &'a [Instruction] {
        self.dockerfile.instructions()
    }

    /// All steps with this keyword.
    pub fn of(&self, keyword: Keyword) -> impl Iterator<Item = &Step<'a>> {
        self.steps.iter().filter(move |step| step.keyword() == keyword)
    }

    /// All commands of RUNs, in order.
    pub fn calls(&self) -> impl Iterator<Item = (&Step<'a>, &Call<'a>)> {
        self.of(Keyword::Run).flat_map(|step| step.calls.iter().map(move |call| (step, call)))
    }

    /// All commands of RUNs that start this tool.
    pub fn calls_of(&self, tool: Tool) -> impl Iterator<Item = (&Step<'a>, &Call<'a>)> {
        self.calls().filter(move |(_, call)| call.tool == Some(tool))
    }

    /// The steps of one stage, its FROM not included.
    pub fn stage_steps(&self, stage: usize) -> impl Iterator<Item = &Step<'a>> {
        self.steps.iter().filter(move |step| step.stage == Some(stage) && step.keyword() != Keyword::From)
    }

    /// The steps of a stage and of those that it starts from, the lowest first.
    pub fn lineage(&self, stage: usize) -> impl Iterator<Item = &Step<'a>> {
        self.chain(stage).into_iter().flat_map(|stage| self.stage_steps(stage))
    }

    /// The stage and those that it starts from, the lowest first.
    pub fn chain(&self, stage: usize) -> Vec<usize> {
        let mut chain = vec![stage];
        while let Some(Base::Stage(below)) =
            chain.last().and_then(|top| self.graph.stages.get(*top)).map(|top| &top.base)
        {
            if chain.contains(below) {
                break;
            }
            chain.push(*below);
        }
        chain.reverse();
        chain
    }

    /// What a stage is for; foreign profiles know only final ones.
    pub fn role(&self, stage: Option<usize>) -> Role {
        if self.is_foreign() {
            return Role::Final;
        }
        stage.and_then(|stage| self.roles.get(stage)).copied().unwrap_or(Role::Final)
    }

    /// Stages that are the image.
    pub fn finals(&self) -> impl Iterator<Item = &Stage> {
        self.graph.stages.iter().filter(|stage| self.role(Some(stage.index)) == Role::Final)
    }

    /// The image at the bottom of a stage's chain; none for scratch and what cannot be resolved.
    pub fn base(&self, stage: usize) -> Option<&ImageRef> {
        self.bases.get(stage)?.as_ref().map(|(reference, _)| reference)
    }

    /// The configuration of that image, where it is known.
    pub fn base_config(&self, stage: usize) -> Option<&ImageConfig> {
        self.bases.get(stage)?.as_ref()?.1.as_ref()
    }

    /// Whether a stage stands on nothing.
    pub fn is_scratch(&self, stage: usize) -> bool {
        let lowest = self.chain(stage).first().and_then(|lowest| self.graph.stages.get(*lowest)).map(|one| &one.base);
        lowest == Some(&Base::Scratch)
    }

    /// Where a stage's FROM stands.
    pub fn span_of_from(&self, stage: usize) -> Span {
        let from = self.graph.stages.get(stage).and_then(|stage| self.instructions().get(stage.from));
        from.map(|from| from.span).unwrap_or_default()
    }

    /// A word's value before an instruction; none if it depends on what is not known.
    pub fn value(&self, step: &Step<'_>, word: &str) -> Option<String> {
        let expanded =
            jettison_dockerfile::expand::expand(word, &step.state.variables, self.dockerfile.escape()).ok()?;
        let known = expanded.unset.is_empty() && expanded.variables.is_disjoint(&step.state.unknown);
        known.then_some(expanded.value)
    }

    /// Bytes of the context that a COPY or ADD takes; none if the context is not known, or if it takes from elsewhere.
    pub fn copied_bytes(&self, step: &Step<'_>) -> Option<u64> {
        let copy = step.instruction.as_copy().filter(|copy| copy.from.is_none() && !copy.sources.is_empty())?;
        let size = |source: &&jettison_dockerfile::Word| {
            let path = self.value(step, &source.raw).filter(|path| !path.contains([':', '*', '?', '[']))?;
            let path = path.trim_start_matches("./").trim_matches('/').to_owned();
            self.world.size(if path == "." { "" } else { &path })
        };
        copy.sources.iter().map(size).sum()
    }

    /// The bytes between two places, as text.
    pub fn text(&self, span: Span) -> std::borrow::Cow<'_, str> {
        self.dockerfile.text_of(span)
    }

    /// The bytes between two places, if they are text as they stand there.
    pub fn exact(&self, span: Span) -> Option<&str> {
        str::from_utf8(self.dockerfile.source().get(span.range())?).ok()
    }

    /// The stage names of the file, in lower case.
    pub fn stage_names(&self) -> impl Iterator<Item = &str> {
        self.graph.stages.iter().filter_map(|stage| stage.name.as_deref())
    }
}

fn bases(graph: &StageGraph, world: &dyn World) -> Vec<Option<(ImageRef, Option<ImageConfig>)>> {
    let mut bases: Vec<Option<(ImageRef, Option<ImageConfig>)>> = Vec::with_capacity(graph.stages.len());
    for stage in &graph.stages {
        let base = match &stage.base {
            Base::Stage(below) => bases.get(*below).cloned().flatten(),
            Base::Image(image) => image.parse::<ImageRef>().ok().map(|reference| {
                let config = world.base_config(&reference);
                (reference, config)
            }),
            Base::Scratch | Base::Unresolved(_) => None,
        };
        bases.push(base);
    }
    bases
}

/// What is known of the image that a stage starts from: its ENV, WORKDIR, USER and SHELL.
fn ground(bases: &[Option<(ImageRef, Option<ImageConfig>)>], stage: usize) -> Effective {
    let Some(Some((_, Some(config)))) = bases.get(stage) else { return Effective::default() };
    let workdir = if config.workdir.is_empty() { "/" } else { &config.workdir };
    Effective {
        variables: config.env.iter().cloned().collect::<Env>(),
        workdir: Some(workdir.to_owned()),
        shell: config.shell.clone(),
        ..Effective::default()
    }
}

/// Whether one of the first comment lines says so.
fn is_generated(dockerfile: &Dockerfile) -> bool {
    let top = dockerfile.source().get(..dockerfile.source().len().min(1024)).unwrap_or_default();
    let text = String::from_utf8_lossy(top).to_ascii_lowercase();
    let comments = text.lines().take(10).filter(|line| line.trim_start().starts_with('#'));
    let signs = ["generated by", "do not edit", "auto-generated", "autogenerated", "automatically generated"];
    comments.into_iter().any(|line| signs.iter().any(|sign| line.contains(sign)))
}

/// Severity in a stage of this role, from a rule's own.
pub(crate) fn in_role(
    severity: jettison_model::Severity,
    role: Role,
    roles: crate::Roles,
) -> Option<jettison_model::Severity> {
    let place = match role {
        Role::Final => return Some(severity),
        Role::Lineage => roles.lineage,
        Role::Builder => roles.builder,
        Role::Test => roles.test,
        Role::Unused => Where::Same,
    };
    match place {
        Where::Same => Some(severity),
        Where::As(other) => Some(other.min(severity)),
        Where::Off => None,
    }
}
