//! What the screen knows: the panes, what is open above them, what was asked and has not come yet. It changes only in `update`;
//! whatever it wants of the world it says as [`Effect`]s. No terminal, no thread, no clock.

use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::{KeyEvent, MouseEvent};
use jettison_image::LayerIndex;
use jettison_report::image::WhyReport;

use super::browse::{Browse, Show, Sort};
use super::input::Line;
use super::list::List;
use super::overview::{Overview, Side, Subject, VIEWS, Which, arrived, expected};
use super::tree::{Mark, Tree};
use super::viewer::Viewer;
use crate::failure::Failure;

/// Trees that are kept while others are looked at.
const KEPT_TREES: usize = 4;

/// What happens.
#[derive(Debug)]
pub enum Event {
    /// A key.
    Key(KeyEvent),
    /// The mouse.
    Mouse(MouseEvent),
    /// Pasted text.
    Paste(String),
    /// The terminal has another size: columns and rows.
    Resize(u16, u16),
    /// Nothing for a moment.
    Tick,
    /// From the threads.
    Told(Told),
}

/// What the threads tell.
#[derive(Debug)]
pub enum Told {
    /// Another image is being opened; its place among those that were asked for.
    Opening(usize),
    /// What is being done.
    Doing(String),
    /// How much has been read, and of how much, if that is known.
    Bytes { read: u64, whole: u64 },
    /// The instructions of all layers, lowest first.
    Instructions(Vec<String>),
    /// A layer has been read.
    Layer { place: Option<usize>, index: Arc<LayerIndex> },
    /// Everything has been read.
    Loaded(Arc<Overview>),
    /// A tree that was asked for, or why there is none.
    Tree(Which, Result<Arc<Tree>, String>),
    /// Why a path or package is there.
    Why(String, Box<WhyReport>),
    /// The beginning of a file, and how long it is.
    File { job: u64, name: String, content: Result<(Vec<u8>, u64), String> },
    /// A file was written, or not.
    Written(Result<String, NotWritten>),
    /// It cannot go on.
    Failed(Failure),
}

/// Why a file was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotWritten {
    /// There is something of that name.
    There { request: FileRequest, to: PathBuf, what: String },
    /// Anything else, in words.
    Failed(String),
}

/// What the world has to do.
#[derive(Debug, PartialEq)]
pub enum Effect {
    /// End.
    Quit,
    /// End with an error.
    Fail(Failure),
    /// Grow a tree.
    Tree(Which),
    /// Grow the tree of a layer that has just arrived.
    Alone(usize, Arc<LayerKey>),
    /// Say why a path or package is there.
    Why(String),
    /// Read the beginning of a file.
    Read { job: u64, request: FileRequest },
    /// Write a file.
    Write { request: FileRequest, to: PathBuf, replace: bool },
    /// Put a text into the clipboard.
    Copy(String),
    /// Take the mouse or leave it to the terminal.
    Mouse(bool),
}

/// A layer as an effect carries it; equal if it is the same one.
#[derive(Debug)]
pub struct LayerKey(pub Arc<LayerIndex>);

impl PartialEq for LayerKey {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Which file is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRequest {
    /// In which tree.
    pub which: Which,
    /// Its path there.
    pub path: String,
    /// What became of it there.
    pub mark: Mark,
    /// Layer and place of its entry, where the tree knows it.
    pub source: Option<(u32, u32)>,
}

/// The panes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// Layers, packages or instructions.
    #[default]
    List,
    /// Files.
    Tree,
    /// What is under the cursor.
    Details,
}

/// What is open above the panes.
#[derive(Debug, Default)]
pub enum Above {
    /// Nothing.
    #[default]
    Nothing,
    /// The keys; the first line shown.
    Help(usize),
    /// A file.
    File(Box<Viewer>),
}

/// What is being typed at the bottom.
#[derive(Debug)]
pub enum Prompt {
    /// Only what holds this.
    Filter(Line),
    /// The next that holds this; where the cursor was before.
    Find(Line, usize),
    /// Where to write a file.
    Extract(Line, FileRequest),
    /// Whether to replace what is there.
    Replace { request: FileRequest, to: PathBuf, what: String },
}

/// A line at the bottom that goes with the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What it says, fit to be shown.
    pub text: String,
    /// It did not work.
    pub is_bad: bool,
}

/// How far the reading is.
#[derive(Debug, Default)]
pub struct Loading {
    /// Which image.
    pub image: usize,
    /// What is being done.
    pub doing: String,
    /// Bytes.
    pub read: u64,
    /// Bytes; 0 if nobody knows.
    pub whole: u64,
    /// Turns while something is being done.
    pub turn: usize,
    instructions: Vec<String>,
    layers: Vec<(Option<usize>, Arc<LayerIndex>)>,
}

/// The state.
#[derive(Debug)]
pub struct State {
    /// Columns and rows.
    pub size: (u16, u16),
    /// What was typed: one image or two.
    pub typed: Vec<String>,
    /// None while it is being read.
    pub overview: Option<Arc<Overview>>,
    /// While it is being read.
    pub loading: Loading,
    /// Which of the lists.
    pub view: usize,
    /// One a view.
    pub lists: [List; VIEWS],
    /// Where keys go.
    pub focus: Pane,
    /// That pane alone.
    pub is_zoomed: bool,
    /// Above the panes.
    pub above: Above,
    /// At the bottom.
    pub prompt: Option<Prompt>,
    /// At the bottom, too.
    pub message: Option<Message>,
    /// First line of the details.
    pub details_top: usize,
    /// Whether the mouse is ours.
    pub has_mouse: bool,
    /// What was found last.
    pub sought: String,
    /// Why the thing under the cursor is there.
    pub why: Option<(String, Box<WhyReport>)>,
    /// Something is being read or written.
    pub is_busy: bool,
    pub(super) asked_why: Option<String>,
    pub(super) wanted_tree: Option<Which>,
    pub(super) job: u64,
    pub(super) sort: (Sort, bool),
    trees: Vec<(Which, Browse)>,
    no_tree: Option<(Which, String)>,
}

