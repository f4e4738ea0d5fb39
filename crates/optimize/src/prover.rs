//! What the search asks of the outside: build, run, measure, compare. `verify` implements it; tests fake it.

use std::sync::Arc;

use jettison_facts::Observations;
use jettison_image::{ImageConfig, Sizes};
use jettison_plan::{Files, Obligation};

/// How much is proven. 1 builds · 2 starts and stays up, or ends the same · 3 same listening ports · 4 same answers on probes
/// found by itself · 5 the user's own smoke command. 0: nothing.
pub type Level = u8;

/// Builds, runs and compares.
pub trait Prover {
    /// Builds the original cold, measures it, runs it, records its behaviour (twice, to know what differs by itself) and does a
    /// warm rebuild after an edit of one source file. Errors: the original does not build, no base, no engine, …
    fn baseline(&mut self) -> Result<Baseline, ProveError>;

    /// Builds a candidate (caches allowed), runs it and checks the obligations against the baseline. A candidate that fails is a
    /// verdict, not an error. `label` is for progress and log names.
    fn prove(&mut self, label: &str, files: &Files, obligations: &[Obligation]) -> Result<Verdict, ProveError>;

    /// Proves a candidate and, if it holds, measures it like the baseline: cold build, warm rebuild after the same edit, sizes.
    fn measure(
        &mut self,
        label: &str,
        files: &Files,
        obligations: &[Obligation],
    ) -> Result<(Measurements, Verdict), ProveError>;
}

/// What the original showed.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// Numbers.
    pub measurements: Measurements,
    /// For planning.
    pub observations: Arc<Observations>,
    /// Probes recorded.
    pub probes: usize,
    /// The highest level that can be reached here, and why not more, one clause each.
    pub reachable: Level,
    /// See `reachable`.
    pub not_checked: Vec<String>,
}

/// One side's numbers; all measured.
#[derive(Clone, Debug, Default)]
pub struct Measurements {
    /// The image's id.
    pub image_id: String,
    /// Its config.
    pub config: ImageConfig,
    /// Its sizes.
    pub sizes: Sizes,
    /// Layers (not counting empty ones).
    pub layers: usize,
    /// Bytes that the builder receives as context.
    pub context_bytes: u64,
    /// Files among them.
    pub context_files: usize,
    /// Cold build; none if it was not measured.
    pub cold_build_seconds: Option<f64>,
    /// Warm rebuild after an edit.
    pub warm_build_seconds: Option<f64>,
    /// Steps executed in the warm rebuild.
    pub warm_executed: Option<usize>,
    /// The edited file, and whether the edit was found in the image (none: no place to look).
    pub warm_edit: Option<(String, Option<bool>)>,
    /// User; empty means root.
    pub user: String,
    /// Ports it listened on.
    pub ports: Vec<u16>,
    /// Paths in the layers that match the secrets data, with the pattern.
    pub secrets: Vec<(String, String)>,
    /// Paths that match the junk data, with the pattern, at most one a folder.
    pub junk: Vec<(String, String)>,
    /// Bytes of them.
    pub junk_bytes: u64,
}

/// One obligation or observation, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// `builds`, `starts`, `ports`, `GET /health`, `config`, `files`, `secrets`, `non-root`, `edit arrives`, `smoke`.
    pub name: String,
    /// Whether it held.
    pub passed: bool,
    /// One clause.
    pub detail: String,
}

/// What the proof says of a candidate.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Level reached.
    pub level: Level,
    /// Everything checked.
    pub checks: Vec<Check>,
    /// Every obligation held.
    pub holds: bool,
    /// If not: what convicted it.
    pub conviction: Option<Conviction>,
    /// The candidate's sizes where it was built.
    pub sizes: Option<Sizes>,
}

/// The evidence against a candidate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conviction {
    /// `build`, `start`, `ports`, `answers`, `files`, `config`, `secrets`, `user`, `edit`, `smoke`.
    pub phase: String,
    /// One clause: `GET /report: 500 instead of 200`.
    pub reason: String,
    /// Log it comes from, and the 1-based line in it that says most.
    pub log: Option<(String, usize)>,
    /// That line.
    pub line: Option<String>,
}

/// Why nothing could be proven. Exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// The original does not build.
    #[error("the Dockerfile does not build as it is, so there is nothing to prove against")]
    BaselineBuild {
        /// `7`
        line: Option<u32>,
        /// `RUN pip install -r requirements.txt`
        instruction: Option<String>,
        /// `exit code 1`, or the builder's words.
        cause: String,
        /// The last lines of the log that matter.
        log: Vec<String>,
    },
    /// A base image cannot be had.
    #[error("base image {reference} is not available: {reason}")]
    BaseUnavailable {
        /// As in the FROM.
        reference: String,
        /// The registry's or engine's words.
        reason: String,
        /// Of the FROM.
        line: Option<u32>,
    },
    /// The smoke command fails on the original already.
    #[error("the smoke command fails on the unchanged image already, so it proves nothing")]
    SmokeBaseline {
        /// Its last lines.
        output: Vec<String>,
    },
    /// The time limit of the whole run.
    #[error("the time limit is over")]
    TimeLimit,
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// Anything else, with what to do next.
    #[error("{message}")]
    Other {
        /// What, where, why.
        message: String,
        /// The next command to type.
        next: Option<String>,
    },
}
