//! # rolling-package-source
//!
//! ## What it does
//! Finds package sources that have no releases: Alpine's edge, Debian's testing and unstable, PPAs, rawhide, Tumbleweed, Arch.
//!
//! ## Why is this bad?
//! What is installed tomorrow is another version, and may not fit what comes from a release.
//!
//! ## Example
//! ```dockerfile bad
//! FROM alpine:3.22
//! RUN apk add --no-cache --repository https://dl-cdn.alpinelinux.org/alpine/edge/testing hurl
//! ```
//! ```dockerfile bad
//! FROM debian:sid
//! RUN apt-get update && apt-get install -y curl
//! ```
//! ```dockerfile good
//! FROM alpine:3.22
//! RUN apk add --no-cache --repository https://dl-cdn.alpinelinux.org/alpine/v3.22/community hurl
//! ```
//!
//! ## Fix safety
//! No fix: a release may lack the package.
//!
//! ## References
//! <https://wiki.alpinelinux.org/wiki/Repositories>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo::new(
    "rolling-package-source",
    Category::Reproducibility,
    Severity::Info,
    "packages come from where there are no releases",
);

/// Familiar names of images, and beginnings of their tags ("" for any), that follow a distribution without releases.
const BASES: [(&str, &str); 12] = [
    ("alpine", "edge"),
    ("debian", "sid"),
    ("debian", "unstable"),
    ("debian", "testing"),
    ("debian", "experimental"),
    ("ubuntu", "rolling"),
    ("ubuntu", "devel"),
    ("fedora", "rawhide"),
    ("archlinux", ""),
    ("archlinux/archlinux", ""),
    ("opensuse/tumbleweed", ""),
    ("kalilinux/kali-rolling", ""),
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.graph.stages.iter().filter(|stage| matches!(stage.base, Base::Image(_))) {
        let Some((name, tag)) = sheet.image(stage.index) else { continue };
        let dated = tag.len() > 5 && tag.chars().rev().take(4).all(|digit| digit.is_ascii_digit());
        if BASES.iter().any(|(known, start)| *known == name && tag.starts_with(start)) && !dated {
            let message = format!("`{name}` has no releases here: another day, other packages");
            sink.push(Found::stage(stage.index, sheet.span_of_from(stage.index), message));
        }
    }
    for (step, call) in sheet.calls() {
        let rolling = call.args.iter().find(|arg| is_rolling(call, &arg.word.raw));
        let redirected = call.is("echo") && !call.simple.redirects.is_empty()
            || call.tool.is_some()
            || call.is("add-apt-repository");
        if let Some(arg) = rolling.filter(|_| redirected) {
            let message = "packages from here have no releases: another day, other versions";
            sink.push(Found::at(step, arg.span(), message).likely());
        }
    }
}

fn is_rolling(call: &Call<'_>, word: &str) -> bool {
    let debian =
        word.contains("debian") && ["/sid", " sid ", " unstable ", " testing "].iter().any(|sign| word.contains(sign));
    word.contains("alpine/edge")
        || word.contains("/edge/testing")
        || debian
        || call.is("add-apt-repository") && word.trim_matches(['"', '\'']).starts_with("ppa:")
}
