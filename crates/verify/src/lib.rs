//! The proof: implements `optimize`'s `Prover` on a real engine. Builds both sides, measures them, runs them, compares images
//! and behaviours, and says what convicted a candidate. It does not decide what to change, and it never writes the user's
//! context. DESIGN §6.

mod arrival;
mod base;
pub mod behaviour;
mod build;
mod checks;
mod edit;
mod failure;
mod inventory;
mod look;
mod numbers;
mod options;
mod running;
mod smoke;
mod telling;
mod tree;
mod verdict;
mod verifier;
mod warm;

pub use options::{BuildOptions, Progress, VerifierOptions};
pub use telling::telling_line;
pub use verifier::Verifier;
