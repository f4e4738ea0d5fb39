//! The first elements.
include!(concat!(env!("OUT_DIR"), "/elements.rs"));

/// An element by its number.
pub fn element(number: usize) -> Option<&'static str> {
    ELEMENTS.get(number.checked_sub(1)?).copied()
}
