//! The final stage's base → a smaller one of the same distribution release. A candidate is asked what it holds; everything
//! that the app needs and it lacks must be a package of that release, or it is no candidate.

use std::collections::BTreeSet;
use std::sync::Arc;

use jettison_dockerfile::Keyword;
use jettison_ecosystems::BaseFamily;
use jettison_facts::{BaseFacts, Facts, Observations, SegmentKind, StageFacts};
use jettison_image::{ImageConfig, ImageSummary};
use jettison_model::{Edit, ImageRef};

use crate::exec_form::json_array;
use crate::lines::Lines;
use crate::runtime::{self, Runtime};
use crate::stage_split::{has_small_word, install_commands, is_small};
use crate::{Change, Decision, Moves, moves, nothing, refuse};

/// A swap.
#[derive(Clone, Debug, Default)]
pub struct Swap {
    /// The edits.
    pub change: Change,
    /// The new base.
    pub base: String,
    /// It is not of the same family: the interpreter that the old one brought is not needed.
    pub other_family: bool,
    /// Unpacked bytes of the old base and the new one; none for the old one if unknown.
    pub bytes: (Option<u64>, u64),
}

/// Where packages and bytecode of the old base's programs lie, relative to `/`: another base has its own.
const BASE_FILES: &[&str] =
    &["**/__pycache__", "var", "etc", "usr/share", "usr/lib", "usr/bin", "usr/sbin", "usr/include"];

struct Candidate {
    reference: ImageRef,
    image: Arc<ImageSummary>,
    other_family: bool,
}

/// Which bases to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    /// Plain Debian of the same release: where the language runtime that the old base brings does not run.
    Plain,
    /// The slim variant of the same tag.
    Slim,
}

/// Swaps the final stage's base.
pub fn base_swap(facts: &Facts<'_>, rung: Rung) -> Decision<Swap> {
    let Some(stage) = facts.final_stage() else { nothing!("there is no stage to build") };
    let Some(base) = &stage.base else { nothing!("the final stage starts from scratch") };
    let tag = base.reference.tag_or_latest();
    let small = match rung {
        Rung::Plain => has_small_word(base.family.as_deref(), tag),
        Rung::Slim => is_small(base.family.as_deref(), tag),
    };
    if small && base.family.is_some() {
        nothing!("`{}` is a small base already", base.reference);
    }
    if facts.graph.stages[stage.index].from != base.instruction {
        nothing!("the final stage starts from another stage");
    }
    if !base.literal {
        refuse!("the base is named by a variable");
    }
    if base.reference.digest.is_some() {
        refuse!("the base is pinned by digest");
    }
    if base.family.is_none() {
        refuse!("`{}` is not a base we know variants of", base.reference);
    }
    let Some(observed) = facts.world.observed() else {
        refuse!("what the program needs is read from the built image, and nothing was built")
    };
    let reference = match rung {
        Rung::Slim => slim(base),
        Rung::Plain => match runtime_that_runs(facts, base, &observed) {
            Some(name) => nothing!("`{name}` of `{}` is what runs", base.reference),
            None => plain_of(base, &observed),
        },
    };
    let candidate = reference.and_then(|reference| {
        let image = facts.world.base(&reference)?;
        Some(Candidate { reference, image, other_family: rung == Rung::Plain })
    });
    let Some(candidate) = candidate else { nothing!("no smaller variant of `{}` is to be had", base.reference) };
    match fits(facts, stage, &observed, &candidate) {
        Ok(needed) => Decision::Apply(swap(facts, stage, base, &observed, &candidate, &needed)),
        Err(reason) => Decision::Refuse(format!("{}: {reason}", candidate.reference)),
    }
}

fn family(base: &BaseFacts) -> Option<&'static BaseFamily> {
    let id = base.family.as_deref()?;
    jettison_ecosystems::load().bases.iter().find(|row| row.id == id)
}

fn slim(base: &BaseFacts) -> Option<ImageRef> {
    family(base)?.slim_tag(base.reference.tag_or_latest()).map(|tag| base.reference.with_tag(&tag))
}

