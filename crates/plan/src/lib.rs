//! Transforms: each says why it applies or why not, takes its edits from `rewrite`, makes a claim with an estimate and names
//! what must be proven. Pure.

mod policy;
mod propose;
mod sent;
pub mod transforms;

pub use jettison_rewrite::secret_mount::is_secret_name;
pub use policy::Policy;
pub use propose::propose;

use std::collections::BTreeSet;

use jettison_facts::Options;
use jettison_model::Estimate;

/// The files a plan starts from.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The Dockerfile's bytes.
    pub dockerfile: Vec<u8>,
    /// The ignore file in force, if there is one.
    pub ignore: Option<Vec<u8>>,
    /// Context-relative path of the Dockerfile, for texts (`Dockerfile`).
    pub dockerfile_name: String,
    /// Context-relative path of the ignore file that is or would be written (`.dockerignore`).
    pub ignore_name: String,
    /// The builder has cache and bind mounts (`RUN --mount`).
    pub mounts: bool,
    /// Bases are to be pinned by digest.
    pub pin: bool,
    /// What may not be done.
    pub policy: Policy,
    /// `--target`, `--build-arg`, architecture.
    pub options: Options,
}

/// One switchable unit of a plan: a transform, or a part of one (`context-ignore` / `logs`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    /// Kebab-case id of the transform.
    pub id: String,
    /// The part, where a transform has several.
    pub part: Option<String>,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.part {
            Some(part) => write!(f, "{}/{part}", self.id),
            None => f.write_str(&self.id),
        }
    }
}

/// What must hold of the candidate, and be shown to hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obligation {
    /// It builds.
    Builds,
    /// The config equals the baseline's except for these fields (`User`, `Entrypoint`, `Cmd`, `Env`, `Healthcheck`, …).
    SameConfigExcept(Vec<String>),
    /// Only files below these prefixes (or owned by these packages) may be absent.
    SameFilesExcept(Vec<String>),
    /// The program behaves the same, at level ≥ 2 (≥ 3 with a port; ≥ 4 if `answers` and it speaks HTTP).
    SameBehaviour {
        /// Level 4 is needed where the app answers HTTP: base swap, multi-stage, ignore and user changes.
        answers: bool,
    },
    /// No file that matches the secrets data is in any layer.
    NoSecretInLayers,
    /// It runs as somebody else than root.
    NonRoot,
    /// An edit of one source file arrives in the image on a warm rebuild, and fewer steps are executed than before.
    EditArrives,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// In the candidate's files.
    Applied,
    /// Left out because the proof convicted it.
    Dropped,
    /// It would apply, but a precondition says that it might break something.
    Refused,
    /// Nothing to do for it here.
    NotApplicable,
}

/// A step and what is said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct StepReport {
    /// Which.
    pub step: Step,
    /// A short title for the table: `slim base, same Debian release`.
    pub title: String,
    /// What became of it.
    pub status: Status,
    /// Why; for applied ones what it does, in one clause.
    pub reason: String,
    /// File and 1-based line of the original that it is about.
    pub place: Option<(String, u32)>,
    /// What it should gain.
    pub estimate: Option<Estimate>,
    /// What must be shown.
    pub obligations: Vec<Obligation>,
}

/// The files of a candidate. `ignore` is none where no ignore file is needed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Files {
    /// The Dockerfile.
    pub dockerfile: Vec<u8>,
    /// The ignore file.
    pub ignore: Option<Vec<u8>>,
}

/// A plan: the files with all steps applied that may be, and what is said of every step.
#[derive(Clone, Debug, Default)]
pub struct Proposal {
    /// The result.
    pub files: Files,
    /// In canonical order.
    pub steps: Vec<StepReport>,
}

impl Proposal {
    /// The applied steps, in order.
    pub fn applied(&self) -> Vec<Step> {
        self.steps.iter().filter(|report| report.status == Status::Applied).map(|report| report.step.clone()).collect()
    }
}

/// Steps to leave out.
pub type Without = BTreeSet<Step>;
