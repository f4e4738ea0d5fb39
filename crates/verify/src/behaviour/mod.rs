//! What an image does when it runs: starts, ports, answers to probes, files written; and whether another image does the same.
//! Runs containers through an [`Engine`] and looks at them from a sidecar; it does not build, and it does not decide which
//! change is to blame. DESIGN §6, *Running* and *Levels*.

mod compare;
mod discover;
mod health;
mod http;
mod json;
mod links;
mod mask;
mod observe;
mod probe;
mod processes;
mod sidecar;
mod sockets;
mod text;
mod wire;

use std::time::Duration;

use jettison_engine::{Engine, Limits, RunId};

pub use compare::{compare, reachable, telling_answers};
pub use discover::discover;
pub use mask::{Mask, mask};
pub use observe::{control, observe};
pub use probe::probe_main;
pub use sidecar::make_sidecar;

/// Path of the probe that no app answers with a page of its own: what it gets is what 'not found' looks like there.
pub const MISSING_PATH: &str = "/jettison-no-such-path-7f3a";

/// How containers are run and looked at.
pub struct Session<'a> {
    /// Where.
    pub engine: &'a dyn Engine,
    /// Everything made is labelled with it.
    pub run: &'a RunId,
    /// Image of the sidecar, from [`make_sidecar`]; without it nothing above level 2 is seen.
    pub sidecar: Option<String>,
    /// Of the app's container.
    pub limits: Limits,
    /// `linux/amd64`; the engine's own if none.
    pub platform: Option<String>,
    /// How long an app may take until it listens.
    pub ready_timeout: Duration,
    /// How long the listening ports must not change, and the app must stay up.
    pub settle: Duration,
}

/// One request to send.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProbeRequest {
    /// The container's port; none means every port that speaks HTTP.
    pub port: Option<u16>,
    /// `GET`.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Where it was found: `HEALTHCHECK`, `app/main.py:14`.
    pub source: String,
}

/// What one run of an image showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Behaviour {
    /// The container could be started.
    pub started: bool,
    /// It still ran after the probes, and at least [`Session::settle`].
    pub stayed_up: bool,
    /// Of a program that ended by itself.
    pub exit_code: Option<i32>,
    /// TCP ports listened on, on more than loopback addresses; sorted.
    pub ports: Vec<u16>,
    /// TCP ports listened on by loopback addresses only; sorted. Nothing outside reaches them, so they are not probed.
    pub loopback_ports: Vec<u16>,
    /// In the order they were sent.
    pub answers: Vec<Answer>,
    /// Resolved paths of the programs that ran (`/proc/*/exe`), as far as they could be seen; sorted.
    pub programs: Vec<String>,
    /// Absolute paths created or changed; sorted.
    pub written: Vec<String>,
    /// The last 256 KiB of its output.
    pub logs: String,
    /// What its HEALTHCHECK said; none if it has none, or did not run any more.
    pub health: Option<Health>,
    /// It never listened on a port within [`Session::ready_timeout`].
    pub never_ready: bool,
    /// A sidecar looked at it: ports and answers are knowledge, not ignorance.
    pub probed: bool,
    /// Names that only this container has (its id, its addresses), to be taken out of what is compared.
    pub identity: Vec<String>,
    /// Why it did not start, or what went wrong on the way.
    pub error: Option<String>,
}

/// What the image's HEALTHCHECK, run once in the container, said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// 0 is healthy; none if it did not end in time.
    pub exit_code: Option<i32>,
    /// What it printed.
    pub output: String,
}

/// What came back for one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// What was asked; its port is always set.
    pub request: ProbeRequest,
    /// HTTP status.
    pub status: Option<u16>,
    /// As sent, parameters included; empty if there was none.
    pub content_type: String,
    /// At most 1 MiB.
    pub body: Vec<u8>,
    /// The body was longer.
    pub truncated: bool,
    /// Location header.
    pub location: Option<String>,
    /// Why there is no (whole) answer.
    pub error: Option<String>,
}

/// Why an image could not be looked at. That an app fails is a [`Behaviour`], not an error.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] jettison_engine::Error),
    /// The sidecar cannot be made here; ports and answers cannot be seen, the level is 2 at most.
    #[error("no probe sidecar: {reason}")]
    NoSidecar {
        /// What is missing.
        reason: String,
    },
    /// The sidecar ran and told nothing.
    #[error("the probe sidecar gave no report: {reason}")]
    NoReport {
        /// Its output's last line, or its exit code.
        reason: String,
    },
    /// Probes succeeded where no app is: they would prove nothing.
    #[error("a probe of an empty network was answered ({answer}), so answers prove nothing here")]
    Control {
        /// Which.
        answer: String,
    },
}
