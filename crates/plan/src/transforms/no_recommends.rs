//! `--no-install-recommends`. Claim: packages that nothing depends on are not installed. What curl, git, gcc and others need of
//! their recommendations is named instead.

use std::collections::BTreeSet;

use jettison_facts::Facts;
use jettison_rewrite::apt;

use super::{Transform, effect, gain};

/// See the module.
pub const TRANSFORM: Transform = Transform {
    id: "apt-no-recommends",
    part: None,
    title: "apt: no recommended packages",
    decide: |facts, _| {
        apt::no_recommends(facts).map(|change| {
            let mut effect = effect(change, &[], true);
            effect.estimate = gain(recommended_bytes(facts));
            effect
        })
    },
};

/// Installed-Size of the app's packages that only a recommendation brought.
fn recommended_bytes(facts: &Facts<'_>) -> u64 {
    let Some(observed) = facts.world.observed() else { return 0 };
    let wanted: BTreeSet<String> = apt::installed_closure(facts, &observed);
    let added = observed.image.packages.values().filter(|package| !apt::is_in_base(&observed, &package.name));
    added.filter(|package| !wanted.contains(&package.name)).map(|package| package.installed_bytes).sum()
}
