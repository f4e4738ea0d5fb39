//! Why a command could not do what was asked: what, where, the last lines, the next command; and the exit code.

use std::path::Path;

use jettison_optimize::ProveError;
use jettison_report::text::{self, Style};

/// Exit code after Ctrl-C.
const INTERRUPTED: u8 = 130;

/// An error for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// 2: could not ask; 130: Ctrl-C.
    pub code: u8,
    /// One clause.
    pub what: String,
    /// `Dockerfile:7  RUN …`
    pub place: Option<String>,
    /// Of a log.
    pub lines: Vec<String>,
    /// The command to type.
    pub next: Option<String>,
}

impl Failure {
    /// Could not ask.
    pub fn new(what: impl Into<String>) -> Self {
        Self { code: 2, what: what.into(), ..Self::default() }
    }

    /// With the next command to type.
    pub fn next(self, next: impl Into<String>) -> Self {
        Self { next: Some(next.into()), ..self }
    }

    /// With the place.
    pub fn at(self, place: impl Into<String>) -> Self {
        Self { place: Some(place.into()), ..self }
    }

    /// After Ctrl-C.
    pub fn interrupted() -> Self {
        Self {
            code: INTERRUPTED,
            what: "interrupted; everything that was started is removed".to_owned(),
            ..Self::default()
        }
    }

    /// As it is shown.
    pub fn text(&self, style: &Style) -> String {
        text::error(&self.what, self.place.as_deref(), &self.lines, self.next.as_deref(), style)
    }

    /// From the proof on `engine`; `dockerfile` and `context` as the user named them.
    pub fn from_proof(error: ProveError, engine: &str, dockerfile: &str, context: &str) -> Self {
        let line = |line: Option<u32>| line.map_or(dockerfile.to_owned(), |line| format!("{dockerfile}:{line}"));
        let what = error.to_string();
        let usual = Path::new(context).join("Dockerfile") == Path::new(dockerfile);
        let file = if usual { String::new() } else { format!("-f {dockerfile} ") };
        let build = format!("{engine} build {file}{context}");
        match error {
            ProveError::Interrupted => Self::interrupted(),
            ProveError::BaselineBuild { line: at, instruction, cause, log } => {
                let place = format!("{}  {}   {cause}", line(at), instruction.unwrap_or_default());
                Self { place: Some(place), lines: log, ..Self::new(what) }.next(build)
            }
            ProveError::BaseUnavailable { line: at, reference, .. } => {
                Self::new(what).at(line(at)).next(format!("{engine} pull {reference}"))
            }
            ProveError::SmokeBaseline { output } => Self { lines: output, ..Self::new(what) }
                .next("try the command against a container of the unchanged image"),
            ProveError::TimeLimit => Self::new(what).next("give it more time: --time-limit 1h"),
            ProveError::Other { next, .. } => Self { next, ..Self::new(what) },
        }
    }
}

impl From<jettison_engine::Error> for Failure {
    fn from(error: jettison_engine::Error) -> Self {
        use jettison_engine::Error;
        let what = error.to_string();
        match error {
            Error::Interrupted => Self::interrupted(),
            Error::NoEngine { reasons, .. } => {
                let telling = reasons.into_iter().find(|reason| !reason.ends_with("not installed"));
                Self { place: telling, ..Self::new(what) }
                    .next("install one, or run with --no-verify for a plan with modelled numbers")
            }
            Error::Unreachable { engine, .. } => {
                Self::new(what).next(format!("start it and try `{engine} version`, or run with --no-verify for a plan"))
            }
            Error::Permission { engine, .. } => Self::new(what)
                .next(format!("give your user access to {engine}'s socket, or run with --no-verify for a plan")),
            Error::RateLimited { reference } => {
                Self::new(what).next(format!("log in to the registry with your engine, then pull {reference} with it"))
            }
            Error::NotFound { reference, .. } => Self::new(what).next(format!("pull {reference} with your engine")),
            _ => Self::new(what),
        }
    }
}
