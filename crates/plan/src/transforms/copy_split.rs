//! Manifests are copied before the sources. Claim: an edit of a source file does not install dependencies again.

use jettison_rewrite::copy_split;

use super::{Transform, effect};
use crate::Obligation;

/// See the module.
pub const TRANSFORM: Transform = Transform {
    id: "copy-split",
    part: None,
    title: "dependencies before sources",
    decide: |facts, _| {
        copy_split::copy_split(facts).map(|change| {
            let mut effect = effect(change, &[], true);
            effect.obligations.push(Obligation::EditArrives);
            effect
        })
    },
};
