//! What compilers download and compile again and again, in cache mounts: every RUN of a stage from the first that uses the tool on
//! sees the same folders, so that a download of one step is there for the next.

use std::collections::BTreeMap;

use jettison_facts::{Command, Facts, Role, RunFacts, SegmentKind, StageFacts};
use jettison_model::Edit;

use crate::base_swap::only_sets_up;
use crate::cache::{no_mounts, removes_home, runs_as_root};
use crate::lines::Lines;
use crate::{Change, Decision, nothing, refuse};

/// A tool whose caches this rewrite knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildTool {
    /// `cargo build`, …: the registry and git sources, not `target`, which cargo trusts by modification times.
    Cargo,
    /// `go build`, …: modules and compiled packages, both addressed by content.
    Go,
    /// `mvn package`, …: the local repository.
    Maven,
}

impl BuildTool {
    /// Row id of the ecosystems data.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Cargo => "cargo",
            Self::Go => "go",
            Self::Maven => "maven",
        }
    }

    const fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Cargo => &["cargo"],
            Self::Go => &["go"],
            Self::Maven => &["mvn", "mvnw"],
        }
    }

    /// Variables that move the folders, beside those that `home` reads.
    const fn movers(self) -> &'static [&'static str] {
        match self {
            Self::Cargo => &["CARGO_TARGET_DIR"],
            Self::Go => &["GOCACHE", "GOMODCACHE"],
            Self::Maven => &["MAVEN_OPTS", "MAVEN_ARGS"],
        }
    }

    /// The folders, by variables and the base image.
    fn folders(self, stage: &StageFacts) -> Vec<String> {
        let family = stage.base.as_ref().and_then(|base| base.family.as_deref());
        let home = |variable: &str, of: &str, there: &str, else_there: &str| {
            let usual = if family == Some(of) { there } else { else_there };
            stage.full_env.get(variable).map_or(usual, String::as_str).trim_end_matches('/').to_owned()
        };
        match self {
            Self::Cargo => {
                let home = home("CARGO_HOME", "rust", "/usr/local/cargo", "/root/.cargo");
                vec![format!("{home}/git/db"), format!("{home}/registry")]
            }
            Self::Go => {
                let home = home("GOPATH", "golang", "/go", "/root/go");
                vec![format!("{home}/pkg/mod"), "/root/.cache/go-build".to_owned()]
            }
            Self::Maven => vec!["/root/.m2/repository".to_owned()],
        }
    }
}

/// Cache mounts for every stage that builds with `tool`.
pub fn build_cache(facts: &Facts<'_>, tool: BuildTool) -> Decision {
    let mut change = Change::default();
    let mut seen = false;
    for stage in facts.stages.iter().filter(|stage| stage.role != Role::Unused) {
        let Some(first) = stage.runs.iter().position(|run| uses(run, tool)) else { continue };
        seen = true;
        let runs: Vec<&RunFacts> = stage.runs[first..].iter().filter(|run| may_use(run)).collect();
        if runs.iter().any(|run| has_mounts(facts, run)) {
            continue;
        }
        if let Some(reason) = unusual(facts, stage, &runs, tool) {
            return Decision::Refuse(reason);
        }
        let (flags, lines) = (flags(stage, tool), Lines::new(&facts.dockerfile));
        for run in runs {
            let instruction = &facts.dockerfile.instructions()[run.instruction];
            let at = lines.flag_place(instruction);
            let is_apart = at < instruction.body.span.start as usize && instruction.flags.is_empty();
            let gap = if is_apart { String::new() } else { lines.continued() };
            if change.edits.is_empty() {
                change.at = instruction.span.start as usize;
            }
            change.edits.push(Edit::insert(at, format!("{flags}{gap}")));
        }
        change.may_drop.extend(tool.folders(stage).iter().map(|path| path.trim_start_matches('/').to_owned()));
    }
    if !seen {
        nothing!("nothing is built with {}", tool.id());
    }
    if change.edits.is_empty() {
        nothing!("its steps have mounts already");
    }
    if let Some(reason) = no_mounts(facts) {
        return Decision::Refuse(reason);
    }
    if let Some(instruction) = read_elsewhere(facts, &change.may_drop) {
        let line = facts.dockerfile.instructions()[instruction].line;
        refuse!("line {line} copies what would lie in the mount");
    }
    change.does = format!("what {} downloads is kept between builds, not in a layer", tool.id());
    Decision::Apply(change)
}

