//! Rust programs that are run, not debugged. Claims: no C library is needed beside them, no bytes for a debugger, and an edit compiles
//! the project alone, not what it depends on.

use jettison_rewrite::Decision;
use jettison_rewrite::cargo_build::{cargo_static, cargo_strip, cargo_target};

use super::{Transform, effect};
use crate::Obligation;

/// See the module.
pub const TRANSFORMS: [Transform; 3] = [
    Transform {
        id: "cargo-static",
        part: None,
        title: "Rust with the C library inside",
        decide: |facts, _| {
            cargo_static(facts).map(|done| {
                let mut effect = effect(done.change, &[], true);
                effect.linked_statically = done.programs;
                effect
            })
        },
    },
    Transform {
        id: "cargo-strip",
        part: None,
        title: "Rust without symbols",
        decide: |facts, _| cargo_strip(facts).map(|change| effect(change, &[], true)),
    },
    Transform {
        id: "cargo-target",
        part: None,
        title: "compiled dependencies in a cache mount",
        decide: |facts, input| match input.mounts {
            true => cargo_target(facts).map(|change| {
                let mut effect = effect(change, &[], true);
                effect.obligations.push(Obligation::EditArrives);
                effect
            }),
            false => Decision::Nothing("the builder has no cache mounts".to_owned()),
        },
    },
];
