//! The progress of one run. On a terminal: one line per thing that is over, and one that moves for the thing in flight, with
//! the tail of its log. Elsewhere: plain lines with times.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use jettison_report::text::{Paint, Style, wrap};

use super::{say, stderr_style, width_now};
use crate::environment::Environment;

/// Redrawn this often: more only flickers.
const TICK: Duration = Duration::from_millis(150);
/// Columns of the name in front.
const NAME: usize = 9;

/// Shows what is going on. Cheap to call from anywhere.
pub struct Progress {
    style: Style,
    live: bool,
    quiet: bool,
    verbose: bool,
    started: Instant,
    state: Arc<Mutex<State>>,
    watcher: Option<Watcher>,
}

/// Who draws for himself.
type Watcher = Box<dyn Fn(Seen<'_>) + Send + Sync>;

/// What a watcher is told instead of lines on stderr.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'a> {
    /// What is being done, or something to know.
    Doing(&'a str),
    /// How far the reading of an image is.
    Reading(jettison_transport::Progress<'a>),
}

#[derive(Default)]
struct State {
    flight: Option<Flight>,
    over: Vec<Phase>,
}

/// What is going on.
struct Flight {
    name: String,
    activity: String,
    since: Instant,
    tail: String,
}

/// A part of something that is over.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    /// `cold build`
    pub activity: String,
    /// Wall time.
    pub seconds: f64,
    /// One clause.
    pub detail: String,
}

impl Progress {
    /// On stderr.
    pub fn new(environment: &Environment, quiet: bool, verbose: bool) -> Self {
        let live = environment.terminals.1 && !environment.dumb && !verbose && !quiet;
        let style = stderr_style(environment);
        let state = Arc::new(Mutex::new(State::default()));
        if live {
            let (state, columns) = (Arc::downgrade(&state), environment.columns);
            std::thread::spawn(move || keep_drawing(&state, style, columns));
        }
        Self { style, live, quiet, verbose, started: Instant::now(), state, watcher: None }
    }

    /// On no stream: `watcher` is told, from whatever thread.
    pub fn watched(environment: &Environment, watcher: Watcher) -> Self {
        let mut progress = Self::new(environment, true, false);
        progress.watcher = Some(watcher);
        progress
    }

    /// Something of an image that is being read.
    pub fn reading(&self, told: jettison_transport::Progress<'_>) {
        self.tell(Seen::Reading(told));
    }

    fn tell(&self, seen: Seen<'_>) {
        if let Some(watcher) = &self.watcher {
            watcher(seen);
        }
    }

    /// A phase begins: `baseline: cold build`.
    pub fn start(&self, phase: &str) {
        let (name, activity) = phase.split_once(": ").unwrap_or((phase, ""));
        self.begin(name, activity);
    }

    /// `name` is in flight, and this is what is done for it.
    pub fn begin(&self, name: &str, activity: &str) {
        self.tell(Seen::Doing(if activity.is_empty() { name } else { activity }));
        let mut state = self.state();
        if state.flight.as_ref().is_some_and(|flight| flight.name == name && flight.activity == activity) {
            return;
        }
        let flight =
            Flight { name: name.to_owned(), activity: activity.to_owned(), since: Instant::now(), tail: String::new() };
        state.flight = Some(flight);
        if !self.quiet && !self.live && !activity.is_empty() {
            say(&format!("{} {name}: {activity}\n", self.time()));
        }
    }

    /// A line of the build's log.
    pub fn tail(&self, line: &str) {
        if self.verbose && !self.quiet && !line.is_empty() {
            say(&format!("             {line}\n"));
        }
        if let Some(flight) = &mut self.state().flight {
            line.clone_into(&mut flight.tail);
        }
    }

    /// How far what is in flight has come; shown only where a line moves.
    pub fn moving(&self, text: &str) {
        if let Some(flight) = &mut self.state().flight {
            text.clone_into(&mut flight.tail);
        }
    }

    /// The phase is over; what it is part of may go on.
    pub fn done(&self, phase: &str, seconds: f64, detail: &str) {
        let activity = phase.split_once(": ").map_or(phase, |(_, activity)| activity).to_owned();
        if self.verbose && !self.quiet && !detail.is_empty() {
            say(&format!("{} {phase}: {detail}\n", self.time()));
        }
        self.state().over.push(Phase { activity, seconds, detail: detail.to_owned() });
    }

    /// The phases that are over since this was asked last.
    pub fn phases(&self) -> Vec<Phase> {
        std::mem::take(&mut self.state().over)
    }

    /// Something good in one line.
    pub fn good(&self, name: &str, text: &str) {
        self.line("✓", Paint::Good, name, text);
    }

    /// Something bad in one line.
    pub fn bad(&self, name: &str, text: &str) {
        self.line("✗", Paint::Bad, name, text);
    }

    /// Something to know in one line.
    pub fn note(&self, name: &str, text: &str) {
        self.tell(Seen::Doing(text));
        self.line("·", Paint::Dim, name, text);
    }

    /// It is over: the result can be shown, an empty line below.
    pub fn end(&self) {
        self.clear();
        if self.live {
            say("\n");
        }
    }

    /// Nothing is in flight any more.
    pub fn clear(&self) {
        if self.state().flight.take().is_some() && self.live {
            say("\r\x1b[K");
        }
    }

    fn line(&self, sign: &str, paint: Paint, name: &str, text: &str) {
        let mut state = self.state();
        state.flight = None;
        if self.quiet {
            return;
        }
        let sign = self.style.paint(paint, &self.style.signs(sign));
        let text = self.style.signs(text);
        if !self.live {
            say(&format!("{} {sign} {name:<NAME$} {text}\n", self.time()));
            return;
        }
        let room = self.style.columns().saturating_sub(NAME + 4);
        let lines = wrap(&text, room, room).join(&format!("\n{}", " ".repeat(NAME + 4)));
        say(&format!("\r\x1b[K {sign} {name:<NAME$} {lines}\n"));
    }

    fn time(&self) -> String {
        format!("[{:>6.1} s]", self.started.elapsed().as_secs_f64())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// What a panicking thread left behind is good enough for a line of progress.
fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Draws the line in flight until nobody has progress to show any more.
fn keep_drawing(state: &Weak<Mutex<State>>, style: Style, columns: Option<usize>) {
    while let Some(state) = state.upgrade() {
        // written under the lock, so that it cannot come after the line that replaces it
        let state = locked(&state);
        if let Some(flight) = &state.flight {
            let line = flight.text(columns.or_else(width_now).unwrap_or(80));
            // wide characters may take more columns than were counted: the terminal cuts them instead of wrapping
            say(&format!("\r\x1b[?7l{}\x1b[K\x1b[?7h", style.paint(Paint::Dim, &style.signs(&line))));
        }
        drop(state);
        std::thread::sleep(TICK);
    }
}

impl Flight {
    /// ` · baseline  cold build  12 s  #7 2.1 Collecting flask`, at most one column less than there are.
    fn text(&self, columns: usize) -> String {
        let name = self.name.trim_end_matches(|sign: char| sign.is_ascii_digit() || sign == ' ');
        let gap = if self.activity.is_empty() { "" } else { "  " };
        let seconds = self.since.elapsed().as_secs();
        let tail = self.tail.trim().chars().map(|sign| if sign.is_control() { ' ' } else { sign });
        let text = format!(" · {name:<NAME$} {}{gap}{seconds} s  ", self.activity);
        text.chars().chain(tail).take(columns.saturating_sub(1)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress() -> Progress {
        Progress::new(&Environment::default(), true, false)
    }

    #[test]
    fn the_line_in_flight_never_wraps() {
        let flight = Flight {
            name: "candidate 12".to_owned(),
            activity: "build".to_owned(),
            since: Instant::now(),
            tail: format!("\x1b[31m#7 {}", "x".repeat(300)),
        };
        let text = flight.text(80);
        assert_eq!(text.chars().count(), 79);
        assert!(text.starts_with(" · candidate build  0 s   [31m#7 xxx"), "{text}");
        assert!(!text.contains('\x1b'));
    }

    #[test]
    fn phases_are_told_once() {
        let progress = progress();
        progress.start("baseline: cold build");
        progress.done("baseline: cold build", 1.5, "3 steps");
        let phase = Phase { activity: "cold build".to_owned(), seconds: 1.5, detail: "3 steps".to_owned() };
        assert_eq!(progress.phases(), [phase]);
        assert_eq!(progress.phases(), []);
    }
}
