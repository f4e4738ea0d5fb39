//! The edit of the warm rebuild: which source file, and what is appended to it. Decides from paths and contents only, the
//! same for the same input; copying and building happen elsewhere.

mod choose;
mod comment;

pub(crate) use choose::choose;
pub(crate) use comment::appended;
