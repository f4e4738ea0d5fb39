//! One transform = one file: whether it applies, its claim with an estimate, and what must be proven. The edits come from
//! `rewrite`.

mod apt_one_run;
mod bare_base;
mod cargo_build;
mod compiled_sources;
mod context_ignore;
mod copy_split;
mod download_cache;
mod exec_form;
mod go_build;
mod multi_stage;
mod no_recommends;
mod non_root;
mod npm_ci;
mod npm_prune;
mod pin_bases;
mod secret_mount;
mod slim_base;
mod start_script;
mod unused_tools;
mod unused_workdir;

use jettison_facts::Facts;
use jettison_model::{Edit, Estimate, Evidence};
use jettison_rewrite::{Change, Decision};

use crate::{Input, Obligation};

/// A transform, or one part of one.
pub struct Transform {
    /// Kebab-case.
    pub id: &'static str,
    /// For transforms in several switchable parts.
    pub part: Option<&'static str>,
    /// For the table.
    pub title: &'static str,
    /// Whether and how it applies to these facts.
    pub decide: fn(&Facts<'_>, &Input) -> Decision<Effect>,
}

/// What an applied transform does and claims.
#[derive(Clone, Debug, Default)]
pub struct Effect {
    /// Edits of the Dockerfile.
    pub edits: Vec<Edit>,
    /// A section to add to the ignore file.
    pub ignore: Option<String>,
    /// Byte of the Dockerfile that it is about.
    pub at: usize,
    /// A title that says more than the transform's own.
    pub title: Option<String>,
    /// One clause.
    pub does: String,
    /// What it should gain.
    pub estimate: Option<Estimate>,
    /// What must be shown.
    pub obligations: Vec<Obligation>,
    /// Absolute paths of programs of the image that will need no dynamic linker any more.
    pub linked_statically: Vec<String>,
    /// Absolute paths of files of the image that will not be in it any more.
    pub left_behind: Vec<String>,
}

/// All transforms in canonical order: each works on the result of those before it.
pub fn all() -> Vec<Transform> {
    let mut all = context_ignore::parts();
    all.push(apt_one_run::TRANSFORM);
    all.push(unused_tools::TRANSFORM);
    all.push(no_recommends::TRANSFORM);
    all.push(npm_ci::TRANSFORM);
    all.push(start_script::TRANSFORM);
    all.extend(download_cache::TRANSFORMS);
    all.extend(go_build::TRANSFORMS);
    all.extend(cargo_build::TRANSFORMS);
    all.push(copy_split::TRANSFORM);
    all.push(multi_stage::TRANSFORM);
    all.push(npm_prune::TRANSFORM);
    all.push(compiled_sources::TRANSFORM);
    all.extend(slim_base::TRANSFORMS);
    all.push(unused_workdir::TRANSFORM);
    all.push(secret_mount::TRANSFORM);
    all.push(exec_form::TRANSFORM);
    all.push(non_root::TRANSFORM);
    all.extend(bare_base::TRANSFORMS);
    all.push(pin_bases::TRANSFORM);
    all
}

/// An effect of plain edits: it builds, loses only what it says, and behaves the same.
fn effect(change: Change, config: &[&str], answers: bool) -> Effect {
    let mut obligations = vec![Obligation::Builds, Obligation::SameBehaviour { answers }];
    obligations.push(Obligation::SameConfigExcept(config.iter().map(|field| (*field).to_owned()).collect()));
    obligations.push(Obligation::SameFilesExcept(change.may_drop));
    Effect { edits: change.edits, at: change.at, does: change.does, obligations, ..Effect::default() }
}

/// A gain of unpacked bytes, reckoned from facts.
fn gain(bytes: u64) -> Option<Estimate> {
    (bytes > 0).then(|| Estimate { bytes: Some(-(bytes as i64)), seconds: None, evidence: Evidence::Modelled })
}
