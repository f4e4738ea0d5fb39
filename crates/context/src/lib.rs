//! A build context as the builder would receive it: kept and ignored paths, sizes, hashes. Reads the file system, never
//! writes it, and never starts a process: git's words come in as text.

mod churn;
mod fingerprint;
mod walk;

pub use churn::{CHURN_COMMITS, GIT_LOG_ARGS, parse_git_log};
pub use walk::{Entry, EntryKind, Error, Snapshot, walk};
