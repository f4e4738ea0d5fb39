//! The texts of the commands that look into images. Pictures first, numbers beside them, what to do last.

mod analyze;
mod bar;
mod budgets;
mod cells;
mod diff;
mod history;
mod inspect;
mod layers;
mod tables;
mod why;

pub use analyze::analyze;
pub use budgets::budgets;
pub use diff::{DiffView, diff};
pub use history::history;
pub use inspect::inspect;
pub use why::why;

pub(crate) use cells::{count, percent};
pub(crate) use diff::value_text;
pub(crate) use layers::one_line;
pub(crate) use tables::{causes, kind};

pub(crate) use super::number::mark;
