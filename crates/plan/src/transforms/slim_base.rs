//! The final stage's base → a smaller one of the same distribution release. Claim: the difference of the two bases.

use jettison_rewrite::base_swap;

use super::{Transform, effect, gain};

/// See the module.
pub const TRANSFORM: Transform = Transform {
    id: "slim-base",
    part: None,
    title: "slim base, same release",
    decide: |facts, _| {
        base_swap::base_swap(facts).map(|swap| {
            let (old, new) = swap.bytes;
            let config: &[&str] = if swap.other_family { &["Env", "Labels"] } else { &["Labels"] };
            let mut effect = effect(swap.change, config, true);
            effect.title = Some(format!("base {}, same release", swap.base));
            effect.estimate = gain(old.map_or(0, |old| old.saturating_sub(new)));
            effect
        })
    },
};
