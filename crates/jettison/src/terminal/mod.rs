//! stderr while it works: one line per thing in flight on a terminal, plain lines with times elsewhere.

mod progress;

use std::io::Write;

use jettison_report::text::Style;

use crate::environment::Environment;

pub use progress::{Phase, Progress, Seen};

/// How stdout wants its text.
pub fn stdout_style(environment: &Environment) -> Style {
    style(environment, environment.terminals.0)
}

/// How stderr wants its text.
pub fn stderr_style(environment: &Environment) -> Style {
    style(environment, environment.terminals.1)
}

fn style(environment: &Environment, terminal: bool) -> Style {
    let width = environment.columns.or_else(|| terminal.then(width_now).flatten()).unwrap_or(100);
    Style { color: environment.colors(terminal), width, unicode: environment.unicode }
}

/// Columns of the terminal at this moment, if there is one.
pub(crate) fn width_now() -> Option<usize> {
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

/// Writes to stderr; a closed stderr is no reason to stop.
pub fn say(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
