//! Development dependencies stay behind. Claim: their bytes.

use jettison_rewrite::npm_prune::npm_prune;

use super::{Transform, effect};

/// See the module.
pub const TRANSFORM: Transform = Transform {
    id: "npm-prune",
    part: None,
    title: "npm: no development dependencies",
    decide: |facts, _| npm_prune(facts).map(|change| effect(change, &[], true)),
};