/// A program of the base's language that the image runs: `node`, `python3.11`. A base of no language counts as what runs.
fn runtime_that_runs(facts: &Facts<'_>, base: &BaseFacts, observed: &Observations) -> Option<String> {
    let Some(language) = family(base).and_then(|family| family.language.clone()) else {
        return Some("the base".to_owned());
    };
    let entry = jettison_facts::entry_programs(facts, &observed.image);
    if entry.opaque && observed.programs.is_empty() {
        return Some(language);
    }
    let ran = observed.programs.iter().filter_map(|path| path.rsplit('/').next()).map(str::to_owned);
    let is_it = |name: &String| {
        name.strip_prefix(language.as_str()).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'))
    };
    entry.names.iter().cloned().chain(ran).find(is_it)
}

/// Plain Debian of the observed release.
fn plain_of(base: &BaseFacts, observed: &Observations) -> Option<ImageRef> {
    let os = observed.image.os.as_ref().filter(|os| os.id == "debian" && !os.codename.is_empty())?;
    plain_debian(base, &os.codename)
}

/// `debian:CODENAME-slim` from the registry that the old base comes from.
fn plain_debian(base: &BaseFacts, codename: &str) -> Option<ImageRef> {
    let official = base.reference.familiar();
    if official.contains('/') {
        return None;
    }
    let repository = base.reference.repository.strip_suffix(official)?;
    Some(ImageRef {
        repository: format!("{repository}debian"),
        tag: Some(format!("{codename}-slim")),
        digest: None,
        ..base.reference.clone()
    })
}

/// What the candidate lacks and can get; an error says why it does not do.
fn fits(
    facts: &Facts<'_>,
    stage: &StageFacts,
    observed: &Observations,
    candidate: &Candidate,
) -> Result<Runtime, String> {
    let (old, new) = (observed.image.os.as_ref(), candidate.image.os.as_ref());
    let release = |os: Option<&jettison_image::OsRelease>| os.map(|os| (os.id.clone(), os.version_id.clone()));
    if release(old) != release(new) {
        let name = |os: Option<&jettison_image::OsRelease>| os.map_or("unknown".to_owned(), |os| os.pretty.clone());
        return Err(format!("another release ({}, not {})", name(new), name(old)));
    }
    if let Some(base_bytes) = base_bytes(observed)
        && candidate.image.sizes.unpacked >= base_bytes
    {
        return Err("it is not smaller".to_owned());
    }
    let moves = moves::moves(facts, observed)?;
    if candidate.other_family && builds_in_final_stage(facts, stage) {
        return Err("the stage that runs is also the one that builds".to_owned());
    }
    let mut needed = runtime::runtime(facts, observed, &moves, &candidate.image, candidate.other_family)?;
    if candidate.other_family && passes_on(stage, &observed.image) {
        let script = observed.image.config.entrypoint.as_ref().and_then(|words| observed.image.which(words.first()?));
        needed.scripts.retain(|path| Some(path) != script.as_ref());
    }
    if let Some(script) = needed.scripts.first().filter(|_| script_stage(facts, stage).is_none()) {
        return Err(format!("it lacks `{script}`"));
    }
    if candidate.other_family {
        interpreters_stay(observed, &moves, &candidate.image)?;
    }
    let here = final_installs(stage);
    let covered = runtime::depends_closure(&observed.image, here.iter().map(|word| crate::apt::bare(word).to_owned()));
    needed.packages.retain(|name| !covered.contains(name));
    let manager = observed.image.os.as_ref().is_some_and(|os| matches!(os.id.as_str(), "debian" | "ubuntu"));
    if !needed.packages.is_empty() && !manager {
        return Err(format!("it lacks {}", needed.packages.iter().cloned().collect::<Vec<_>>().join(", ")));
    }
    Ok(needed)
}

/// Unpacked bytes of the base's layers in the built image.
fn base_bytes(observed: &Observations) -> Option<u64> {
    let layers = observed.image.layers.get(..observed.base_layers)?;
    (!layers.is_empty()).then(|| layers.iter().map(|layer| layer.unpacked_bytes).sum())
}

