//! The edit engine: applies spans over the source and guards the result.

use jettison_model::{Edit, Fix};

/// Why edits were not applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// Two edits of one fix overlap.
    Overlap,
    /// A span lies outside of the source, or inside a UTF-8 sequence.
    OutOfRange,
    /// The result would have an error that the original has not: the first one's text.
    Breaks(String),
}

/// Applies all edits (any order, not overlapping) to `source`. Several inserts at one place keep their order.
pub fn apply(source: &[u8], edits: &[Edit]) -> Result<Vec<u8>, EditError> {
    let _ = (source, edits);
    todo!()
}

/// Applies edits to a Dockerfile and re-parses: refused if the result has an error that the original lacks.
pub fn apply_checked(source: &[u8], edits: &[Edit]) -> Result<Vec<u8>, EditError> {
    let _ = (source, edits);
    todo!()
}

/// Applies the fixes that do not overlap earlier ones, and returns the text with the indexes of those applied.
pub fn apply_fixes(source: &[u8], fixes: &[Fix]) -> (Vec<u8>, Vec<usize>) {
    let _ = (source, fixes);
    todo!()
}
