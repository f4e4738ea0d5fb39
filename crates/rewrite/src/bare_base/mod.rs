//! The final stage's base → one without shell and package manager. The stage that ran becomes one to take from: the program
//! with its interpreter, the files of the packages that were installed for it, and the libraries that ELF files name go
//! into the new final stage, nothing else does. What a shell is needed for refuses.

mod contents;
mod emit;
mod java;
mod links;
mod packages;
mod start;

use std::sync::Arc;

use jettison_ecosystems::BareBase;
use jettison_facts::{Facts, Observations, StageFacts};
use jettison_image::ImageSummary;
use jettison_model::ImageRef;

use crate::base_swap::only_sets_up;
use crate::{Change, Decision, moves, nothing, refuse, runtime};

use contents::Contents;

/// Below this it is not worth a stage; bytes.
const WORTH_IT: u64 = 5_000_000;

/// A bare base.
#[derive(Clone, Debug, Default)]
pub struct Bare {
    /// The edits.
    pub change: Change,
    /// The new base, without a tag.
    pub base: String,
    /// Unpacked bytes that it saves, reckoned from the files of both.
    pub gain: u64,
}

/// A base to choose, as it is.
struct Candidate {
    row: &'static BareBase,
    image: Arc<ImageSummary>,
}

/// Moves what runs onto a base without shell and package manager; `lean`: without what installs the language's packages, if the
/// project does not name it.
pub fn bare_base(facts: &Facts<'_>, lean: bool) -> Decision<Bare> {
    let Some(stage) = facts.final_stage() else { nothing!("there is no stage to build") };
    let Some(base) = &stage.base else { nothing!("the final stage starts from scratch") };
    if always_small(base.family.as_deref()) {
        nothing!("`{}` is as small", base.reference);
    }
    if facts.graph.stages[stage.index].from != base.instruction {
        nothing!("the final stage starts from another stage");
    }
    if stage.index + 1 != facts.stages.len() {
        refuse!("stages follow the one that is built");
    }
    if base.family.is_none() {
        refuse!("`{}` is not a base we know", base.reference);
    }
    let Some(observed) = facts.world.observed() else {
        refuse!("what the program needs is read from the built image, and nothing was built")
    };
    if let Some(reason) = cannot_be_taken_apart(facts, stage) {
        return Decision::Refuse(reason);
    }
    let Some(old) = facts.world.base(&base.reference) else { refuse!("what `{}` holds is not known", base.reference) };
    let release = old.os.as_ref().map(|os| (os.id.clone(), os.codename.clone())).unwrap_or_default();
    let rows = &jettison_ecosystems::load().bare;
    let Some(row) = rows.iter().find(|row| (&row.distribution, &row.codename) == (&release.0, &release.1)) else {
        nothing!("there is none for `{}`", old.os.as_ref().map_or("an unknown release", |os| &os.pretty))
    };
    let moves = match moves::moves(facts, &observed) {
        Ok(moves) => moves,
        Err(reason) => return Decision::Refuse(reason),
    };
    let stage_image = as_it_runs(stage, &observed, &old, &moves);
    let contents = start::started(facts, stage, &observed, &old, &stage_image)
        .and_then(|start| contents::contents(facts, stage, &observed, &stage_image, &moves, start, lean));
    let mut contents = match contents {
        Ok(contents) => contents,
        Err(reason) => return Decision::Refuse(reason),
    };
    let Some(candidate) = choose(facts, &row.bases, &contents) else {
        nothing!("no base without shell is to be had (tried {})", names(&row.bases))
    };
    contents.take_libraries_beside(&candidate.image, &stage_image);
    let gain = (old.sizes.unpacked + installed_bytes(stage, &observed, &old))
        .saturating_sub(candidate.image.sizes.unpacked + contents.bytes(&stage_image));
    if gain < WORTH_IT {
        nothing!("hardly anything would be left out");
    }
    let change = emit::Emit::new(facts, stage, &old.config, &contents, &candidate).change(&moves);
    Decision::Apply(Bare { change, base: candidate.row.reference.clone(), gain })
}

