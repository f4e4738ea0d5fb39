//! Where each layer of an image comes from: the instructions of the Dockerfile's final stage, and of the stages it starts from,
//! matched against the image's history. A line is said only where there is no other reading; else the layer is `Unknown`, with
//! the reason. How builders write history: `entry`; what a Dockerfile would make them write: `step`.

mod align;
mod dockerfile;
mod entry;
mod named;
mod step;
#[cfg(test)]
mod tests;

use jettison_dockerfile::expand::Env;
use jettison_dockerfile::stages::{Base, StageGraph};
use jettison_dockerfile::{Dockerfile, Keyword};
use jettison_image::{ImageConfig, LayerHistory};

use crate::{Options, gather};

pub use dockerfile::as_dockerfile;
pub use entry::shown_instruction;
pub use named::{Named, named_packages};

/// A Dockerfile that the image may have been built from.
#[derive(Clone, Copy)]
pub struct Recipe<'r> {
    /// The file.
    pub dockerfile: &'r Dockerfile,
    /// As for the build; without a target, all stages are tried, the last one first.
    pub options: &'r Options,
    /// Diff IDs of the base image, where it is known.
    pub base: Option<&'r [String]>,
}

/// Where the layers of an image come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Index of the stage that the image was built from, as far as it looks.
    pub stage: Option<usize>,
    /// Every step of that stage has its place in the history: the image was built from this Dockerfile.
    pub fits: bool,
    /// One a layer, lowest first.
    pub layers: Vec<Origin>,
    /// One a history entry, oldest first: the instruction that it stands for, those without a layer too.
    pub entries: Vec<Option<Line>>,
}

/// Where one layer comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Number of its history entry.
    pub history: Option<usize>,
    /// What made it.
    pub place: Place,
}

/// What made a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The base image.
    Base,
    /// An instruction of the Dockerfile.
    Line(Line),
    /// Not known: why, as a clause.
    Unknown(&'static str),
}

/// An instruction of the Dockerfile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its index in the file.
    pub instruction: usize,
    /// 1-based first line.
    pub line: u32,
    /// 1-based last line.
    pub end_line: u32,
}

impl Origin {
    /// The Dockerfile's line, if it is known.
    pub fn line(&self) -> Option<Line> {
        match self.place {
            Place::Line(line) => Some(line),
            _ => None,
        }
    }
}

const NO_DOCKERFILE: &str = "no Dockerfile is known";
const NO_HISTORY: &str = "the image has no history";
const MISMATCH: &str = "history and layers do not fit each other";
const OTHER: &str = "the Dockerfile has no instruction that fits";
const SEVERAL: &str = "several instructions fit";
const MERGED: &str = "several instructions made it together";

/// Matches an image's layers with a Dockerfile, if there is one.
pub fn provenance(config: &ImageConfig, layers: usize, recipe: Option<&Recipe<'_>>) -> Provenance {
    let history = LayerHistory::of(config, layers);
    let of_base = recipe.and_then(|recipe| recipe.base).filter(|base| config.diff_ids.starts_with(base));
    let base_layers = of_base.map_or(0, <[String]>::len);
    let reason = match (&history, recipe) {
        (LayerHistory::Known(_), Some(recipe)) => return matched(config, &history, layers, base_layers, recipe),
        (LayerHistory::Known(_), None) => NO_DOCKERFILE,
        (LayerHistory::Missing, _) => NO_HISTORY,
        (LayerHistory::Mismatch { .. }, _) => MISMATCH,
    };
    let place = |layer| if layer < base_layers { Place::Base } else { Place::Unknown(reason) };
    let layers = (0..layers).map(|layer| Origin { history: history.entry(layer), place: place(layer) }).collect();
    Provenance { stage: None, fits: false, layers, entries: vec![None; config.history.len()] }
}

fn matched(
    config: &ImageConfig,
    history: &LayerHistory,
    layers: usize,
    base_layers: usize,
    recipe: &Recipe<'_>,
) -> Provenance {
    let Recipe { dockerfile, options, .. } = *recipe;
    let graph = StageGraph::new(dockerfile, &options.build_args, &options.arch);
    let entries: Vec<entry::Entry> = config.history.iter().map(entry::Entry::read).collect();
    // What the base's layers were made by, the Dockerfile does not say.
    let above = base_layers.checked_sub(1).and_then(|layer| history.entry(layer)).map_or(0, |entry| entry + 1);
    let stages: Vec<usize> = match &options.target {
        Some(target) => graph.target(Some(target)).into_iter().collect(),
        None => (0..graph.stages.len()).rev().collect(),
    };
    let ends_with: Env = config.env.iter().cloned().collect();
    let mut best: Option<(usize, align::Alignment)> = None;
    for stage in stages {
        let steps = step::of_chain(dockerfile, &graph, &gather::chain(&graph, Some(stage)), &ends_with);
        let bottom_is_scratch = is_scratch(&graph, stage);
        let alignment = align::align(&steps, &entries, above, bottom_is_scratch);
        let is_whole = alignment.whole;
        if best.as_ref().is_none_or(|(_, best)| (alignment.whole, alignment.sure) > (best.whole, best.sure)) {
            best = Some((stage, alignment));
        }
        if is_whole {
            break;
        }
    }
    let (stage, alignment) = best.unzip();
    let alignment = alignment.unwrap_or_else(|| align::Alignment::nothing(entries.len()));
    let origin = |layer| {
        let entry = history.entry(layer);
        let place = match entry.and_then(|entry| alignment.places.get(entry)) {
            _ if layer < base_layers => Place::Base,
            Some(place) => place.clone(),
            None => Place::Unknown(OTHER),
        };
        Origin { history: entry, place }
    };
    let line = |place: &Place| if let Place::Line(line) = place { Some(*line) } else { None };
    Provenance {
        stage: stage.filter(|_| alignment.sure > 0),
        fits: alignment.whole && alignment.sure > 0,
        layers: (0..layers).map(origin).collect(),
        entries: alignment.places.iter().map(line).collect(),
    }
}

fn is_scratch(graph: &StageGraph, stage: usize) -> bool {
    let chain = gather::chain(graph, Some(stage));
    let lowest = chain.first().and_then(|lowest| graph.stages.get(*lowest));
    lowest.is_some_and(|stage| stage.base == Base::Scratch)
}

/// Whether an instruction of that kind puts files into a layer.
fn makes_files(keyword: Keyword) -> bool {
    matches!(keyword, Keyword::Run | Keyword::Copy | Keyword::Add)
}
