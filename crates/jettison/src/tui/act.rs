//! What keys do to the state, where nothing is being typed.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};
use jettison_image::FileKind;

use super::browse::{Show, Sort};
use super::keys::{self, Action};
use super::layout;
use super::overview::Which;
use super::prompt;
use super::state::{Above, Effect, FileRequest, Pane, State};
use super::text;
use super::tree::{Kind, Mark};

impl State {
    pub(super) fn on_key(&mut self, key: KeyEvent, effects: &mut Vec<Effect>) {
        if key.kind == KeyEventKind::Release {
            return;
        }
        let action = keys::action(key);
        let is_control_c = action == Some(Action::Quit) && key.code == KeyCode::Char('c');
        if is_control_c {
            return effects.push(Effect::Quit);
        }
        self.message = None;
        if let Some(prompt) = self.prompt.take() {
            return self.on_prompt_key(prompt, key, effects);
        }
        let Some(action) = action else { return };
        match self.above {
            Above::Nothing => self.act(action, effects),
            Above::Help(_) => self.act_in_help(action, effects),
            Above::File(_) => self.act_in_file(action, effects),
        }
    }

    fn act_in_help(&mut self, action: Action, effects: &mut Vec<Effect>) {
        let most = keys::TABLE.len();
        let page = usize::from(layout::inside(layout::above(self)).height).max(1);
        let Above::Help(top) = &mut self.above else { return };
        match action {
            Action::Quit => effects.push(Effect::Quit),
            Action::Back | Action::Help | Action::Enter => self.above = Above::Nothing,
            Action::Up => *top = top.saturating_sub(1),
            Action::Down => *top = (*top + 1).min(most.saturating_sub(1)),
            Action::PageUp => *top = top.saturating_sub(page),
            Action::PageDown => *top = (*top + page).min(most.saturating_sub(1)),
            Action::First => *top = 0,
            _ => {}
        }
    }

    fn act_in_file(&mut self, action: Action, effects: &mut Vec<Effect>) {
        const ASIDE: usize = 8;
        let inside = layout::inside(layout::above(self));
        let (height, columns) = (usize::from(inside.height), usize::from(inside.width));
        let Above::File(file) = &mut self.above else { return };
        let page = isize::try_from(height).unwrap_or(1).saturating_sub(1).max(1);
        let mut scroll = |by| file.scroll(by, height, columns);
        match action {
            Action::Quit => effects.push(Effect::Quit),
            Action::Back => self.above = Above::Nothing,
            Action::Up => scroll(-1),
            Action::Down | Action::Enter => scroll(1),
            Action::PageUp => scroll(-page),
            Action::PageDown | Action::Toggle => scroll(page),
            Action::First => scroll(isize::MIN),
            Action::Last => scroll(isize::MAX),
            Action::Close => file.left = file.left.saturating_sub(ASIDE),
            Action::Open if !file.is_hex => file.left = file.left.saturating_add(ASIDE),
            Action::Show => file.toggle(columns),
            Action::Extract => self.ask_where(),
            Action::Copy => self.copy(effects),
            Action::Help => self.above = Above::Help(0),
            _ => {}
        }
    }

    fn act(&mut self, action: Action, effects: &mut Vec<Effect>) {
        match action {
            Action::Quit => effects.push(Effect::Quit),
            Action::Back => self.back(),
            Action::Help => self.above = Above::Help(0),
            Action::NextPane => self.turn_pane(true),
            Action::PreviousPane => self.turn_pane(false),
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp => self.step(-self.page()),
            Action::PageDown => self.step(self.page()),
            Action::First => self.step(isize::MIN),
            Action::Last => self.step(isize::MAX),
            Action::Open => self.open(),
            Action::Close => self.close(),
            Action::Enter => self.enter(effects),
            Action::Toggle => self.toggle(),
            Action::OpenAll => self.each_folder(true),
            Action::CloseAll => self.each_folder(false),
            Action::Filter => self.prompt = Some(prompt::filter(self)),
            Action::Find => self.prompt = Some(prompt::find(self)),
            Action::FindNext => self.find_again(true),
            Action::FindPrevious => self.find_again(false),
            Action::Sort => self.sort(),
            Action::Reverse => self.reverse(),
            Action::Added => self.only(Mark::Added.bit(), false),
            Action::Changed => self.only(Mark::Changed.bit(), false),
            Action::Removed => self.only(Mark::Removed.bit(), false),
            Action::Wasted => self.only(0, true),
            Action::All => self.all_or_different(),
            Action::View(view) => self.set_view(view),
            Action::Copy => self.copy(effects),
            Action::Extract => self.ask_where(),
            Action::Show => self.show(effects),
            Action::Zoom => self.is_zoomed = !self.is_zoomed,
            Action::Mouse => {
                self.has_mouse = !self.has_mouse;
                effects.push(Effect::Mouse(self.has_mouse));
                self.say(if self.has_mouse {
                    "the mouse is used here"
                } else {
                    "the mouse is the terminal's: select text"
                });
            }
        }
    }

