//! A user of its own. Claim: the program does not run as root, and still writes where it wrote.

use jettison_rewrite::user;

use super::{Transform, effect};
use crate::Obligation;

/// See the module.
pub const TRANSFORM: Transform = Transform {
    id: "non-root",
    part: None,
    title: "non-root user",
    decide: |facts, _| {
        user::non_root(facts).map(|change| {
            let mut effect = effect(change, &["User"], true);
            effect.obligations.push(Obligation::NonRoot);
            effect
        })
    },
};
