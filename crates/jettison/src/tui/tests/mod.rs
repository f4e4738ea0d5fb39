//! The screen without a terminal: real images, the real worker, keys in, cells out.

mod diff;
mod hostile;
mod keys;
mod loading;
mod screens;
mod trees;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use clap::Parser;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jettison_report::text::width;
use jettison_testkit::{ImageBuilder, LayerBuilder};
use ratatui_core::backend::TestBackend;
use ratatui_core::buffer::Buffer;
use ratatui_core::terminal::Terminal;

use super::state::{Effect, Event, State};
use super::view::{Theme, render};
use super::worker::{self, Request, Teller};
use crate::cli::{Cli, Command, ExploreArgs};
use crate::environment::Environment;

/// A Debian with a package, documentation that is removed later, an app that is overwritten, and a secret.
pub fn shop() -> ImageBuilder {
    let status = "Package: libfoo\nStatus: install ok installed\nVersion: 1.2-3\nArchitecture: amd64\nDescription: x\n";
    let base = LayerBuilder::new()
        .file("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n")
        .file("usr/share/doc/a/copyright", vec![b'a'; 300_000])
        .file("usr/share/doc/b/copyright", vec![b'b'; 200_000]);
    let package = LayerBuilder::new()
        .file("usr/lib/libfoo.so.1", vec![b'l'; 900_000])
        .symlink("usr/lib/libfoo.so", "libfoo.so.1")
        .file("var/lib/dpkg/status", status)
        .file("var/lib/dpkg/info/libfoo.list", "/usr/lib/libfoo.so.1\n");
    let app = LayerBuilder::new()
        .file("app/readme.txt", "the shop\n\ton two lines\n")
        .program("app/shop", vec![0x7f; 400_000])
        .file("app/.env", "PASSWORD=x\n");
    ImageBuilder::new()
        .layer(&base, "ADD rootfs.tar / # buildkit")
        .layer(&package, "RUN /bin/sh -c apt-get install -y libfoo # buildkit")
        .layer(&app, "COPY . /app # buildkit")
        .layer(&LayerBuilder::new().program("app/shop", vec![0x7e; 500_000]), "RUN /bin/sh -c make -C /app # buildkit")
        .layer(&LayerBuilder::new().whiteout("usr/share/doc"), "RUN /bin/sh -c rm -rf /usr/share/doc # buildkit")
        .empty_layer("CMD [\"/app/shop\"]")
        .cmd(&["/app/shop"])
}

/// The screen, the worker behind it, and what it wanted of the terminal.
pub struct Played {
    pub state: State,
    ask: Sender<Request>,
    teller: Teller,
    events: Receiver<Event>,
    pub folder: tempfile::TempDir,
    /// What was copied, and what ended it.
    pub wanted: Vec<Effect>,
}

/// Opens archives of these images on a screen of that size and waits until everything is there.
pub fn play(images: &[&ImageBuilder], size: (u16, u16)) -> Played {
    let mut played = start(images, size);
    played.settle();
    played
}

/// As [`play`], not waiting.
pub fn start(images: &[&ImageBuilder], size: (u16, u16)) -> Played {
    let folder = tempfile::tempdir().unwrap();
    let mut typed = Vec::new();
    for (at, image) in images.iter().enumerate() {
        let path = folder.path().join(["a.tar", "b.tar"][at]);
        std::fs::write(&path, image.docker_archive()).unwrap();
        typed.push(path.to_str().unwrap().to_owned());
    }
    let args = arguments(&typed);
    let (send, events) = channel();
    let teller = Teller(send);
    let ask = worker::start(args, Environment::default(), teller.clone());
    let names = ["shop:1", "shop:2"].iter().take(images.len()).map(|name| (*name).to_owned()).collect();
    Played { state: State::new(names, size), ask, teller, events, folder, wanted: Vec::new() }
}

fn arguments(typed: &[String]) -> ExploreArgs {
    let words = ["jettison", "explore"].into_iter().map(str::to_owned).chain(typed.iter().cloned());
    match Cli::try_parse_from(words).unwrap().command {
        Command::Explore(args) => *args,
        other => panic!("{other:?}"),
    }
}