    /// One thing less: the zoom, the filter, the other pane.
    fn back(&mut self) {
        let filtered = match self.focus {
            Pane::List => !self.list().filter.is_empty(),
            _ => self.browse().is_some_and(|browse| !browse.filter.is_empty()),
        };
        match () {
            () if filtered => self.set_filter(""),
            () if self.is_zoomed => self.is_zoomed = false,
            () => self.focus = Pane::List,
        }
    }

    fn turn_pane(&mut self, forward: bool) {
        self.focus = match (self.focus, forward) {
            (Pane::List, true) | (Pane::Details, false) => Pane::Tree,
            (Pane::Tree, true) | (Pane::List, false) => Pane::Details,
            (Pane::Details, true) | (Pane::Tree, false) => Pane::List,
        };
    }

    pub(super) fn step(&mut self, by: isize) {
        match self.focus {
            Pane::List => {
                self.list_mut().step(by);
            }
            Pane::Tree => {
                if let Some(browse) = self.browse_mut() {
                    browse.step(by);
                }
            }
            Pane::Details => self.details_top = self.details_top.saturating_add_signed(by).min(1_000),
        }
    }

    fn page(&self) -> isize {
        let (list, tree) = layout::heights(self);
        let height = if self.focus == Pane::List { list } else { tree };
        isize::try_from(height.saturating_sub(1).max(1)).unwrap_or(1)
    }

    fn open(&mut self) {
        if self.focus == Pane::List {
            return self.focus = Pane::Tree;
        }
        let Some(browse) = self.browse_mut() else { return };
        let Some(id) = browse.selected() else { return };
        if !browse.tree.has_children(id) {
            return;
        }
        if browse.is_open(id) { browse.step(1) } else { browse.set_open(id, true) }
    }

    fn close(&mut self) {
        match self.focus {
            Pane::List => {}
            Pane::Details => self.focus = Pane::Tree,
            Pane::Tree => {
                let Some(browse) = self.browse_mut() else { return self.focus = Pane::List };
                if browse.cursor == 0 {
                    self.focus = Pane::List;
                } else {
                    browse.close_or_leave();
                }
            }
        }
    }

    pub(super) fn toggle(&mut self) {
        if self.focus != Pane::Tree {
            return;
        }
        if let Some(browse) = self.browse_mut()
            && let Some(id) = browse.selected()
        {
            let open = browse.is_open(id);
            browse.set_open(id, !open);
        }
    }

    pub(super) fn enter(&mut self, effects: &mut Vec<Effect>) {
        if self.focus == Pane::List {
            return self.focus = Pane::Tree;
        }
        match self.selected_path().map(|(_, tree, id)| (tree.node(id).kind, tree.has_children(id))) {
            Some((Kind::Folder, _) | (_, true)) => self.toggle(),
            Some((Kind::Link, _)) => self.follow(),
            Some(_) => self.show(effects),
            None => {}
        }
    }

    fn each_folder(&mut self, open: bool) {
        if let Some(browse) = self.browse_mut() {
            if open { browse.open_all() } else { browse.close_all() }
        }
    }

    pub(super) fn set_filter(&mut self, filter: &str) {
        if self.focus == Pane::List {
            return self.list_mut().set_filter(filter);
        }
        if let Some(browse) = self.browse_mut() {
            browse.set_filter(filter);
        }
    }

    /// The next that holds the text; from the cursor's row on, or from the one behind it.
    pub(super) fn seek(&mut self, sought: &str, forward: bool, from_here: bool) -> bool {
        if self.focus == Pane::List {
            return self.list_mut().find(sought, forward, from_here);
        }
        self.browse_mut().is_some_and(|browse| browse.find(sought, forward, from_here))
    }

    fn find_again(&mut self, forward: bool) {
        let sought = self.sought.clone();
        if sought.is_empty() {
            return self.say("nothing was sought yet: f");
        }
        if !self.seek(&sought, forward, false) {
            self.complain(format!("nothing holds `{}`", text::plain(&sought)));
        }
    }

