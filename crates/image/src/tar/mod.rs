//! Tar streams member by member: v7, ustar, GNU and pax headers, long names, sparse files. Header layouts are those of
//! the `tar` crate; the walk is our own because names and sizes of hostile archives must stay bounded.

mod member;
mod number;
mod pax;
mod reader;
mod sparse;

pub use member::{Member, MemberKind};
pub use reader::{MemberError, Members, Payload, looks_like_tar};
