//! The final stage's base → one without shell and package manager, what runs taken along. Claim: the difference. Two steps, so that
//! the proof can drop the bolder one: without the installers of the language's packages, else with them.

use jettison_facts::Facts;
use jettison_rewrite::Decision;
use jettison_rewrite::bare_base::bare_base;

use super::{Effect, Transform, effect, gain};

/// See the module.
pub const TRANSFORMS: [Transform; 2] = [
    Transform {
        id: "bare-base",
        part: Some("lean"),
        title: "base without shell and package managers",
        decide: |facts, _| decide(facts, true),
    },
    Transform {
        id: "bare-base",
        part: Some("with-installers"),
        title: "base without shell and package manager",
        decide: |facts, _| decide(facts, false),
    },
];

fn decide(facts: &Facts<'_>, lean: bool) -> Decision<Effect> {
    bare_base(facts, lean).map(|bare| {
        let mut effect = effect(bare.change, &["Cmd", "Entrypoint", "Env", "Labels"], true);
        effect.title = Some(format!("base {}: no shell in it", bare.base));
        effect.estimate = gain(bare.gain);
        effect
    })
}
