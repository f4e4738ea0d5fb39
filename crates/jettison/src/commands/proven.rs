//! The proof beside a Dockerfile: what an earlier run has shown, and whether it still speaks of what is there now.

use std::path::{Path, PathBuf};

use jettison_dockerfile::ignore::{IgnoreFile, Matcher};
use jettison_plan::Step;
use jettison_report::{Content, ProofFile};

use crate::files::sha256;
use crate::input::{Input, beside};
use crate::output::shown;

/// The name of the proof beside the Dockerfile.
pub const PROOF_NAME: &str = "jettison.proof.json";

/// Where the proof of a Dockerfile lies.
pub fn proof_path(dockerfile: &Path) -> PathBuf {
    dockerfile.with_file_name(PROOF_NAME)
}

/// Files of the context that jettison itself changes, the Dockerfile among them: they are no input of the proof.
pub fn own_files(dockerfile_name: &str) -> Vec<String> {
    let dockerfile = Path::new(dockerfile_name);
    let own = [beside(dockerfile, ".dockerignore"), proof_path(dockerfile)];
    [dockerfile_name.to_owned(), ".dockerignore".to_owned()]
        .into_iter()
        .chain(own.iter().map(|path| shown(path)))
        .collect()
}

/// Whether the context is the one that the proof was made on; `None` if it cannot be read. Reads all of it.
pub fn same_context(context: &Path, proof: &ProofFile) -> Option<bool> {
    let before = proof.before.ignore.as_ref().and_then(Content::bytes);
    let matcher = Matcher::new(&IgnoreFile::parse(before.as_deref().unwrap_or_default()));
    let snapshot = jettison_context::walk(context, &matcher).ok()?;
    let now = snapshot.fingerprint_kept(&own_files(&proof.dockerfile)).ok()?;
    Some(now.to_string() == proof.inputs.context_fingerprint)
}

/// The steps that the proof beside the Dockerfile convicted, with the evidence, if its result is what lies there, in the same
/// context, for the same target and platform, and this version of the program made it.
pub fn convicted(input: &Input, context: &Path, target: Option<&str>, platform: Option<&str>) -> Vec<(Step, String)> {
    let read = || ProofFile::parse(&std::fs::read(proof_path(&input.dockerfile_path)).ok()?).ok();
    let speaks_of_this = |proof: &ProofFile| {
        proof.jettison_version == env!("CARGO_PKG_VERSION")
            && proof.after.dockerfile_sha256 == sha256(&input.dockerfile)
            && proof.after.ignore_sha256 == input.ignore.as_ref().map(|bytes| sha256(bytes))
            && (proof.inputs.target.as_deref(), proof.inputs.platform.as_deref()) == (target, platform)
    };
    let found = read().filter(|proof| !proof.convicted.is_empty() && speaks_of_this(proof));
    let Some(proof) = found.filter(|proof| same_context(context, proof) == Some(true)) else { return Vec::new() };
    let step = |id, part| Step { id, part };
    proof.convicted.into_iter().map(|convicted| (step(convicted.id, convicted.part), convicted.reason)).collect()
}
