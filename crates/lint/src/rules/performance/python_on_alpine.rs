//! # python-on-alpine
//!
//! ## What it does
//! Finds Python on Alpine where compilers are installed so that pip can build packages.
//!
//! ## Why is this bad?
//! Most packages have wheels for Debian that are unpacked at once; here they are compiled, for minutes, in every build.
//!
//! ## Example
//! ```dockerfile bad
//! FROM python:3.13-alpine
//! RUN apk add --no-cache build-base
//! RUN pip install --no-cache-dir -r requirements.txt
//! ```
//! ```dockerfile good
//! FROM python:3.13-alpine
//! RUN pip install --no-cache-dir flask==3.1.0
//! ```
//! ```dockerfile good
//! FROM python:3.13-slim
//! RUN pip install --no-cache-dir -r requirements.txt
//! ```
//!
//! ## Fix safety
//! No fix: `python:…-slim` is about as small, once the compilers count.
//!
//! ## References
//! <https://peps.python.org/pep-0656/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo::new(
    "python-on-alpine",
    Category::Performance,
    Severity::Info,
    "Python packages are compiled where wheels would do",
);

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.graph.stages.iter().filter(|stage| sheet.distro(stage.index) == Distro::Alpine) {
        let calls = || sheet.lineage(stage.index).flat_map(|step| step.calls.iter().map(move |call| (step, call)));
        let compilers = ["gcc", "g++", "build-base", "musl-dev", "alpine-sdk", "rust", "cargo"];
        let brings = calls().any(|(_, call)| {
            call.tool == Some(Tool::Apk) && system_packages(call).iter().any(|name| compilers.contains(name))
        });
        let install = calls().find(|(step, call)| {
            let arguments = Arguments::of(call);
            // These bring themselves up to date only.
            let own = ["pip", "setuptools", "wheel", "virtualenv"];
            let other =
                |arg: &&Arg<'_>| !own.contains(&arg.text().split(['=', '<', '>', '~']).next().unwrap_or_default());
            let others = arguments.rest().iter().any(other) || arguments.has(&["-r", "--requirement"]);
            let installs = call.tool == Some(Tool::Pip) && arguments.does(&["install", "wheel"]);
            step.stage == Some(stage.index) && installs && others
        });
        if let Some((_, call)) = install.filter(|_| brings) {
            let message = "pip compiles here what it unpacks on Debian: musl has few wheels";
            sink.push(Found::stage(stage.index, call.span(), message).guess());
        }
    }
}
