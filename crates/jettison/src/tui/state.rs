//! What the screen knows: the panes, what is open above them, what was asked and has not come yet. It changes only in `update`;
//! whatever it wants of the world it says as [`Effect`]s. No terminal, no thread, no clock.

use std::path::PathBuf;
use std::sync::Arc;

use jettison_image::LayerIndex;
use jettison_report::image::WhyReport;

use super::browse::{Browse, Sort};
use super::input::Line;
use super::list::List;
use super::overview::{Overview, Side, Subject, VIEWS, Which};
use super::tree::Tree;
use super::viewer::Viewer;

pub use super::events::{Effect, Event, FileRequest, LayerKey, NotWritten, Told};

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
    pub(super) instructions: Vec<String>,
    pub(super) layers: Vec<(Option<usize>, Arc<LayerIndex>)>,
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
    pub(super) trees: Vec<(Which, Browse)>,
    pub(super) no_tree: Option<(Which, String)>,
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
