//! Secrets given as build arguments are mounted where they are used. Claim: their values are in no layer and not in the history.

use jettison_rewrite::{Decision, secret_mount};

use super::{Transform, effect};

/// See the module.
pub const TRANSFORM: Transform = Transform {
    id: "secret-mount",
    part: None,
    title: "secrets mounted where they are used",
    decide: |facts, input| {
        if !input.mounts {
            return Decision::Nothing("the builder has no secret mounts".to_owned());
        }
        secret_mount::secret_mounts(facts, &input.options.build_args).map(|mounted| {
            let mut effect = effect(mounted.change, &[], false);
            effect.title = Some(format!("secrets mounted where they are used: {}", mounted.names.join(", ")));
            effect
        })
    },
};
