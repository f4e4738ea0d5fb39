//! The final stage's base → a smaller one of the same distribution release. Claim: the difference of the two bases. Two steps, so that
//! the proof can drop the bolder one: plain Debian where the language runtime does not run, else the slim variant.

use jettison_facts::Facts;
use jettison_rewrite::Decision;
use jettison_rewrite::base_swap::{Rung, base_swap};

use super::{Effect, Transform, effect, gain};

/// See the module.
pub const TRANSFORMS: [Transform; 2] = [
    Transform {
        id: "plain-base",
        part: None,
        title: "plain base without the language",
        decide: |facts, _| decide(facts, Rung::Plain),
    },
    Transform {
        id: "slim-base",
        part: None,
        title: "slim base, same release",
        decide: |facts, _| decide(facts, Rung::Slim),
    },
];

fn decide(facts: &Facts<'_>, rung: Rung) -> Decision<Effect> {
    base_swap(facts, rung).map(|swap| {
        let (old, new) = swap.bytes;
        let config: &[&str] = if swap.other_family { &["Entrypoint", "Env", "Labels"] } else { &["Labels"] };
        let mut effect = effect(swap.change, config, true);
        effect.title = Some(format!("base {}, same release", swap.base));
        effect.estimate = gain(old.map_or(0, |old| old.saturating_sub(new)));
        effect
    })
}
