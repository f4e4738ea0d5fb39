//! What the threads tell, and what it changes: progress, layers that have been read, trees, contents of files.

use std::sync::Arc;

use jettison_image::LayerIndex;

use super::browse::{Browse, Show};
use super::list::List;
use super::overview::{Overview, Subject, Which, arrived, expected};
use super::state::{Above, Effect, Loading, NotWritten, Pane, Prompt, State, Told};
use super::tree::Tree;
use super::viewer::Viewer;

/// Trees that are kept while others are looked at.
const KEPT_TREES: usize = 4;

impl State {
    pub(super) fn on_told(&mut self, told: Told, effects: &mut Vec<Effect>) {
        match told {
            Told::Opening(image) => {
                self.loading = Loading { image, turn: self.loading.turn, ..Loading::default() };
                self.trees.clear();
                self.lists[0].replace(Vec::new());
            }
            Told::Doing(doing) => self.loading.doing = doing,
            Told::Bytes { read, whole } => (self.loading.read, self.loading.whole) = (read, whole),
            Told::Instructions(instructions) => {
                self.loading.instructions = instructions;
                self.show_arrived();
            }
            Told::Layer { place, index } => self.layer_arrived(place, index),
            Told::Loaded(overview) => self.loaded(overview),
            Told::Tree(which, tree) => self.tree_arrived(which, tree),
            Told::Why(asked, why) => self.why = Some((asked, why)),
            Told::File { job, name, content } if job == self.job => {
                self.is_busy = false;
                match content {
                    Ok((bytes, size)) => self.above = Above::File(Box::new(Viewer::new(&name, bytes, size))),
                    Err(reason) => self.complain(reason),
                }
            }
            Told::File { .. } => {}
            Told::Written(outcome) => self.written(outcome),
            Told::Failed(failure) => effects.push(Effect::Fail(failure)),
        }
    }

    /// A layer of a stream comes first without its place and then, once the manifest is known, with it.
    fn layer_arrived(&mut self, place: Option<usize>, index: Arc<LayerIndex>) {
        let same = |(_, known): &&mut (Option<usize>, Arc<LayerIndex>)| {
            Arc::ptr_eq(known, &index) || known.diff_id.is_some() && known.diff_id == index.diff_id
        };
        match self.loading.layers.iter_mut().filter(|(known, _)| known.is_none() || *known == place).find(same) {
            Some((known, _)) => *known = known.or(place),
            None => self.loading.layers.push((place, index)),
        }
        self.show_arrived();
    }

    fn show_arrived(&mut self) {
        let loading = &self.loading;
        let mut entries: Vec<_> = loading
            .layers
            .iter()
            .enumerate()
            .map(|(at, (place, index))| {
                let instruction = place.and_then(|place| loading.instructions.get(place)).map(String::as_str);
                (place.unwrap_or(usize::MAX), arrived(at, *place, index, instruction))
            })
            .collect();
        let is_here = |place: usize| loading.layers.iter().any(|(known, _)| *known == Some(place));
        let to_come = loading.instructions.iter().enumerate().filter(|(place, _)| !is_here(*place));
        entries.extend(to_come.map(|(place, instruction)| (place, expected(place, instruction))));
        entries.sort_by_key(|(place, _)| *place);
        let here = match self.lists[0].selected().map(|entry| &entry.subject) {
            Some(Subject::Expected(place)) => Some(*place),
            _ => None,
        };
        let row = here.and_then(|here| entries.iter().position(|(place, _)| *place == here));
        self.lists[0].replace(entries.into_iter().map(|(_, entry)| entry).collect());
        if let Some(row) = row {
            self.lists[0].go(row);
        }
    }

    /// Everything has been read: the cursor stays on the layer it is on.
    fn loaded(&mut self, overview: Arc<Overview>) {
        let place = match self.lists[0].selected().map(|entry| &entry.subject) {
            Some(Subject::Arrived(at)) if self.focus == Pane::Tree => {
                self.loading.layers.get(*at).and_then(|(place, _)| *place)
            }
            _ => None,
        };
        self.trees.clear();
        self.lists = std::array::from_fn(|view| List::new(overview.entries(view)));
        if let Some(row) = place {
            self.lists[0].go(row.saturating_add(1));
        }
        self.loading.layers.clear();
        self.overview = Some(overview);
    }

    fn tree_arrived(&mut self, which: Which, tree: Result<Arc<Tree>, String>) {
        if self.wanted_tree == Some(which) {
            self.wanted_tree = None;
        }
        let tree = match tree {
            Ok(tree) => tree,
            Err(reason) => return self.no_tree = Some((which, reason)),
        };
        let show = match which {
            Which::Layer(_) | Which::Before(_) => Show::DIFFERENT,
            Which::Whole if self.is_diff() => Show::DIFFERENT,
            _ => Show::ALL,
        };
        let mut browse = Browse::new(tree, show);
        browse.set_sort(self.sort.0, self.sort.1);
        self.trees.retain(|(known, _)| *known != which);
        if self.trees.len() >= KEPT_TREES {
            self.trees.remove(0);
        }
        self.trees.push((which, browse));
    }

    fn written(&mut self, outcome: Result<String, NotWritten>) {
        self.is_busy = false;
        match outcome {
            Ok(text) => self.say(text),
            Err(NotWritten::Failed(reason)) => self.complain(reason),
            Err(NotWritten::There { request, to, what }) => {
                self.prompt = Some(Prompt::Replace { request, to, what });
            }
        }
    }
}
