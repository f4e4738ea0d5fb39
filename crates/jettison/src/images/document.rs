//! From an image to the parts of its documents: sizes, layers, history. Names only, no decisions.

use jettison_facts::provenance::{Place, shown_instruction};
use jettison_image::{LayerCounts, LayerHistory, Noted, Stack};
use jettison_report::Evidence;
use jettison_report::image::{HistoryEntry, ImageSizes, Layer, Warning};

use super::Opened;
use super::recipe::Matched;

/// The three sizes.
pub fn sizes(opened: &Opened, stack: &Stack<'_>) -> ImageSizes {
    ImageSizes {
        apparent_bytes: stack.waste.final_bytes,
        unpacked_bytes: opened.image.unpacked_bytes(),
        compressed_bytes: opened.has_blobs().then(|| opened.image.compressed_bytes()),
        compressed_evidence: Evidence::Measured,
        file_compressed_evidence: Evidence::Modelled,
    }
}

/// The layers, in manifest order.
pub fn layers(opened: &Opened, stack: &Stack<'_>, wasted: &[u64], matched: &Matched) -> Vec<Layer> {
    let image = &opened.image;
    let mut layers = Vec::with_capacity(image.layers.len());
    for (index, layer) in image.layers.iter().enumerate() {
        let counts = stack.layers.get(index).copied().unwrap_or_default();
        let origin = matched.provenance.layers.get(index);
        let entry = origin.and_then(|origin| image.config.history.get(origin.history?));
        let created_by = entry.map(|entry| entry.created_by.clone()).unwrap_or_default();
        let is_base = origin.map(|origin| origin.place == Place::Base).filter(|_| matched.name.is_some());
        layers.push(Layer {
            index,
            digest: layer.index.digest.as_ref().filter(|_| opened.has_blobs()).map(ToString::to_string),
            diff_id: image.config.diff_ids.get(index).cloned(),
            media_type: Some(layer.media_type.clone()).filter(|text| !text.is_empty()),
            compressed_bytes: opened.has_blobs().then_some(layer.index.stored_bytes),
            unpacked_bytes: layer.index.unpacked_bytes,
            wasted_bytes: wasted.get(index).copied().unwrap_or(0),
            instruction: shown_instruction(&created_by),
            created_by,
            base: is_base,
            dockerfile_line: matched.line(index),
            ..counted(&counts)
        });
    }
    layers
}

fn counted(counts: &LayerCounts) -> Layer {
    Layer {
        file_bytes: counts.file_bytes,
        files_added: counts.added,
        files_modified: counts.modified,
        files_removed: counts.removed,
        files_rewritten: counts.rewritten,
        entries: counts.entries,
        whiteouts: counts.whiteouts,
        ..Layer::default()
    }
}

/// What was odd, of the image as a whole first.
pub fn warnings(opened: &Opened, stack: &Stack<'_>) -> Vec<Warning> {
    let shown =
        |noted: &Noted| Warning { class: noted.class.class().to_owned(), layer: noted.layer, path: noted.path.clone() };
    opened.image.noted().iter().chain(&stack.noted).map(shown).collect()
}

/// Every step, newest first; layers that no entry speaks of have one of their own.
pub fn history(opened: &Opened, counts: &[LayerCounts], matched: &Matched) -> Vec<HistoryEntry> {
    let image = &opened.image;
    let known = image.layer_history();
    let mut steps: Vec<HistoryEntry> = Vec::new();
    for (at, entry) in image.config.history.iter().enumerate() {
        let line = matched.provenance.entries.get(at).copied().flatten();
        let step = HistoryEntry {
            created: entry.created.clone(),
            created_by: entry.created_by.clone(),
            comment: entry.comment.clone(),
            empty_layer: entry.empty_layer,
            dockerfile_line: line.map(|line| line.line),
            ..HistoryEntry::default()
        };
        steps.push(with_layer(step, known.layer(at), opened, counts));
    }
    if !matches!(known, LayerHistory::Known(_)) {
        steps.extend(
            (0..image.layers.len()).map(|layer| with_layer(HistoryEntry::default(), Some(layer), opened, counts)),
        );
    }
    steps.reverse();
    steps
}

fn with_layer(step: HistoryEntry, layer: Option<usize>, opened: &Opened, counts: &[LayerCounts]) -> HistoryEntry {
    let Some((place, layer)) = layer.and_then(|place| Some((place, opened.image.layers.get(place)?))) else {
        return step;
    };
    HistoryEntry {
        layer: Some(place),
        digest: layer.index.digest.as_ref().filter(|_| opened.has_blobs()).map(ToString::to_string),
        diff_id: opened.image.config.diff_ids.get(place).cloned(),
        file_bytes: counts.get(place).map_or(0, |counts| counts.file_bytes),
        unpacked_bytes: layer.index.unpacked_bytes,
        compressed_bytes: opened.has_blobs().then_some(layer.index.stored_bytes),
        ..step
    }
}
