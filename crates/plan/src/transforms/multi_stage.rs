//! One stage → build stage and runtime stage. Claim: what only the build needs is not in the image.

use jettison_rewrite::stage_split;

use super::{Transform, effect, gain};
use crate::Obligation;

/// See the module.
pub const TRANSFORM: Transform = Transform {
    id: "multi-stage",
    part: None,
    title: "multi-stage: build tools stay behind",
    decide: |facts, _| {
        stage_split::stage_split(facts).map(|split| {
            let mut effect = effect(split.change, &[], true);
            effect.obligations.push(Obligation::EditArrives);
            effect.estimate = gain(split.left_behind);
            effect
        })
    },
};
