//! The search: baseline, plan, candidate, bisection, measured winner. Pure but for the [`Prover`].

#[cfg(feature = "test")]
pub mod fake;
mod prover;
mod search;

pub use prover::{Baseline, Check, Conviction, Level, Measurements, ProveError, Prover, Verdict};
pub use search::{Bounds, Event, Outcome, optimize};