impl Played {
    /// Takes what the worker tells until nothing is being waited for.
    pub fn settle(&mut self) {
        self.update(Event::Tick);
        while self.state.is_moving() || self.waits_for_reasons() {
            let event = self.events.recv_timeout(Duration::from_secs(60)).expect("the worker answers");
            self.update(event);
        }
    }

    fn waits_for_reasons(&self) -> bool {
        let asked = self.state.asked_why.as_ref();
        asked.is_some() && asked != self.state.why.as_ref().map(|(asked, _)| asked)
    }

    pub fn update(&mut self, event: Event) {
        for effect in self.state.update(event) {
            let request = match effect {
                Effect::Tree(which) => Request::Tree(which),
                Effect::Why(asked) => Request::Why(asked),
                Effect::Read { job, request } => Request::Read { job, request },
                Effect::Write { request, to, replace } => Request::Write { request, to, replace },
                Effect::Alone(at, layer) => {
                    worker::alone(at, layer.0.clone(), self.teller.clone());
                    continue;
                }
                Effect::Fail(failure) => panic!("{failure:?}"),
                other => {
                    self.wanted.push(other);
                    continue;
                }
            };
            self.ask.send(request).unwrap();
        }
    }

    /// Presses keys one after the other, waiting for what each brings.
    pub fn press(&mut self, keys: &[&str]) -> &mut Self {
        for key in keys {
            self.update(Event::Key(press(key)));
            self.settle();
        }
        self
    }

    /// Types text, sign by sign.
    pub fn enter(&mut self, text: &str) -> &mut Self {
        for sign in text.chars() {
            self.update(Event::Key(KeyEvent::new(KeyCode::Char(sign), KeyModifiers::NONE)));
        }
        self.settle();
        self
    }

    /// Moves the tree's cursor to a path.
    pub fn go(&mut self, path: &str) -> &mut Self {
        let browse = self.state.browse_mut().expect("a tree");
        let id = browse.tree.find(path).expect("the path");
        browse.reveal(id);
        self.update(Event::Tick);
        self.settle();
        self
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        screen(&self.state, Theme { color: true, unicode: true })
    }

    /// The paths of the rows that the tree shows.
    pub fn rows(&self) -> Vec<String> {
        let browse = self.state.browse().expect("a tree");
        browse.rows(0, usize::MAX).iter().map(|id| browse.tree.path(*id)).collect()
    }
}

/// `a`, `Enter`, `Ctrl-c`
pub fn press(key: &str) -> KeyEvent {
    let (modifiers, key) = match key.strip_prefix("Ctrl-") {
        Some(key) => (KeyModifiers::CONTROL, key),
        None => (KeyModifiers::NONE, key),
    };
    let code = match key {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "BackTab" => KeyCode::BackTab,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "PageUp" => KeyCode::PageUp,
        "PageDown" => KeyCode::PageDown,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "Backspace" => KeyCode::Backspace,
        "Space" => KeyCode::Char(' '),
        sign => KeyCode::Char(sign.chars().next().expect("a key")),
    };
    KeyEvent::new(code, modifiers)
}

/// A screen as text, without the blanks at the ends of lines.
pub fn screen(state: &State, theme: Theme) -> String {
    let buffer = drawn(state, theme);
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let (mut line, mut x) = (String::new(), 0);
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(width(symbol).max(1)).unwrap();
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A screen as cells.
pub fn drawn(state: &State, theme: Theme) -> Buffer {
    let (columns, rows) = state.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| render(state, theme, frame.buffer_mut())).unwrap();
    terminal.backend().buffer().clone()
}

/// Digests depend on how well gzip packs; the columns stay.
pub fn without_digests(screen: &str) -> String {
    let mut parts = screen.split("sha256:");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|sign: char| !sign.is_ascii_hexdigit()).unwrap_or(part.len());
        shown.push_str(&format!("sha256:{}{}", "0".repeat(end), &part[end..]));
    }
    shown
}

/// Compares a screen with the one on record.
macro_rules! assert_screen {
    ($played:expr) => {
        insta::with_settings!({
            omit_expression => true,
            prepend_module_to_snapshot => false,
        }, { insta::assert_snapshot!($crate::tui::tests::without_digests(&$played.screen())) })
    };
}
pub(crate) use assert_screen;
