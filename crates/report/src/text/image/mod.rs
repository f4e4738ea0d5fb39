//! The texts of the commands that look into images. Pictures first, numbers beside them, what to do last.

mod analyze;
mod bar;
mod budgets;
mod cells;
mod layers;
mod tables;

pub use analyze::analyze;
pub use budgets::budgets;
