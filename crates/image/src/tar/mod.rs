//! Tar streams member by member: v7, ustar, GNU and pax headers, long names, sparse files. Header layouts are those of
//! the `tar` crate; the walk is our own because names and sizes of hostile archives must stay bounded.

mod header;
mod member;
mod number;
mod pax;
mod payload;
mod reader;
mod sparse;

pub use header::looks_like_tar;
pub use member::{Member, MemberKind};
pub use payload::Payload;
pub use reader::{MemberError, Members};

/// Bytes of a header; payloads are padded to a multiple.
const BLOCK: usize = 512;
