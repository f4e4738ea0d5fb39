//! HTML: one file that loads nothing. Its policy allows exactly the style and the script that stand in it, by their digests;
//! everything that comes from an image is escaped, data for the script stands in a block that is not run.

mod analyze;
mod diff;
mod map;
mod page;

pub use analyze::analyze;
pub use diff::diff;
