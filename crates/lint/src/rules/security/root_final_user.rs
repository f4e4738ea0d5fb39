//! # root-final-user
//!
//! ## What it does
//! Finds final stages whose last USER is root.
//!
//! ## Why is this bad?
//! Whoever gets into the program is root in the container.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! USER app
//! RUN id
//! USER root
//! CMD ["app"]
//! ```
//! ```dockerfile good
//! FROM debian:12 AS build
//! USER root
//! FROM debian:12
//! COPY --from=build /app /app
//! USER app
//! CMD ["app"]
//! ```
//! ```dockerfile good
//! FROM debian:12
//! USER root
//! ENTRYPOINT ["gosu", "app", "app"]
//! ```
//!
//! ## Fix safety
//! No fix: which user the program can be is not in the file.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#user>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3002", "DS-0002", "CKV_DOCKER_8", "DF002", "k:last_user_is_root"],
    roles: Roles::FINAL,
    ..RuleInfo::new("root-final-user", Category::Security, Severity::Warning, "the image runs as root")
};

/// Programs that give up root themselves.
const DROPS: [&str; 11] = [
    "gosu",
    "su-exec",
    "setpriv",
    "s6-setuidgid",
    "chpst",
    "/init",
    "s6",
    "runuser",
    "/sbin/init",
    "systemd",
    "supervisord",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        let own = sheet.stage_steps(stage.index).filter(|step| step.keyword() == Keyword::User && !step.onbuild);
        let Some(step) = own.last() else { continue };
        let Some(word) = step.instruction.words.first() else { continue };
        let user = sheet.value(step, &word.raw).unwrap_or_else(|| word.raw.to_string());
        if ["root", "0"].contains(&user.split(':').next().unwrap_or_default()) && !drops(sheet, stage.index) {
            let state = sheet.lineage(stage.index).any(|other| other.keyword() == Keyword::Volume);
            let found = Found::at(step, word.span, "the image runs as root");
            sink.push(if state { found.severity(Severity::Error) } else { found });
        }
    }
}

/// Whether what runs gives up root by itself.
pub(super) fn drops(sheet: &Sheet<'_>, stage: usize) -> bool {
    let runs = [Keyword::Entrypoint, Keyword::Cmd];
    !sheet.is_foreign()
        && sheet.lineage(stage).filter(|step| runs.contains(&step.keyword())).any(|step| {
            let text = step.instruction.body.text.as_str();
            DROPS.iter().any(|program| text.contains(program))
        })
}
