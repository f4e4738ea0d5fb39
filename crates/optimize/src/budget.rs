//! The bounds of a search: how many builds and how long. The only place where time counts, and only to stop.

use std::time::Duration;

use crate::{Bounds, ProveError};

/// Why a search ends before it is done.
pub(crate) enum Stop {
    /// A bound; the best so far counts.
    CutShort(String),
    /// Nothing counts: interrupted, or the outside failed.
    Failed(ProveError),
}

impl From<ProveError> for Stop {
    fn from(error: ProveError) -> Self {
        match error {
            ProveError::TimeLimit => Self::CutShort("the time limit is over".to_owned()),
            other => Self::Failed(other),
        }
    }
}

/// Builds made and time passed.
pub(crate) struct Budget<'a> {
    bounds: Bounds,
    clock: &'a dyn Fn() -> Duration,
    /// Time kept back for measuring the winner, which takes about as long as the baseline did.
    reserve: Duration,
    /// Candidate builds made.
    pub(crate) builds: usize,
}

impl<'a> Budget<'a> {
    /// Starts after the baseline; `clock` counts from before it.
    pub(crate) fn after_baseline(bounds: Bounds, clock: &'a dyn Fn() -> Duration) -> Self {
        Self { bounds, clock, reserve: clock(), builds: 0 }
    }

    /// Takes one build, if there is one left.
    pub(crate) fn take(&mut self) -> Result<usize, Stop> {
        if self.builds >= self.bounds.max_builds {
            return Err(Stop::CutShort(format!("the limit of {} builds is reached", self.bounds.max_builds)));
        }
        if self.bounds.time_limit.is_some_and(|limit| (self.clock)().saturating_add(self.reserve) >= limit) {
            return Err(Stop::CutShort("the time that is left is kept for the measurement".to_owned()));
        }
        self.builds += 1;
        Ok(self.builds)
    }
}
