//! # maintainer-instruction
//!
//! ## What it does
//! Finds MAINTAINER.
//!
//! ## Why is this bad?
//! It is deprecated since 2017; labels say it in a way that tools read.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! MAINTAINER Ada <ada@example.com>
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! LABEL org.opencontainers.image.authors="Ada <ada@example.com>"
//! ```
//! ```dockerfile good
//! FROM debian:12
//! LABEL org.opencontainers.image.authors="ada@example.com"
//! ```
//!
//! ## Fix safety
//! Safe: only the image's author field becomes a label.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/maintainer-deprecated/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["MaintainerDeprecated", "DL4000", "DS-0022", "CKV_DOCKER_6", "DF019", "DD017"],
    fix: FixKind::Safe,
    ..RuleInfo::new("maintainer-instruction", Category::Metadata, Severity::Warning, "MAINTAINER is deprecated")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Maintainer) {
        let found = Found::at(step, step.instruction.keyword_span, "MAINTAINER is deprecated; a label says it too");
        sink.push(found.safe("use a label", fix(sheet, step).into_iter().collect()));
    }
}

fn fix(sheet: &Sheet<'_>, step: &Step<'_>) -> Option<Edit> {
    let body = step.instruction.body.text.trim();
    let one_line = step.instruction.line == step.instruction.end_line && sheet.text(step.instruction.body.span) == body;
    let name = body.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(body);
    let name = name.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(name);
    let doubtful = name.is_empty() || name.contains(['"', '\\', '`', '$']) || name.contains(char::is_control);
    if !one_line || doubtful || step.onbuild {
        return None;
    }
    let keyword = sheet.text(step.instruction.keyword_span);
    let label = if keyword.chars().all(char::is_lowercase) { "label" } else { "LABEL" };
    let text = format!("{label} org.opencontainers.image.authors=\"{name}\"");
    Some(Edit::replace(step.instruction.keyword_span.cover(step.instruction.body.span), text))
}
