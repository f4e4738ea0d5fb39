//! The progress of one run: phases with their seconds, the tail of the build log while a phase lasts, one line when it is over.

use std::sync::Mutex;
use std::time::Instant;

use jettison_report::text::{Paint, Style};

use super::{say, stderr_style};
use crate::environment::Environment;

/// Shows what is going on. Cheap to call from anywhere.
pub struct Progress {
    style: Style,
    live: bool,
    quiet: bool,
    verbose: bool,
    started: Instant,
    phase: Mutex<Option<Phase>>,
}

struct Phase {
    name: String,
    since: Instant,
    drawn: Option<Instant>,
}

impl Progress {
    /// On stderr.
    pub fn new(environment: &Environment, quiet: bool, verbose: bool) -> Self {
        let live = environment.terminals.1 && !environment.dumb && !verbose;
        Self {
            style: stderr_style(environment),
            live,
            quiet,
            verbose,
            started: Instant::now(),
            phase: Mutex::new(None),
        }
    }

    /// A phase begins.
    pub fn start(&self, name: &str) {
        if let Ok(mut phase) = self.phase.lock() {
            *phase = Some(Phase { name: name.to_owned(), since: Instant::now(), drawn: None });
        }
        if self.quiet {
            return;
        }
        if self.live {
            self.tail("");
        } else {
            say(&format!("[{:>6.1} s] {name} …\n", self.started.elapsed().as_secs_f64()));
        }
    }

    /// A line of the build's log.
    pub fn tail(&self, line: &str) {
        if self.quiet {
            return;
        }
        if self.verbose && !line.is_empty() {
            say(&format!("           {line}\n"));
        }
        let Ok(mut phase) = self.phase.lock() else { return };
        let Some(phase) = phase.as_mut().filter(|_| self.live) else { return };
        // more than ten a second only flickers
        if phase.drawn.is_some_and(|at| at.elapsed().as_millis() < 100) {
            return;
        }
        phase.drawn = Some(Instant::now());
        let text = format!(" · {}  {:.0} s  {line}", phase.name, phase.since.elapsed().as_secs_f64());
        let cut: String = text
            .chars()
            .filter(|character| !character.is_control())
            .take(self.style.columns().saturating_sub(1))
            .collect();
        say(&format!("\r\x1b[K{}", self.style.paint(Paint::Dim, &cut)));
    }

    /// The phase is over.
    pub fn done(&self, name: &str, seconds: f64, detail: &str) {
        let dots = if detail.is_empty() { "" } else { " · " };
        self.line("✓", Paint::Good, &format!("{name}  {seconds:.1} s{dots}{detail}"));
    }

    /// Something good in one line.
    pub fn good(&self, text: &str) {
        self.line("✓", Paint::Good, text);
    }

    /// Something bad in one line.
    pub fn bad(&self, text: &str) {
        self.line("✗", Paint::Bad, text);
    }

    /// Something to know in one line.
    pub fn note(&self, text: &str) {
        self.line("·", Paint::Dim, text);
    }

    fn line(&self, sign: &str, paint: Paint, text: &str) {
        if let Ok(mut phase) = self.phase.lock() {
            *phase = None;
        }
        if self.quiet {
            return;
        }
        let clear = if self.live { "\r\x1b[K" } else { "" };
        let time = if self.live { String::new() } else { format!("[{:>6.1} s]", self.started.elapsed().as_secs_f64()) };
        let sign = self.style.paint(paint, &self.style.signs(sign));
        say(&format!("{clear}{time} {sign} {}\n", self.style.signs(text)));
    }
}
