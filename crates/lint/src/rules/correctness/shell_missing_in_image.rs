//! # shell-missing-in-image
//!
//! ## What it does
//! Finds shell forms in stages that stand on nothing, or on an image without a shell.
//!
//! ## Why is this bad?
//! There is nothing to start them with.
//!
//! ## Example
//! ```dockerfile bad
//! FROM scratch
//! COPY app /app
//! CMD /app
//! ```
//! ```dockerfile good
//! FROM scratch
//! COPY app /app
//! CMD ["/app"]
//! ```
//! ```dockerfile good
//! FROM scratch
//! ADD rootfs.tar.xz /
//! CMD bash
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/build/building/base-images/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:shell-run-in-scratch"],
    ..RuleInfo::new(
        "shell-missing-in-image",
        Category::Correctness,
        Severity::Error,
        "there is no shell for a shell form",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let distro = sheet.distro(stage.index);
        if !matches!(distro, Distro::Scratch | Distro::Bare) {
            continue;
        }
        let mut filled = false;
        for step in sheet.lineage(stage.index) {
            let copy = step.instruction.as_copy();
            filled |= copy.is_some_and(|copy| brings_shell(&copy));
            let starts = [Keyword::Run, Keyword::Cmd, Keyword::Entrypoint].contains(&step.keyword());
            let shell = starts && step.instruction.form == Form::Shell && !step.instruction.body.text.trim().is_empty();
            if shell && !filled && step.stage == Some(stage.index) && step.instruction.shell.is_none() && !step.onbuild
            {
                let found =
                    Found::at(step, step.instruction.keyword_span, "there is no shell in this image to start it with");
                sink.push(if distro == Distro::Bare { found.severity(Severity::Warning).likely() } else { found });
            }
        }
    }
}

/// Whether a COPY or ADD may bring a shell: an archive, a whole file system, a folder of programs.
fn brings_shell(copy: &jettison_dockerfile::views::Copy<'_>) -> bool {
    let target = copy.destination.map(|word| word.raw.as_str()).unwrap_or_default();
    let root = ["/", "./", "."].contains(&target) || target.starts_with("/bin") || target.starts_with("/usr");
    let named = copy.sources.iter().any(|source| {
        ["sh", "bash", "busybox", "rootfs", "tar", "/bin"].iter().any(|sign| source.raw.contains(sign))
            || source.raw == "/"
            || source.raw.contains('$')
    });
    root && (copy.is_add || copy.from.is_some()) || named
}
