//! apt-get update, install and cleanup in one RUN. Claim: the package lists are in no layer, and no stale index is used.

use jettison_rewrite::apt;

use super::{Transform, effect, gain};

/// See the module.
pub const TRANSFORM: Transform = Transform {
    id: "apt-one-run",
    part: None,
    title: "apt: update, install, clean in one RUN",
    decide: |facts, _| {
        apt::one_run(facts).map(|change| {
            let lists = facts.world.observed().map_or(0, |observed| observed.image.bytes_below("/var/lib/apt/lists"));
            let mut effect = effect(change, &[], false);
            effect.estimate = gain(lists);
            effect
        })
    },
};
