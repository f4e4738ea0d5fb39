//! `npm prune --omit=dev` at the end of the stage that builds: what is only needed to build is not copied.

use jettison_dockerfile::Keyword;
use jettison_dockerfile::stages::Source;
use jettison_facts::{CopyFacts, Facts, NpmKind, RunFacts, SegmentKind, StageFacts};

use crate::lines::Lines;
use crate::npm_ci::lock_beside;
use crate::{Change, Decision, nothing, package_json, refuse};

/// Leaves out development dependencies of npm from what the final stage copies.
pub fn npm_prune(facts: &Facts<'_>) -> Decision {
    let Some(last) = facts.final_stage() else { nothing!("there is no stage to build") };
    let Some((stage, install)) = last.copies.iter().find_map(|copy| copied_install(facts, copy)) else {
        nothing!("no stage copies `node_modules` from one where npm installs them")
    };
    let Some(workdir) = install.workdir.as_deref() else { nothing!("where npm installs is not known") };
    let others = facts.graph.stages.iter().filter(|other| other.index != last.index);
    if others.clone().any(|other| other.uses.contains(&stage.index)) {
        refuse!("another stage takes from the one that builds");
    }
    let Some(lock) = lock_beside(facts, stage, install) else { nothing!("no lock file of npm is there") };
    let folder = lock.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let manifest = facts.world.read(&format!("{folder}package.json"), 1 << 20).unwrap_or_default();
    if !package_json::has_development(&String::from_utf8_lossy(&manifest)) {
        nothing!("package.json names no development dependencies");
    }
    if stage.workdir.as_deref() != Some(workdir) {
        refuse!("the stage that builds ends in another folder");
    }
    let argv = last.entry.cmd.as_ref().or(last.entry.entrypoint.as_ref()).and_then(|command| command.argv.clone());
    match argv.as_deref().and_then(|argv| argv.first()) {
        Some(program) if program == "node" || program.ends_with("/node") => {}
        Some(program) => refuse!("`{program}` may be, or start, a development dependency"),
        None => refuse!("what the image starts is not known"),
    }
    let range = facts.graph.stages[stage.index].instructions.clone();
    let instructions = facts.dockerfile.instructions();
    let step = |at: &usize| matches!(instructions[*at].keyword, Keyword::Run | Keyword::Copy | Keyword::Add);
    let Some(end) = range.rev().find(step) else { nothing!("nothing is built") };
    Decision::Apply(Change {
        edits: vec![Lines::new(&facts.dockerfile).after(end, &["RUN npm prune --omit=dev"])],
        at: instructions[end].span.start as usize,
        does: "development dependencies stay out of what is copied".into(),
        may_drop: vec!["**/node_modules".into()],
    })
}

/// The stage that a COPY takes a whole project with its dependencies from, and the RUN that installs them all.
fn copied_install<'f>(facts: &'f Facts<'_>, copy: &CopyFacts) -> Option<(&'f StageFacts, &'f RunFacts)> {
    let Some(Source::Stage(from)) = copy.from else { return None };
    let stage = facts.stages.get(from)?;
    let takes = |workdir: &str| {
        let workdir = workdir.trim_matches('/');
        copy.sources
            .iter()
            .map(|source| source.trim_matches('/'))
            .any(|source| source == workdir || source == format!("{workdir}/node_modules"))
    };
    let is_install = |run: &&RunFacts| {
        let installs = run.segments.iter().flatten().any(|segment| {
            let SegmentKind::NpmInstall(install) = &segment.kind else { return false };
            let npm = matches!(install.kind, NpmKind::NpmCi | NpmKind::NpmInstall);
            npm && !install.named && !install.production && !install.opaque
        });
        installs && run.workdir.as_deref().is_some_and(takes)
    };
    let production = stage.env.get("NODE_ENV").is_some_and(|value| value == "production");
    let prunes = stage.runs.iter().flat_map(|run| run.segments.iter().flatten()).any(|one| one.text.contains("prune"));
    stage.runs.iter().find(is_install).filter(|_| !production && !prunes).map(|run| (stage, run))
}
