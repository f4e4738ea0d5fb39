//! # build-time-stamp
//!
//! ## What it does
//! Finds clocks and random numbers whose value a RUN writes into the image.
//!
//! ## Why is this bad?
//! Two builds of the same sources give two images.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN date > /built-at
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ARG SOURCE_DATE_EPOCH
//! RUN date -u -d "@$SOURCE_DATE_EPOCH" > /built-at
//! ```
//!
//! ## Fix safety
//! No fix: hand `SOURCE_DATE_EPOCH` in.
//!
//! ## References
//! <https://docs.docker.com/build/ci/github-actions/reproducible-builds/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    on_by_default: false,
    ..RuleInfo::new(
        "build-time-stamp",
        Category::Reproducibility,
        Severity::Info,
        "the time of the build is in the image",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls().filter(|(step, _)| !step.onbuild) {
        let text = step.instruction.body.text.as_str();
        let clock = call.is("date")
            && !call
                .args
                .iter()
                .any(|arg| arg.text() == "-d" || arg.text().starts_with("--date") || arg.word.raw.contains('@'));
        let random = call.is("uuidgen") || call.is("openssl") && call.verb() == Some("rand");
        let kept = !call.simple.redirects.is_empty() || call.place.subshell && text.contains('>');
        if (clock || random) && kept && !text.contains("SOURCE_DATE_EPOCH") {
            let message = format!("what `{}` says is another in every build, and goes into the image", call.name);
            sink.push(Found::at(step, call.span(), message).likely());
        }
    }
}
