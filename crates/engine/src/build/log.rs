//! The log of one build as it grows: lines with the step they belong to, and the steps themselves, whatever the builder.

use std::time::Duration;

use crate::process::Masker;

/// Lines kept at most; of a longer log the middle goes, because causes stand at the end and beginnings orient.
const MAX_LINES: usize = 100_000;

/// What a builder's output says so far.
pub(crate) struct Log<'a> {
    /// Steps in the order first heard of.
    pub(crate) steps: Vec<Step>,
    /// Bytes of context sent.
    pub(crate) context_bytes: Option<u64>,
    lines: Vec<Line>,
    masker: Masker,
    on_line: &'a mut dyn FnMut(&str),
}

/// A line of the log.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Index into the steps.
    pub(crate) step: Option<usize>,
    pub(crate) text: String,
}

/// A step as the builder tells of it; internal ones (loading metadata, exporting) too.
#[derive(Clone, Debug, Default)]
pub(crate) struct Step {
    /// `[build 3/5] RUN pip install …`
    pub(crate) title: String,
    pub(crate) started: bool,
    pub(crate) cached: bool,
    pub(crate) time: Option<Duration>,
    pub(crate) error: Option<String>,
}

impl Step {
    /// The instruction, where the step is one: `RUN pip install …` of `[build 3/5] RUN pip install …`.
    pub(crate) fn instruction(&self) -> Option<&str> {
        let (place, rest) = self.title.strip_prefix('[')?.split_once("] ")?;
        let (number, of) = place.rsplit(' ').next()?.split_once('/')?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        (digits(number) && digits(of)).then_some(rest)
    }

    /// A step that the figures count: an instruction, but neither FROM (it makes nothing) nor the label we add ourselves.
    pub(crate) fn counts(&self) -> bool {
        self.instruction().is_some_and(|text| {
            !text.starts_with("FROM ")
                && !text.starts_with(concat!("LABEL ", "jettison.run"))
                && !text.starts_with("LABEL \"jettison.run")
        })
    }
}

impl<'a> Log<'a> {
    pub(crate) fn new(masker: Masker, on_line: &'a mut dyn FnMut(&str)) -> Self {
        Self { steps: Vec::new(), context_bytes: None, lines: Vec::new(), masker, on_line }
    }

    /// Adds a line and passes it on.
    pub(crate) fn say(&mut self, step: Option<usize>, text: &str) {
        let text = self.masker.text(text);
        (self.on_line)(&text);
        self.lines.push(Line { step, text });
        if self.lines.len() > MAX_LINES {
            self.lines.drain(MAX_LINES / 4..MAX_LINES / 2);
        }
    }

    /// A step was first heard of; its index.
    pub(crate) fn add_step(&mut self, title: &str) -> usize {
        let title = self.masker.text(title);
        self.steps.push(Step { title, ..Step::default() });
        self.steps.len() - 1
    }

    /// The step has begun: its title is a line of the log.
    pub(crate) fn start(&mut self, step: usize) {
        let Some(entry) = self.steps.get_mut(step) else { return };
        if entry.started {
            return;
        }
        entry.started = true;
        let title = entry.title.clone();
        self.say(Some(step), &title);
    }

    /// The step came from the cache.
    pub(crate) fn cached(&mut self, step: usize) {
        let Some(entry) = self.steps.get_mut(step) else { return };
        if std::mem::replace(&mut entry.cached, true) {
            return;
        }
        entry.started = true;
        let title = format!("CACHED {}", entry.title);
        self.say(Some(step), &title);
    }

    /// The step failed.
    pub(crate) fn failed(&mut self, step: usize, error: &str) {
        let error = self.masker.text(error);
        let Some(entry) = self.steps.get_mut(step) else { return };
        if entry.error.is_some() {
            return;
        }
        entry.error = Some(error.clone());
        self.say(Some(step), &format!("ERROR: {error}"));
    }

    pub(crate) fn set_time(&mut self, step: usize, time: Duration) {
        if let Some(entry) = self.steps.get_mut(step) {
            entry.time = Some(time);
        }
    }

    pub(crate) fn into_parts(self) -> (Vec<Step>, Vec<Line>, Option<u64>) {
        (self.steps, self.lines, self.context_bytes)
    }
}
