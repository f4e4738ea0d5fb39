//! `npm install` → `npm ci`. Claim: the lock file is followed exactly, and faster.

use jettison_rewrite::npm_ci;

use super::{Transform, effect};

/// See the module.
pub const TRANSFORM: Transform = Transform {
    id: "npm-ci",
    part: None,
    title: "npm ci: what the lock file says",
    decide: |facts, _| npm_ci::npm_ci(facts).map(|change| effect(change, &[], true)),
};
