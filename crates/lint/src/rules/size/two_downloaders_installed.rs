//! # two-downloaders-installed
//!
//! ## What it does
//! Finds a stage that installs both curl and wget.
//!
//! ## Why is this bad?
//! One of them can do what both do.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl wget && rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
//! ```
//!
//! ## Fix safety
//! No fix: which one to keep is yours to say.
//!
//! ## References
//! <https://everything.curl.dev/project/others.html>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL4001", "DS-0014", "DF058", "k:run_using_wget_and_curl"],
    roles: Roles::SHIPPED,
    ..RuleInfo::new("two-downloaders-installed", Category::Size, Severity::Info, "both curl and wget are installed")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in &sheet.graph.stages {
        if sheet.is_hadolint() {
            uses(sheet, stage.index, sink);
            continue;
        }
        let place = |name: &str| {
            let steps = sheet.lineage(stage.index).filter(|step| step.keyword() == Keyword::Run);
            steps.filter_map(|step| Some((step, installed(step, name)?))).next()
        };
        let (Some(curl), Some(wget)) = (place("curl"), place("wget")) else { continue };
        let (step, span) = if (curl.0.index, curl.1) > (wget.0.index, wget.1) { curl } else { wget };
        if step.stage == Some(stage.index) {
            sink.push(Found::at(step, span, "both curl and wget are installed; one can do what both do").likely());
        }
    }
}

/// Where a RUN installs the package.
fn installed(step: &Step<'_>, package: &str) -> Option<Span> {
    let installs = |call: &&Call<'_>| {
        let system = matches!(call.tool, Some(Tool::Apt | Tool::Apk | Tool::Dnf | Tool::Yum | Tool::Zypper));
        system && Arguments::of(call).does(&["install", "add", "in"])
    };
    let mut args = step.calls.iter().filter(installs).flat_map(|call| &call.args);
    args.find(|arg| arg.text() == package || arg.text().strip_prefix(package).is_some_and(|rest| rest.starts_with('=')))
        .map(Arg::span)
}

/// hadolint's question: whether a stage calls both.
fn uses(sheet: &Sheet<'_>, stage: usize, sink: &mut Sink<'_>) {
    let calls = |tool| {
        let steps = sheet.stage_steps(stage).filter(|step| step.keyword() == Keyword::Run);
        steps
            .flat_map(|step| step.calls.iter().map(move |call| (step, call)))
            .filter(move |(_, call)| call.tool == Some(tool))
    };
    let both = calls(Tool::Curl).next().is_some() && calls(Tool::Wget).next().is_some();
    let mut seen = Vec::new();
    for (step, call) in calls(Tool::Curl).chain(calls(Tool::Wget)).filter(|_| both) {
        if !seen.contains(&step.index) {
            seen.push(step.index);
            sink.push(Found::at(step, call.span(), "this stage calls both curl and wget"));
        }
    }
}
