//! The terminal and the loop: events in, effects out, one write a frame. Whatever ends it (q, Ctrl-C, a signal, an error, a
//! panic), the terminal is as it was.

use std::io::{self, BufWriter, Stdout, Write};
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use crossterm::cursor::{Hide, Show};
use crossterm::event::{self, DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste};
use crossterm::style::Print;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{execute, queue};
use jettison_engine::process;
use ratatui_core::terminal::Terminal;
use ratatui_crossterm::CrosstermBackend;

use super::state::{Effect, Event, State};
use super::view::{Theme, render};
use super::worker::{self, Request, Teller};
use crate::cli::ExploreArgs;
use crate::environment::Environment;
use crate::failure::Failure;

/// While something moves, it is drawn this often; over a slow line more would only be late.
const MOVING: Duration = Duration::from_millis(150);
/// Else a signal is looked for this often.
const RESTING: Duration = Duration::from_millis(500);
/// Clicks and the wheel are reported, moves are not: over a slow line each of them would count. xterm's control sequences.
const CLICKS: &str = "\x1b[?1000h\x1b[?1006h";
/// More than a frame takes.
const FRAME: Duration = Duration::from_millis(100);
/// So many events are taken before the screen is drawn again.
const MOST_EVENTS: usize = 512;

type Screen = Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// Runs it to its end; the exit code.
pub fn run(args: &ExploreArgs, environment: &Environment) -> Result<u8, Failure> {
    let theme = Theme { color: environment.colors(true), unicode: environment.unicode };
    let (send, events) = channel();
    let mut held = Held::new().map_err(|error| no_terminal(&error))?;
    let mut screen = screen().map_err(|error| no_terminal(&error))?;
    let size = screen.size().map_err(|error| no_terminal(&error))?;
    let mut state = State::new(args.images().into_iter().map(str::to_owned).collect(), (size.width, size.height));
    let teller = Teller(send.clone());
    let ask = worker::start(args.clone(), environment.clone(), teller.clone());
    thread::spawn(move || listen(&send));
    let mut world = World { ask, teller, has_panicked: held.has_panicked.clone() };
    let outcome = turn(&mut state, &mut screen, &events, &mut world, theme);
    // before anything else is said on it
    held.give_back();
    outcome
}

fn screen() -> io::Result<Screen> {
    // one write a frame: what is drawn in pieces flickers
    let out = BufWriter::with_capacity(64 * 1024, io::stdout());
    let mut screen = Terminal::new(CrosstermBackend::new(out))?;
    screen.clear()?;
    Ok(screen)
}

fn no_terminal(error: &io::Error) -> Failure {
    Failure::new(format!("the terminal cannot be used: {error}"))
}

/// Hands on what the terminal says.
fn listen(events: &Sender<Event>) {
    while let Ok(event) = event::read() {
        let event = match event {
            event::Event::Key(key) => Event::Key(key),
            event::Event::Mouse(mouse) => Event::Mouse(mouse),
            event::Event::Paste(text) => Event::Paste(text),
            event::Event::Resize(columns, rows) => Event::Resize(columns, rows),
            event::Event::FocusGained | event::Event::FocusLost => continue,
        };
        if events.send(event).is_err() {
            return;
        }
    }
}

/// Whom effects go to.
struct World {
    ask: Sender<Request>,
    teller: Teller,
    has_panicked: Arc<AtomicBool>,
}

fn turn(
    state: &mut State,
    screen: &mut Screen,
    events: &Receiver<Event>,
    world: &mut World,
    theme: Theme,
) -> Result<u8, Failure> {
    draw(state, screen, theme)?;
    loop {
        let wait = if state.is_moving() { MOVING } else { RESTING };
        let first = match events.recv_timeout(wait) {
            Ok(event) => event,
            Err(RecvTimeoutError::Timeout) => Event::Tick,
            Err(RecvTimeoutError::Disconnected) => return Err(Failure::new("the terminal has gone")),
        };
        if process::interrupted() {
            return Err(Failure::interrupted());
        }
        if world.has_panicked.load(Ordering::Relaxed) {
            return Err(Failure::new("this is a bug of jettison; please report it with the lines above"));
        }
        // what has come together is drawn together
        let is_tick = matches!(first, Event::Tick);
        for event in std::iter::once(first).chain(events.try_iter().take(MOST_EVENTS)) {
            for effect in state.update(event) {
                if let Some(end) = world.cause(effect, screen) {
                    return end;
                }
            }
        }
        if (!is_tick || state.is_moving()) && !world.has_panicked.load(Ordering::Relaxed) {
            draw(state, screen, theme)?;
        }
    }
}

fn draw(state: &State, screen: &mut Screen, theme: Theme) -> Result<(), Failure> {
    let drawn = queue!(screen.backend_mut(), BeginSynchronizedUpdate)
        .and_then(|()| screen.draw(|frame| render(state, theme, frame.buffer_mut())).map(drop))
        .and_then(|()| execute!(screen.backend_mut(), EndSynchronizedUpdate));
    drawn.map_err(|error| Failure::new(format!("the terminal has gone: {error}")))
}

impl World {
    /// Does what the state wants; with a value, the end.
    fn cause(&mut self, effect: Effect, screen: &mut Screen) -> Option<Result<u8, Failure>> {
        match effect {
            Effect::Quit => return Some(Ok(0)),
            Effect::Fail(failure) => return Some(Err(failure)),
            Effect::Tree(which) => self.ask(Request::Tree(which)),
            Effect::Alone(at, layer) => worker::alone(at, layer.0.clone(), self.teller.clone()),
            Effect::Why(asked) => self.ask(Request::Why(asked)),
            Effect::Read { job, request } => self.ask(Request::Read { job, request }),
            Effect::Write { request, to, replace } => self.ask(Request::Write { request, to, replace }),
            Effect::Copy(text) => {
                let text = BASE64_STANDARD.encode(text);
                let _ = write!(screen.backend_mut(), "\x1b]52;c;{text}\x07");
            }
            Effect::Mouse(true) => drop(queue!(screen.backend_mut(), Print(CLICKS))),
            Effect::Mouse(false) => drop(queue!(screen.backend_mut(), DisableMouseCapture)),
        }
        None
    }

    /// A worker that has gone has told why.
    fn ask(&self, request: Request) {
        let _ = self.ask.send(request);
    }
}

/// The terminal, as long as it is ours.
struct Held {
    is_ours: bool,
    has_panicked: Arc<AtomicBool>,
}

impl Held {
    fn new() -> io::Result<Self> {
        enable_raw_mode()?;
        let has_panicked = Arc::new(AtomicBool::new(false));
        let held = Self { is_ours: true, has_panicked: has_panicked.clone() };
        execute!(io::stdout(), EnterAlternateScreen, Print(CLICKS), EnableBracketedPaste, Hide)?;
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            // nothing is drawn over what it says
            has_panicked.store(true, Ordering::Relaxed);
            // a frame that another thread is drawing just now comes to its end first
            thread::sleep(FRAME);
            give_back();
            before(info);
        }));
        Ok(held)
    }

    fn give_back(&mut self) {
        if std::mem::take(&mut self.is_ours) && !self.has_panicked.load(Ordering::Relaxed) {
            give_back();
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.give_back();
    }
}

fn give_back() {
    let _ = execute!(io::stdout(), DisableBracketedPaste, DisableMouseCapture, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}
