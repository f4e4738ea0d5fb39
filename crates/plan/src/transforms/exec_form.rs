//! ENTRYPOINT and CMD in exec form. Claim: the program itself gets the stop signal.

use jettison_rewrite::exec_form;

use super::{Transform, effect};

/// See the module.
pub const TRANSFORM: Transform = Transform {
    id: "exec-form",
    part: None,
    title: "entry command in exec form",
    decide: |facts, _| exec_form::exec_form(facts).map(|change| effect(change, &["Cmd", "Entrypoint"], true)),
};
