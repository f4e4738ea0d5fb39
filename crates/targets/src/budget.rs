//! How much a file may make of itself: nodes that aliases repeat, text that templates double, targets that a matrix multiplies.
//! Honest files stay far below; the bombs of the trade end here, in milliseconds.

use std::cell::Cell;

/// Units (about one byte of text or a sixteenth of a node) that one load may use.
const UNITS: usize = 32 << 20;

/// What is left.
pub(crate) struct Budget(Cell<usize>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(UNITS))
    }
}

impl Budget {
    /// Takes `units`; false when they are not there any more.
    pub(crate) fn take(&self, units: usize) -> bool {
        match self.0.get().checked_sub(units) {
            Some(left) => {
                self.0.set(left);
                true
            }
            None => {
                self.0.set(0);
                false
            }
        }
    }

    /// Units that are left.
    pub(crate) fn left(&self) -> usize {
        self.0.get()
    }
}
