//! One file a command: thin, they join the rooms.

pub mod analyze;
pub mod completions;
pub mod history;
pub mod inspect;
pub mod man;
pub mod optimize;
mod proven;
mod session;
mod telling;
pub mod verify;
