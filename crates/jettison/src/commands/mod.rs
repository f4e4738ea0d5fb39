//! One file a command: thin, they join the rooms.

pub mod analyze;
pub mod check;
pub mod completions;
pub mod config;
pub mod debug;
pub mod diff;
pub mod explain;
pub mod explore;
pub mod history;
pub mod inspect;
pub mod man;
pub mod optimize;
mod policy;
mod proven;
mod pull_request;
pub mod rules;
mod session;
mod telling;
pub mod verify;
pub mod why;

pub use session::{Session, build_args};
