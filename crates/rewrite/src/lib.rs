//! Facts to edits, one file a rewrite: preconditions, refusal reasons, and the edits themselves. `lint` and `plan` share
//! them. Pure; neither judges nor estimates.

mod append;
pub mod apt;
mod apt_merge;
pub mod bare_base;
pub mod base_swap;
pub mod build_cache;
pub mod cache;
mod calls;
pub mod cargo_build;
pub mod compiled_sources;
pub mod context_ignore;
pub mod copy_split;
pub mod exec_form;
pub mod go_build;
mod lines;
mod moves;
pub mod npm_ci;
pub mod npm_prune;
mod package_json;
pub mod pin;
mod runtime;
pub mod secret_mount;
pub mod stage_split;
pub mod start_script;
pub mod tools;
pub mod unused_workdir;
pub mod user;

pub use append::append_command;
pub use moves::{Moves, Root};

use jettison_model::Edit;

/// What a rewrite says.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision<T = Change> {
    /// It applies.
    Apply(T),
    /// It would apply, but this might break something.
    Refuse(String),
    /// There is nothing for it to do, and why.
    Nothing(String),
}

impl<T> Decision<T> {
    /// Maps the applied value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Decision<U> {
        match self {
            Self::Apply(value) => Decision::Apply(change(value)),
            Self::Refuse(reason) => Decision::Refuse(reason),
            Self::Nothing(reason) => Decision::Nothing(reason),
        }
    }
}

/// Edits of a Dockerfile that belong together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// The edits.
    pub edits: Vec<Edit>,
    /// Byte offset of the place in the Dockerfile that it is about.
    pub at: usize,
    /// What it does, in one clause.
    pub does: String,
    /// Paths of the image that may be absent afterwards, in ignore-file syntax relative to `/`, `!` included.
    pub may_drop: Vec<String>,
}

/// A `Refuse` with a formatted reason.
macro_rules! refuse {
    ($($text:tt)*) => { return crate::Decision::Refuse(format!($($text)*)) };
}

/// A `Nothing` with a formatted reason.
macro_rules! nothing {
    ($($text:tt)*) => { return crate::Decision::Nothing(format!($($text)*)) };
}

pub(crate) use {nothing, refuse};
