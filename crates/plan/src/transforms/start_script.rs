//! `npm start` → the command that it starts. Claim: signals arrive, and npm is not needed.

use jettison_rewrite::start_script::start_script;

use super::{Transform, effect};

/// See the module.
pub const TRANSFORM: Transform = Transform {
    id: "start-script",
    part: None,
    title: "what `npm start` starts",
    decide: |facts, _| start_script(facts).map(|change| effect(change, &["Cmd"], true)),
};
