//! Sources and intermediate results stay in the build stage where compiled programs alone run. Claim: their bytes.

use jettison_rewrite::compiled_sources::compiled_sources;

use super::{Transform, effect, gain};

/// See the module.
pub const TRANSFORM: Transform = Transform {
    id: "compiled-sources",
    part: None,
    title: "what was compiled stays behind",
    decide: |facts, _| {
        compiled_sources(facts).map(|behind| {
            let mut effect = effect(behind.change, &[], true);
            effect.estimate = gain(behind.bytes);
            effect.left_behind = behind.gone;
            effect
        })
    },
};