impl State {
    /// Before anything has been read.
    pub fn new(typed: Vec<String>, size: (u16, u16)) -> Self {
        Self {
            size,
            typed,
            overview: None,
            loading: Loading::default(),
            view: 0,
            lists: Default::default(),
            focus: Pane::List,
            is_zoomed: false,
            above: Above::Nothing,
            prompt: None,
            message: None,
            details_top: 0,
            has_mouse: true,
            sought: String::new(),
            why: None,
            is_busy: false,
            asked_why: None,
            wanted_tree: None,
            job: 0,
            sort: (Sort::Size, false),
            trees: Vec::new(),
            no_tree: None,
        }
    }

    /// Takes what happened; what has to be done.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Key(key) => self.on_key(key, &mut effects),
            Event::Mouse(mouse) => self.on_mouse(mouse, &mut effects),
            Event::Paste(text) => self.on_paste(&text),
            Event::Resize(columns, rows) => self.size = (columns, rows),
            Event::Tick => self.loading.turn = self.loading.turn.wrapping_add(1),
            Event::Told(told) => self.on_told(told, &mut effects),
        }
        self.settle(&mut effects);
        effects
    }

    /// Whether something moves on the screen by itself.
    pub fn is_moving(&self) -> bool {
        self.overview.is_none() || self.is_busy || self.wanted_tree.is_some()
    }

    /// The list that is shown.
    pub fn list(&self) -> &List {
        self.lists.get(self.view).unwrap_or(&self.lists[0])
    }

    pub(super) fn list_mut(&mut self) -> &mut List {
        let view = self.view.min(VIEWS - 1);
        &mut self.lists[view]
    }

    /// The tree that belongs to the row under the cursor.
    pub fn which(&self) -> Option<Which> {
        self.list().selected()?.which
    }

    /// That tree, if it is there.
    pub fn browse(&self) -> Option<&Browse> {
        let which = self.which()?;
        self.trees.iter().find(|(one, _)| *one == which).map(|(_, browse)| browse)
    }

    pub(super) fn browse_mut(&mut self) -> Option<&mut Browse> {
        let which = self.which()?;
        self.trees.iter_mut().find(|(one, _)| *one == which).map(|(_, browse)| browse)
    }

    /// Why that tree cannot be had.
    pub fn no_tree(&self) -> Option<&str> {
        let which = self.which()?;
        self.no_tree.as_ref().filter(|(one, _)| *one == which).map(|(_, reason)| reason.as_str())
    }

    /// Whether two images are compared.
    pub fn is_diff(&self) -> bool {
        self.typed.len() > 1
    }

    /// The image that the tree is of.
    pub fn side(&self) -> Option<&Side> {
        let overview = self.overview.as_ref()?;
        match (self.which(), &overview.before) {
            (Some(Which::Before(_) | Which::PackageBefore(_)), Some((before, _))) => Some(before),
            _ => Some(&overview.image),
        }
    }

    /// The file or folder under the tree's cursor.
    pub fn selected_path(&self) -> Option<(String, &Tree, u32)> {
        let browse = self.browse()?;
        let id = browse.selected()?;
        Some((browse.tree.path(id), &browse.tree, id))
    }

    pub(super) fn say(&mut self, text: impl Into<String>) {
        self.message = Some(Message { text: text.into(), is_bad: false });
    }

    pub(super) fn complain(&mut self, text: impl Into<String>) {
        self.message = Some(Message { text: text.into(), is_bad: true });
    }

    fn on_told(&mut self, told: Told, effects: &mut Vec<Effect>) {
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

    /// Asks for what the cursor is on and is not there yet; keeps cursors on the screen.
    fn settle(&mut self, effects: &mut Vec<Effect>) {
        if let Some(which) = self.which()
            && self.browse().is_none()
            && self.wanted_tree != Some(which)
            && self.no_tree().is_none()
        {
            self.wanted_tree = Some(which);
            effects.push(match which {
                Which::Arrived(at) => match self.loading.layers.get(at) {
                    Some((_, index)) => Effect::Alone(at, Arc::new(LayerKey(index.clone()))),
                    None => return,
                },
                which => Effect::Tree(which),
            });
        }
        let asked = self.question();
        if asked != self.asked_why {
            self.asked_why.clone_from(&asked);
            self.details_top = 0;
            effects.extend(asked.map(Effect::Why));
        }
        let (list, tree) = super::layout::heights(self);
        self.list_mut().scroll_to_cursor(list);
        if let Some(browse) = self.browse_mut() {
            browse.scroll_to_cursor(tree);
        }
    }

    /// What there is a reason for: the path or the package under the cursor.
    fn question(&self) -> Option<String> {
        let overview = self.overview.as_ref()?;
        if self.focus == Pane::List || self.browse().is_none() {
            let Subject::Package(at) = self.list().selected()?.subject else { return None };
            let package = overview.image.report.packages.get(at)?;
            return Some(format!("{}:{}", package.kind, package.name));
        }
        self.selected_path().map(|(path, ..)| path).filter(|path| path != "/")
    }
}
