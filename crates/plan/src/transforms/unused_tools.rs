//! People's tools (editors, downloaders) that nothing names are not installed. Claim: their bytes and their vulnerabilities.

use std::collections::BTreeSet;

use jettison_rewrite::{apt, tools};

use super::{Transform, effect, gain};

/// See the module.
pub const TRANSFORM: Transform = Transform {
    id: "unused-tools",
    part: None,
    title: "tools that nothing names",
    decide: |facts, _| {
        tools::unused_tools(facts).map(|removed| {
            let bytes = facts.world.observed().map_or(0, |observed| {
                let all = apt::installed_closure(facts, &observed);
                let rest: BTreeSet<String> = apt::closure_without(facts, &observed, &removed.packages);
                let gone = all.difference(&rest).filter(|name| !apt::is_in_base(&observed, name));
                gone.filter_map(|name| observed.image.packages.get(name)).map(|package| package.installed_bytes).sum()
            });
            let mut effect = effect(removed.change, &[], true);
            effect.title = Some(format!("tools that nothing names: {}", removed.packages.join(", ")));
            effect.estimate = gain(bytes);
            effect
        })
    },
};
