//! Package managers' downloads in a cache mount (or not kept) instead of a layer. Claim: their bytes; a changed manifest downloads
//! only what is new.

use jettison_facts::Facts;
use jettison_rewrite::Decision;
use jettison_rewrite::build_cache::{BuildTool, build_cache};
use jettison_rewrite::cache::{Tool, download_cache, leftovers};

use super::{Effect, Transform, effect, gain};
use crate::Input;

/// See the module.
pub const TRANSFORMS: [Transform; 5] = [
    Transform {
        id: "pip-cache",
        part: None,
        title: "cache mount for pip",
        decide: |facts, input| decide(facts, input, Tool::Pip),
    },
    Transform {
        id: "npm-cache",
        part: None,
        title: "cache mount for npm",
        decide: |facts, input| decide(facts, input, Tool::Npm),
    },
    Transform {
        id: "go-cache",
        part: None,
        title: "cache mounts for Go",
        decide: |facts, input| compiled(facts, input, BuildTool::Go),
    },
    Transform {
        id: "cargo-cache",
        part: None,
        title: "cache mounts for cargo",
        decide: |facts, input| compiled(facts, input, BuildTool::Cargo),
    },
    Transform {
        id: "maven-cache",
        part: None,
        title: "cache mount for Maven",
        decide: |facts, input| compiled(facts, input, BuildTool::Maven),
    },
];

fn compiled(facts: &Facts<'_>, input: &Input, tool: BuildTool) -> Decision<Effect> {
    if !input.mounts {
        return Decision::Nothing("the builder has no cache mounts".to_owned());
    }
    build_cache(facts, tool).map(|change| {
        let kept = facts.world.observed().map_or(0, |observed| {
            change.may_drop.iter().map(|path| observed.image.bytes_below(&format!("/{path}"))).sum()
        });
        let mut effect = effect(change, &[], false);
        effect.estimate = gain(kept);
        effect
    })
}

fn decide(facts: &Facts<'_>, input: &Input, tool: Tool) -> Decision<Effect> {
    download_cache(facts, tool, input.mounts).map(|change| {
        let kept = facts.world.observed().map_or(0, |observed| {
            leftovers(tool).iter().map(|path| observed.image.bytes_below(&format!("/{path}"))).max().unwrap_or(0)
        });
        let mut effect = effect(change, &[], false);
        effect.estimate = gain(kept);
        if !input.mounts {
            effect.title = Some(format!("{}: downloads not kept", tool.id()));
        }
        effect
    })
}
