//! Go programs that are run, not debugged. Claims: no C library is needed beside them, so that the smallest base will do; no bytes
//! for a debugger.

use jettison_rewrite::go_build::{go_static, go_strip};

use super::{Transform, effect};

/// See the module.
pub const TRANSFORMS: [Transform; 2] = [
    Transform {
        id: "go-static",
        part: None,
        title: "Go without C: a program of one file",
        decide: |facts, _| {
            go_static(facts).map(|done| {
                let mut effect = effect(done.change, &[], true);
                effect.linked_statically = done.programs;
                effect
            })
        },
    },
    Transform {
        id: "go-strip",
        part: None,
        title: "Go without debugging information",
        decide: |facts, _| go_strip(facts).map(|change| effect(change, &[], true)),
    },
];
