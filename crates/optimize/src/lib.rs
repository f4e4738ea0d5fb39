//! The search: baseline, plan, candidate, bisection, measured winner. Pure but for the [`Prover`]; starts no process and
//! prints nothing.

mod bisect;
mod budget;
#[cfg(any(test, feature = "test"))]
pub mod fake;
mod gain;
mod obligations;
mod prober;
mod prover;
mod search;
#[cfg(test)]
mod tests;

pub use gain::{Gain, gains};
pub use obligations::{obligations_of, required_level};
pub use prover::{Baseline, Check, Conviction, Level, Measurements, ProveError, Prover, Verdict};
pub use search::{Bounds, Ending, Event, Outcome, optimize};
