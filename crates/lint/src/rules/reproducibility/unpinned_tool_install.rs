//! # unpinned-tool-install
//!
//! ## What it does
//! Finds gems, Go programs, crates and other tools that are installed without a version.
//!
//! ## Why is this bad?
//! Another day installs another version.
//!
//! ## Example
//! ```dockerfile bad
//! FROM ruby:3.4
//! RUN gem install bundler
//! ```
//! ```dockerfile bad
//! FROM golang:1.25
//! RUN go install golang.org/x/tools/gopls@latest
//! ```
//! ```dockerfile good
//! FROM golang:1.25
//! RUN go install golang.org/x/tools/gopls@v0.20.0 && go install ./cmd/tool
//! ```
//! ```dockerfile good
//! FROM ruby:3.4
//! RUN gem install bundler:2.7.1 && gem install rake -v 13.3.0
//! ```
//!
//! ## Fix safety
//! No fix: the versions are not in the file.
//!
//! ## References
//! <https://go.dev/ref/mod#go-install>

use super::super::prelude::*;
use super::packages;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[
        Part::new("gem", &["DL3028", "DF053", "DD030"]),
        Part::new("go", &["DL3062", "DF054"]),
        Part::new("cargo", &[]),
    ],
    ..RuleInfo::new(
        "unpinned-tool-install",
        Category::Reproducibility,
        Severity::Warning,
        "a tool is installed without a version",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls() {
        let arguments = Arguments::of(call);
        let (part, unpinned): (_, Vec<&Arg<'_>>) = match call.tool {
            Some(Tool::Gem) => ("gem", gems(&arguments)),
            Some(Tool::Go) => ("go", programs(&arguments)),
            Some(Tool::Cargo) => ("cargo", crates(&arguments)),
            _ => continue,
        };
        packages::report(step, &unpinned, Some(part), sink);
    }
}

fn gems<'c>(arguments: &Arguments<'c>) -> Vec<&'c Arg<'c>> {
    let versioned = arguments.has(&["-v", "--version", "-g", "--file"]);
    if !arguments.does(&["install", "i"]) || versioned {
        return Vec::new();
    }
    let pinned = |arg: &Arg<'_>| packages::is_unknown(arg) || arg.text().contains(':') || arg.text().ends_with(".gem");
    arguments.rest().iter().copied().filter(|arg| !pinned(arg)).collect()
}

fn programs<'c>(arguments: &Arguments<'c>) -> Vec<&'c Arg<'c>> {
    if !arguments.does(&["install", "run", "get"]) || arguments.has(&["-tool"]) {
        return Vec::new();
    }
    let count = if arguments.verb() == "run" { 1 } else { usize::MAX };
    let is_unpinned = |arg: &Arg<'_>| {
        let text = arg.text();
        let host = text.split('/').next().unwrap_or_default();
        let remote = host.contains('.') && text.contains('/') && !text.starts_with(['.', '/']);
        let moving = [None, Some("latest"), Some("none"), Some("upgrade"), Some("master"), Some("main")];
        remote && moving.contains(&text.split_once('@').map(|(_, version)| version))
    };
    arguments.rest().iter().copied().take(count).filter(|arg| is_unpinned(arg)).collect()
}

fn crates<'c>(arguments: &Arguments<'c>) -> Vec<&'c Arg<'c>> {
    let versioned = ["--version", "--vers", "--git", "--path", "--rev", "--tag"];
    if !arguments.does(&["install"]) || arguments.has(&versioned) {
        return Vec::new();
    }
    let pinned = |arg: &Arg<'_>| packages::is_unknown(arg) || arg.text().contains('@');
    arguments.rest().iter().copied().filter(|arg| !pinned(arg)).collect()
}
