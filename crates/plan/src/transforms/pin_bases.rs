//! Bases by digest, on request (`--pin`). Claim: what was proven is what is built.

use jettison_rewrite::{Decision, pin};

use super::{Transform, effect};

/// See the module.
pub const TRANSFORM: Transform = Transform {
    id: "pin-bases",
    part: None,
    title: "bases pinned by digest",
    decide: |facts, input| {
        if !input.pin {
            return Decision::Nothing("not asked for (--pin)".to_owned());
        }
        pin::pin(facts).map(|change| effect(change, &[], false))
    },
};
