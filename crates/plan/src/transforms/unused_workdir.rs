//! A working folder that nothing running reads stays behind. Claim: its bytes.

use jettison_rewrite::unused_workdir::unused_workdir;

use super::{Transform, effect};

/// See the module.
pub const TRANSFORM: Transform = Transform {
    id: "unused-workdir",
    part: None,
    title: "sources that nothing running reads",
    decide: |facts, _| unused_workdir(facts).map(|change| effect(change, &[], true)),
};