fn always_small(family: Option<&str>) -> bool {
    let bases = &jettison_ecosystems::load().bases;
    family.and_then(|id| bases.iter().find(|row| row.id == id)).is_some_and(|row| row.always_small)
}

fn names(bases: &[BareBase]) -> String {
    bases.iter().map(|base| base.reference.as_str()).collect::<Vec<_>>().join(", ")
}

/// What the final stage does that cannot be split into a part to take from and a part that runs.
fn cannot_be_taken_apart(facts: &Facts<'_>, stage: &StageFacts) -> Option<String> {
    use jettison_dockerfile::Keyword;
    let range = facts.graph.stages[stage.index].instructions.clone();
    let instructions = &facts.dockerfile.instructions()[range];
    if instructions.iter().any(|instruction| matches!(instruction.keyword, Keyword::Onbuild | Keyword::Shell)) {
        return Some("the final stage has ONBUILD or SHELL".to_owned());
    }
    if let Some(copy) = stage.copies.iter().find(|copy| copy.opaque || copy.is_add) {
        let line = facts.dockerfile.instructions()[copy.instruction].line;
        return Some(format!("where the copy at line {line} goes is not known"));
    }
    let builds = stage.runs.iter().find(|run| match &run.segments {
        Some(segments) => !segments.iter().all(|segment| only_sets_up(&segment.kind) || segment.is_harmless()),
        None => true,
    });
    builds.map(|run| {
        let line = facts.dockerfile.instructions()[run.instruction].line;
        format!("the RUN at line {line}, in the stage that runs, does more than install packages and make folders")
    })
}

/// The final stage as it will be: its base, the packages installed on it, and what is copied from elsewhere.
fn as_it_runs(stage: &StageFacts, observed: &Observations, base: &ImageSummary, moves: &crate::Moves) -> ImageSummary {
    let built = &observed.image;
    let mut image = base.clone();
    image.config = built.config.clone();
    let mut take = |path: &str| {
        let Some((path, file)) = built.resolve_parent(path) else { return };
        image.files.insert(path.clone(), file.clone());
        if let Some(text) = built.texts.get(&path) {
            image.texts.insert(path.clone(), text.clone());
        }
        if let Some(owner) = built.owners.get(&path) {
            image.owners.insert(path, owner.clone());
        }
    };
    let mut packages = Vec::new();
    for name in installed(stage, observed, base) {
        let Some(package) = built.packages.get(&name) else { continue };
        package.files.iter().for_each(|path| take(path));
        packages.push((name, package.clone()));
    }
    built.files.keys().filter(|path| moves.covers(path)).for_each(|path| take(path));
    image.packages.extend(packages);
    image
}

/// Packages that the final stage's installs bring, beside those of its base.
fn installed(stage: &StageFacts, observed: &Observations, base: &ImageSummary) -> Vec<String> {
    let words = crate::base_swap::final_installs(stage);
    let names = words.iter().map(|word| crate::apt::bare(word).to_owned());
    let mut all = runtime::depends_closure(&observed.image, names);
    all.retain(|name| !base.packages.contains_key(name));
    all.into_iter().collect()
}

fn installed_bytes(stage: &StageFacts, observed: &Observations, base: &ImageSummary) -> u64 {
    let packages = installed(stage, observed, base);
    let files = packages.iter().filter_map(|name| observed.image.packages.get(name)).flat_map(|package| &package.files);
    files.filter_map(|path| observed.image.files.get(path)).map(|file| file.size).sum()
}

/// The smallest base that brings what its row says is needed, and that is to be had.
fn choose(facts: &Facts<'_>, bases: &'static [BareBase], contents: &Contents) -> Option<Candidate> {
    let wants = |row: &BareBase| row.libraries.iter().any(|soname| contents.libraries.contains_key(soname));
    let least = bases.iter().rposition(wants).unwrap_or(0);
    bases[least..].iter().find_map(|row| {
        let image = facts.world.base(&row.reference.parse::<ImageRef>().ok()?)?;
        Some(Candidate { row, image })
    })
}