/// A language runtime of the old base (in no package: `/usr/local/bin/node`) that files of the app name as interpreter must
/// not be lost, unless nothing of the kind ran.
fn interpreters_stay(observed: &Observations, moves: &Moves, candidate: &ImageSummary) -> Result<(), String> {
    let ran: BTreeSet<String> =
        observed.programs.iter().filter_map(|path| observed.image.resolve(path).map(|(path, _)| path)).collect();
    let lost = ran
        .iter()
        .find(|path| !moves.covers(path) && observed.image.owner(path).is_none() && candidate.resolve(path).is_none());
    lost.map_or(Ok(()), |path| Err(format!("`{path}` ran and is not in it")))
}

/// Whether a command only installs packages or makes users, folders and files.
pub(crate) fn only_sets_up(kind: &SegmentKind) -> bool {
    matches!(
        kind,
        SegmentKind::AptUpdate
            | SegmentKind::AptInstall(_)
            | SegmentKind::AptOther
            | SegmentKind::AptListsRemoved
            | SegmentKind::Configure(_)
    )
}

/// Whether the final stage has RUNs that do more than install packages, make users and folders.
fn builds_in_final_stage(facts: &Facts<'_>, stage: &StageFacts) -> bool {
    let bind_copy = |at: usize| facts.dockerfile.instructions()[at].flags.iter().any(|flag| flag.name == "mount");
    stage.runs.iter().any(|run| match &run.segments {
        Some(segments) => !segments.iter().all(|segment| only_sets_up(&segment.kind)) && !bind_copy(run.instruction),
        None => true,
    })
}

pub(crate) fn final_installs(stage: &StageFacts) -> Vec<String> {
    let segments = stage.runs.iter().flat_map(|run| run.segments.iter().flatten());
    let mut words = Vec::new();
    for segment in segments {
        if let SegmentKind::AptInstall(install) = &segment.kind {
            words.extend(install.packages.iter().map(|(word, _)| word.clone()));
        }
    }
    words
}

fn swap(
    facts: &Facts<'_>,
    stage: &StageFacts,
    base: &BaseFacts,
    observed: &Observations,
    candidate: &Candidate,
    needed: &Runtime,
) -> Swap {
    let lines = Lines::new(&facts.dockerfile);
    let instruction = &facts.dockerfile.instructions()[base.instruction];
    let mut edits = Vec::new();
    if let Some(word) = instruction.as_from().and_then(|from| from.image) {
        edits.push(Edit::replace(word.span, candidate.reference.to_string()));
    }
    let configs = (&observed.image.config, &candidate.image.config);
    let drops = candidate.other_family && passes_on(stage, &observed.image);
    let mut after_from = configuration(facts, stage, configs, candidate.other_family, drops);
    match last_install(stage).filter(|_| !needed.packages.is_empty()) {
        Some(at) => {
            let names: Vec<&str> = needed.packages.iter().map(String::as_str).collect();
            edits.push(Edit::insert(at, format!(" {}", names.join(" "))));
        }
        None if !needed.packages.is_empty() => after_from.extend(lines.run(&install_commands(&needed.packages))),
        None => {}
    }
    if let Some(build) = script_stage(facts, stage) {
        after_from.extend(needed.scripts.iter().map(|path| format!("COPY --from={build} {path} {path}")));
    }
    if !after_from.is_empty() {
        edits.push(lines.after(base.instruction, &after_from));
    }
    let old = base_bytes(observed);
    let does = if candidate.other_family {
        format!("`{}` runs nothing of `{}`'s language runtime", candidate.reference, base.reference)
    } else {
        format!("`{}`, same release", candidate.reference)
    };
    let may_drop = BASE_FILES.iter().map(|path| (*path).to_owned()).collect();
    Swap {
        change: Change { edits, at: instruction.span.start as usize, does, may_drop },
        base: candidate.reference.to_string(),
        other_family: candidate.other_family,
        bytes: (old, candidate.image.sizes.unpacked),
    }
}

/// An earlier stage on the old base, from which its scripts can be copied: its name or index.
fn script_stage(facts: &Facts<'_>, stage: &StageFacts) -> Option<String> {
    let reference = stage.base.as_ref().map(|base| &base.reference);
    let same =
        |other: &&StageFacts| other.index < stage.index && other.base.as_ref().map(|base| &base.reference) == reference;
    let other = facts.stages.iter().find(same)?;
    let name = facts.graph.stages[other.index].name.clone();
    Some(name.unwrap_or_else(|| other.index.to_string()))
}

