//! # conda-cache-kept
//!
//! ## What it does
//! Finds a RUN that installs with conda, mamba or micromamba and leaves the packages in the layer.
//!
//! ## Why is this bad?
//! Every package is in the image twice: installed, and as the archive it came in.
//!
//! ## Example
//! ```dockerfile bad
//! FROM condaforge/miniforge3:25.3.1-0
//! RUN conda install -y numpy=2
//! ```
//! ```dockerfile fixed
//! FROM condaforge/miniforge3:25.3.1-0
//! RUN conda install -y numpy=2 \
//!     && conda clean -afy
//! ```
//! ```dockerfile good
//! FROM condaforge/miniforge3:25.3.1-0
//! RUN conda install -y numpy=2 && conda clean --all --yes
//! ```
//!
//! ## Fix safety
//! Safe: what is cleaned is fetched again when needed.
//!
//! ## References
//! <https://docs.conda.io/projects/conda/en/stable/commands/clean.html>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    roles: Roles::SHIPPED,
    fix: FixKind::Safe,
    ..RuleInfo::new("conda-cache-kept", Category::Size, Severity::Warning, "conda's archives stay in the layer")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        let does = |call: &Call<'_>, verbs: &[&str]| call.tool == Some(Tool::Conda) && Arguments::of(call).does(verbs);
        let installs = |call: &Call<'_>| {
            let env = does(call, &["env"]) && call.args.iter().any(|arg| ["create", "update"].contains(&arg.text()));
            env || does(call, &["install", "create", "update"])
        };
        let Some(at) = step.calls.iter().rposition(installs) else { continue };
        let cleaned = step.calls.iter().skip(at + 1).any(|call| {
            does(call, &["clean"])
                || call.tool == Some(Tool::Rm) && call.args.iter().any(|arg| arg.word.raw.contains("pkgs"))
        });
        let mounted =
            step.mounts.iter().any(|mount| mount.target.as_deref().is_some_and(|target| target.contains("pkgs")));
        if cleaned || mounted {
            continue;
        }
        let call = &step.calls[at];
        let script = step.understood().filter(|_| !step.onbuild && call.place.script == 0 && call.wrappers.is_empty());
        let command = format!("{} clean -afy", call.name_word.raw);
        let edit = script
            .and_then(|script| jettison_rewrite::append_command(sheet.dockerfile, step.instruction, script, &command));
        let found =
            Found::at(step, call.span(), format!("the archives that `{}` fetches stay in the layer", call.name));
        sink.push(found.safe("clean up in the same RUN", edit.into_iter().collect()));
    }
}