    fn sort(&mut self) {
        if self.focus == Pane::List {
            let list = self.list();
            let next = match list.sort {
                None => Some(Sort::Size),
                Some(Sort::Size) => Some(Sort::Name),
                Some(Sort::Name) => Some(Sort::Wasted),
                Some(_) => None,
            };
            let reverse = list.is_reversed();
            self.list_mut().set_sort(next, reverse);
            return self.say(format!("sorted by {}", next.map_or("their place in the image", Sort::word)));
        }
        self.sort.0 = self.sort.0.next();
        self.sorted();
    }

    fn reverse(&mut self) {
        if self.focus == Pane::List {
            let (sort, reverse) = (self.list().sort, self.list().is_reversed());
            return self.list_mut().set_sort(sort, !reverse);
        }
        self.sort.1 = !self.sort.1;
        self.sorted();
    }

    fn sorted(&mut self) {
        let (sort, reverse) = self.sort;
        if let Some(browse) = self.browse_mut() {
            browse.set_sort(sort, reverse);
        }
        self.say(format!("sorted by {}{}", sort.word(), if reverse { ", the other way round" } else { "" }));
    }

    fn only(&mut self, marks: u8, wasted: bool) {
        let Some(browse) = self.browse_mut() else { return };
        browse.set_show(browse.show.toggled(marks, wasted));
        let nothing = browse.len() < 2;
        if nothing {
            self.say("nothing is like that; a shows everything");
        }
    }

    fn all_or_different(&mut self) {
        if let Some(browse) = self.browse_mut() {
            browse.set_show(if browse.show == Show::ALL { Show::DIFFERENT } else { Show::ALL });
        }
    }

    fn set_view(&mut self, view: usize) {
        if self.overview.is_none() {
            return self.say("the image is still being read");
        }
        self.view = view;
        self.focus = Pane::List;
    }

    fn copy(&mut self, effects: &mut Vec<Effect>) {
        let path = match (self.focus, &self.above) {
            (Pane::List, Above::Nothing) => self.list().selected().map(|entry| entry.label.clone()),
            _ => self.selected_path().map(|(path, ..)| text::for_clipboard(&path).into_owned()),
        };
        let Some(path) = path else { return };
        self.say(format!("copied, if the terminal allows it: {}", text::plain(&path)));
        effects.push(Effect::Copy(path));
    }

    fn ask_where(&mut self) {
        match self.file() {
            Ok(request) => self.prompt = Some(prompt::extract(request)),
            Err(reason) => self.complain(reason),
        }
    }

    fn show(&mut self, effects: &mut Vec<Effect>) {
        match self.file() {
            Ok(request) => {
                self.job += 1;
                self.is_busy = true;
                effects.push(Effect::Read { job: self.job, request });
            }
            Err(reason) => self.complain(reason),
        }
    }

    /// The file under the cursor, or why it cannot be had.
    fn file(&self) -> Result<FileRequest, &'static str> {
        if self.overview.is_none() {
            return Err("the image is still being read");
        }
        let which = self.which().filter(|which| !matches!(which, Which::Arrived(_)));
        let (Some(which), Some((path, tree, id))) = (which, self.selected_path()) else {
            return Err("there is no file");
        };
        let node = tree.node(id);
        match node.kind {
            Kind::File => {}
            Kind::Folder => return Err("this is a folder; only files are viewed and extracted"),
            Kind::Link => return Err("this is a link; Enter goes where it leads"),
            Kind::Special => return Err("this is a device or pipe; it has no content"),
        }
        let source = (node.source.1 != super::tree::NONE).then_some(node.source);
        Ok(FileRequest { which, path, mark: node.mark, source })
    }

    /// Goes where the link under the cursor leads, if that is in the tree.
    fn follow(&mut self) {
        let Some((path, tree, id)) = self.selected_path() else { return };
        let (layer, at) = tree.node(id).source;
        let side = self.side();
        let entry = side.and_then(|side| side.layers.get(layer as usize)?.entries.get(at as usize));
        let Some(FileKind::Symlink(target)) = entry.map(|entry| &entry.kind) else {
            return self.complain("where this link leads is not known");
        };
        let to = joined(&path, target);
        match tree.find(&to) {
            Some(id) => {
                if let Some(browse) = self.browse_mut() {
                    browse.reveal(id);
                }
            }
            None => {
                let text = format!("it leads to {}, which is not in this tree", text::name(&to));
                self.complain(text);
            }
        }
    }
}

/// Where a link at `path` leads, inside the root.
fn joined(path: &str, target: &str) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let start = if target.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in start.split('/').chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}