fn uses(run: &RunFacts, tool: BuildTool) -> bool {
    run.segments.iter().flatten().any(|segment| match &segment.kind {
        SegmentKind::Build(name) | SegmentKind::Install(name) => tool.programs().contains(&name.as_str()),
        _ => false,
    })
}

/// Whether the RUN may call the tool, in a script or a Makefile: everything that does not only set up the system.
fn may_use(run: &RunFacts) -> bool {
    run.segments
        .as_ref()
        .is_none_or(|segments| !segments.iter().all(|segment| only_sets_up(&segment.kind) || segment.is_harmless()))
}

fn has_mounts(facts: &Facts<'_>, run: &RunFacts) -> bool {
    let instruction = &facts.dockerfile.instructions()[run.instruction];
    instruction.as_run().is_some_and(|run| run.mounts.iter().any(|mount| mount.kind == "cache"))
}

/// Why the folders are not the usual ones, or are needed in the image.
fn unusual(facts: &Facts<'_>, stage: &StageFacts, runs: &[&RunFacts], tool: BuildTool) -> Option<String> {
    let id = tool.id();
    if let Some(name) = tool.movers().iter().find(|name| stage.full_env.contains_key(**name)) {
        return Some(format!("`{name}` may move {id}'s folders"));
    }
    if let Some(home) = stage.full_env.get("HOME").filter(|home| home.trim_end_matches('/') != "/root") {
        return Some(format!("{id}'s folders are not the usual ones (below `{home}`)"));
    }
    for run in runs {
        if let Some(user) = run.user.as_deref().filter(|user| !runs_as_root(user)) {
            return Some(format!("{id} runs as `{user}`, whose folders are not known"));
        }
        let text = &facts.dockerfile.instructions()[run.instruction].body.text;
        let settings = |word: &str| ["-s", "-gs", "--settings", "--global-settings"].contains(&word);
        if tool == BuildTool::Maven && text.split_whitespace().any(settings) {
            return Some("settings of the build's own may move the local repository".to_owned());
        }
        let moves = ["-Dmaven.repo.local", "clean -modcache", "GOPATH=", "GOMODCACHE=", "GOCACHE=", "CARGO_HOME="];
        if let Some(sign) = moves.iter().find(|sign| text.contains(**sign)) {
            return Some(format!("a RUN says `{sign}`"));
        }
        if removes_home(text) || folders_named(text, &tool.folders(stage)) {
            return Some(format!("a RUN names {id}'s folders itself"));
        }
    }
    let entry = facts.final_stage().map(|stage| &stage.entry)?;
    let starts = |command: &Command| {
        command
            .text
            .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
            .any(|word| tool.programs().contains(&word))
    };
    let runs_it = entry.entrypoint.iter().chain(&entry.cmd).any(starts);
    runs_it.then(|| format!("the image runs {id} itself, which reads those folders"))
}

fn folders_named(text: &str, folders: &[String]) -> bool {
    folders.iter().any(|folder| text.contains(folder.as_str()))
}

/// A COPY from a stage of what lies in the mounts.
fn read_elsewhere(facts: &Facts<'_>, folders: &[String]) -> Option<usize> {
    let copies = facts.stages.iter().flat_map(|stage| &stage.copies).filter(|copy| copy.from.is_some());
    let touches = |source: &String| {
        let source = source.trim_matches('/');
        folders.iter().any(|folder| {
            let inside = |a: &str, b: &str| a == b || a.strip_prefix(b).is_some_and(|rest| rest.starts_with('/'));
            source.is_empty() || source == "." || inside(source, folder) || inside(folder, source)
        })
    };
    let mut reading = copies.filter(|copy| copy.sources.iter().any(touches));
    reading.next().map(|copy| copy.instruction)
}

fn flags(stage: &StageFacts, tool: BuildTool) -> String {
    let managers = &jettison_ecosystems::load().managers;
    let sharing: BTreeMap<&str, &str> = managers.iter().map(|row| (row.id.as_str(), row.sharing.as_str())).collect();
    let sharing = match sharing.get(tool.id()) {
        Some(&"locked") => ",sharing=locked",
        _ => "",
    };
    let mount = |target: &String| format!("--mount=type=cache,target={target}{sharing} ");
    tool.folders(stage).iter().map(mount).collect()
}