/// Byte offset after the last package word of the final stage's last install.
fn last_install(stage: &StageFacts) -> Option<usize> {
    let segments = stage.runs.iter().flat_map(|run| run.segments.iter().flatten());
    let installs = segments.filter_map(|segment| match &segment.kind {
        SegmentKind::AptInstall(install) => install.packages.last(),
        _ => None,
    });
    installs.map(|(_, span)| span.end as usize).max()
}

/// What the old base's configuration gave silently and the new one does not: said in the file.
pub(crate) fn configuration(
    facts: &Facts<'_>,
    stage: &StageFacts,
    (old, new): (&ImageConfig, &ImageConfig),
    other_family: bool,
    drops_entrypoint: bool,
) -> Vec<String> {
    let sets = |keyword: Keyword| {
        let range = facts.graph.stages[stage.index].instructions.clone();
        range.into_iter().any(|at| facts.dockerfile.instructions()[at].keyword == keyword)
    };
    let mut lines = Vec::new();
    for (name, value) in &old.env {
        let same = new.var(name) == Some(value) || stage.env.contains_key(name);
        let goes = other_family && is_about_a_toolchain(name, value);
        if !same && !goes {
            lines.push(format!("ENV {name}={}", quoted(value)));
        }
    }
    let words = |config: &ImageConfig| config.entrypoint.clone().unwrap_or_default();
    if !sets(Keyword::Entrypoint) && words(old) != words(new) && !drops_entrypoint {
        lines.push(format!("ENTRYPOINT {}", json_array(old.entrypoint.as_deref().unwrap_or(&[]))));
    }
    if !sets(Keyword::Cmd) && (old.cmd != new.cmd || old.entrypoint != new.entrypoint) {
        lines.push(format!("CMD {}", json_array(old.cmd.as_deref().unwrap_or(&[]))));
    }
    if !sets(Keyword::Workdir) && old.workdir != new.workdir && !old.workdir.is_empty() {
        lines.push(format!("WORKDIR {}", old.workdir));
    }
    if !sets(Keyword::User) && old.user != new.user {
        lines.push(format!("USER {}", if old.user.is_empty() { "root" } else { &old.user }));
    }
    if let (false, Some(signal)) = (sets(Keyword::Stopsignal) || old.stop_signal == new.stop_signal, &old.stop_signal) {
        lines.push(format!("STOPSIGNAL {signal}"));
    }
    lines.extend(
        old.volumes
            .iter()
            .filter(|path| !sets(Keyword::Volume) && !new.volumes.contains(path))
            .map(|path| format!("VOLUME {path}")),
    );
    lines
}

/// Whether the entrypoint that the stage has from its base only starts the words of CMD, which are a program's.
pub(crate) fn passes_on(stage: &StageFacts, image: &ImageSummary) -> bool {
    let family = stage.base.as_ref().and_then(family);
    let cmd = stage.entry.cmd.as_ref().filter(|_| stage.entry.entrypoint.is_none());
    let is_program = |cmd: &jettison_facts::Command| {
        let first = cmd.argv.as_ref().and_then(|argv| argv.first());
        cmd.shell || first.is_some_and(|word| !word.starts_with('-') && image.which(word).is_some())
    };
    family.is_some_and(|family| family.entrypoint_passes_on) && cmd.is_some_and(is_program)
}

/// Variables that only say which toolchain the old base brought.
fn is_about_a_toolchain(name: &str, value: &str) -> bool {
    let known = ["GPG_KEY", "GOPATH", "GOTOOLCHAIN", "CARGO_HOME", "RUSTUP_HOME", "PYTHON_SHA256", "JAVA_HOME"];
    let default_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    known.contains(&name)
        || name.ends_with("_VERSION")
        || name.ends_with("_SHA256")
        || (name == "PATH" && value.ends_with(default_path))
}

fn quoted(value: &str) -> String {
    let plain =
        !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./:,@%+=".contains(&byte));
    if plain {
        value.to_owned()
    } else {
        format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$"))
    }
}
