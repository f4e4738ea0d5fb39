//! Package managers' download caches out of the layer: a cache mount where the builder has them, else the tool's own switch.

use jettison_facts::{Facts, NpmKind, RunFacts, Segment, SegmentKind, StageFacts};
use jettison_model::Edit;

use crate::lines::Lines;
use crate::{Change, Decision, nothing, refuse};

/// A tool whose cache this rewrite knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// `pip install`
    Pip,
    /// `npm ci`, `npm install`
    Npm,
}

impl Tool {
    /// Row id of the ecosystems data.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Pip => "pip",
            Self::Npm => "npm",
        }
    }
}

/// A cache mount for every RUN that installs with `tool`; `--no-cache-dir` for pip where there are no cache mounts.
pub fn download_cache(facts: &Facts<'_>, tool: Tool, mounts: bool) -> Decision {
    let mut change = Change::default();
    let mut seen = 0;
    for stage in facts.stages.iter().filter(|stage| stage.role != jettison_facts::Role::Unused) {
        for run in &stage.runs {
            let Some(segment) = installs(run, tool) else { continue };
            seen += 1;
            if keeps_no_cache(facts, stage, run, segment, tool) {
                continue;
            }
            let home = stage.full_env.get("HOME").filter(|home| home.trim_end_matches('/') != "/root");
            if let Some(home) = home.or_else(|| stage.full_env.get("XDG_CACHE_HOME")) {
                refuse!("{}'s cache folder is not the usual one (below `{home}`)", tool.id());
            }
            if let Some(user) = run.user.as_deref().filter(|user| !runs_as_root(user)) {
                refuse!("{} runs as `{user}`, whose cache folder is not known", tool.id());
            }
            if let Some(edit) = edit(facts, run, segment, tool, mounts) {
                if change.edits.is_empty() {
                    change.at = facts.dockerfile.instructions()[run.instruction].span.start as usize;
                }
                change.edits.push(edit);
            }
        }
    }
    if seen == 0 {
        nothing!("nothing is installed with {}", tool.id());
    }
    if change.edits.is_empty() {
        nothing!("{} leaves no cache in a layer already", tool.id());
    }
    if let Some(reason) = no_mounts(facts).filter(|_| mounts) {
        return Decision::Refuse(reason);
    }
    let how = if mounts { "in a cache mount" } else { "not kept" };
    change.does = format!("{}'s downloads {how}, not in a layer", tool.id());
    change.may_drop = leftovers(tool);
    Decision::Apply(change)
}

/// What the tool leaves behind, relative to `/`, in ignore-file syntax.
pub fn leftovers(tool: Tool) -> Vec<String> {
    let managers = &jettison_ecosystems::load().managers;
    let rows = managers.iter().filter(|manager| manager.id == tool.id());
    rows.flat_map(|manager| manager.leftovers.iter().chain(&manager.caches))
        .map(|path| path.trim_start_matches('/').to_owned())
        .collect()
}

fn installs(run: &RunFacts, tool: Tool) -> Option<&Segment> {
    run.segments.iter().flatten().find(|segment| match &segment.kind {
        SegmentKind::PipInstall(_) => tool == Tool::Pip,
        SegmentKind::NpmInstall(install) => {
            tool == Tool::Npm && matches!(install.kind, NpmKind::NpmCi | NpmKind::NpmInstall)
        }
        _ => false,
    })
}

fn keeps_no_cache(facts: &Facts<'_>, stage: &StageFacts, run: &RunFacts, segment: &Segment, tool: Tool) -> bool {
    let instruction = &facts.dockerfile.instructions()[run.instruction];
    let text = instruction.body.text.as_str();
    let mounted = instruction.as_run().is_some_and(|run| run.mounts.iter().any(|mount| mount.kind == "cache"));
    let switched_off = match tool {
        Tool::Pip => {
            matches!(&segment.kind, SegmentKind::PipInstall(install) if install.no_cache)
                || ["PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "PIP_CONFIG_FILE"]
                    .iter()
                    .any(|name| stage.full_env.contains_key(*name))
                || text.contains("pip cache purge")
        }
        Tool::Npm => text.contains("npm cache clean") || stage.full_env.contains_key("npm_config_cache"),
    };
    let no_cache =
        segment.words.iter().flatten().any(|word| word.starts_with("--no-cache") || word.starts_with("--cache"));
    mounted || switched_off || no_cache || removes_home(text)
}

/// Why no cache mount may be written: BuildKit takes a mount without a source from `scratch`, also where a stage has that name.
pub(crate) fn no_mounts(facts: &Facts<'_>) -> Option<String> {
    let mut names = facts.graph.stages.iter().filter_map(|stage| stage.name.as_deref());
    let named = names.any(|name| name.eq_ignore_ascii_case("scratch"));
    named.then(|| {
        "a stage is called `scratch`, which the builder would take for what a cache mount starts from".to_owned()
    })
}

/// Whether this USER is root.
pub(crate) fn runs_as_root(user: &str) -> bool {
    matches!(user, "root" | "0" | "0:0" | "root:root")
}

/// Whether something of the home folder is removed in the RUN: a mounted folder cannot be, so the RUN would fail.
pub(crate) fn removes_home(text: &str) -> bool {
    let commands = text.split(['&', ';', '\n', '|']).map(str::trim_start);
    let mut removals = commands.filter(|command| command.starts_with("rm ") || command.contains(" rm "));
    removals.any(|command| {
        command.split_whitespace().any(|word| {
            let word = word.trim_matches(['"', '\'']);
            ["/root", "~", "$HOME", "${HOME"].iter().any(|home| word.starts_with(home)) || word.contains(".cache")
        })
    })
}

fn edit(facts: &Facts<'_>, run: &RunFacts, segment: &Segment, tool: Tool, mounts: bool) -> Option<Edit> {
    let instruction = &facts.dockerfile.instructions()[run.instruction];
    if !mounts {
        // pip's flag may follow the subcommand; npm has none
        let text = String::from_utf8_lossy(&facts.dockerfile.source()[segment.span.range()]).into_owned();
        let at = text.find(" install").filter(|_| tool == Tool::Pip)?;
        return Some(Edit::insert(segment.span.start as usize + at + " install".len(), " --no-cache-dir"));
    }
    let manager = jettison_ecosystems::load().managers.iter().find(|manager| manager.id == tool.id())?;
    let flags: Vec<String> = manager
        .caches
        .iter()
        .map(|target| {
            let sharing = if manager.sharing == "shared" || manager.sharing.is_empty() {
                String::new()
            } else {
                format!(",sharing={}", manager.sharing)
            };
            format!("--mount=type=cache,target={target}{sharing} ")
        })
        .collect();
    let at = Lines::new(&facts.dockerfile).flag_place(instruction);
    Some(Edit::insert(at, flags.concat()))
}
