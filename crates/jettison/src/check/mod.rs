//! What `jettison check` does around the rules: which files, what is known of their builds, one file at a time on all cores, and
//! what becomes of the findings. The rules themselves are `jettison-lint`'s.

mod baseline;
mod builds;
mod document;
mod embedded;
mod jobs;
mod names;
mod one;
mod parallel;
mod pins;
mod shellcheck;
mod walk;
mod world;

pub use baseline::Baseline;
pub use builds::Build;
pub use document::{entry, heads};
pub use jobs::{Content, Job, Jobs};
pub use names::named;
pub use one::{Checker, Done};
pub use parallel::each;
pub use pins::Pins;
pub use shellcheck::Installed;
