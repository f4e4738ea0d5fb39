//! Baseline → plan → candidate → on failure bisect to the guilty step, drop it, go on → measure the winner.

use std::time::Duration;

use jettison_facts::World;
use jettison_plan::{Input, Proposal, Step, StepReport};

use crate::{Baseline, Measurements, ProveError, Prover, Verdict};

/// Limits of a search.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Builds of candidates, the final measurement not counted.
    pub max_builds: usize,
    /// Of the whole search.
    pub time_limit: Option<Duration>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { max_builds: 20, time_limit: None }
    }
}

/// What the search tells while it works.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// The baseline is done.
    Baseline(&'a Baseline),
    /// A plan is made (after the baseline).
    Planned(&'a Proposal),
    /// A candidate is about to be built: number, steps in it, whether this is bisection.
    Candidate {
        /// From 1.
        number: usize,
        /// How many steps it has.
        steps: usize,
        /// Looking for the guilty one.
        bisecting: bool,
    },
    /// It was checked.
    Checked(&'a Verdict),
    /// A step was convicted and dropped.
    Dropped(&'a StepReport),
    /// The winner is about to be measured.
    Measuring,
}

/// How a search ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The original.
    pub baseline: Baseline,
    /// The proposal that survived (its files equal the input where nothing is left to gain).
    pub proposal: Proposal,
    /// Its numbers, measured like the baseline's; none if nothing survived or nothing was to gain.
    pub result: Option<Measurements>,
    /// The final verdict; none likewise.
    pub verdict: Option<Verdict>,
    /// Every obligation held and the level suffices (DESIGN §6, `verified`).
    pub verified: bool,
    /// Candidate builds made.
    pub builds: usize,
    /// Ended by a bound before it was done.
    pub cut_short: Option<String>,
    /// Convicted steps, in the order of conviction.
    pub dropped: Vec<Step>,
}

/// Runs the search. Decisions depend on bytes, step counts and pass or fail, never on seconds.
pub fn optimize(
    input: &Input,
    world: &dyn World,
    prover: &mut dyn Prover,
    bounds: Bounds,
    on_event: &mut dyn FnMut(Event<'_>),
) -> Result<Outcome, ProveError> {
    let _ = (input, world, prover, bounds, on_event);
    todo!()
}
