//! A build context as the builder would receive it: kept and ignored paths, sizes, hashes. Reads the file system, never
//! writes it.

mod walk;

pub use walk::{Entry, EntryKind, Error, Snapshot, walk};
