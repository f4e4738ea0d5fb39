//! What people read on the terminal: the answer first, the evidence under it, the how last. Nothing wraps by accident and
//! nothing is lost without colour.

mod error;
pub mod image;
mod number;
mod optimize;
mod proof;
mod style;
mod table;
mod transforms;
mod verify;

pub use error::error;
pub(crate) use number::mark as evidence_mark;
pub use number::{bytes, change, ratio, seconds};
pub use optimize::optimize;
pub(crate) use style::is_unseen;
pub use style::{Paint, Style, harmless};
pub(crate) use table::{Cell, aligned, unbroken, wrapped};
pub use table::{shorten_end, shorten_middle, width, wrap};
pub use verify::verify;
