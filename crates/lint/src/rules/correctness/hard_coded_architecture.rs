//! # hard-coded-architecture
//!
//! ## What it does
//! Finds downloads, packages and library paths for one processor architecture in stages that are built for whichever is asked
//! for.
//!
//! ## Why is this bad?
//! On another architecture the program that was fetched does not start, or is emulated without anybody noticing.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN curl -fsSLo /usr/local/bin/tool https://example.com/v1/tool-linux-amd64 && chmod +x /usr/local/bin/tool
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ARG TARGETARCH
//! RUN curl -fsSLo /usr/local/bin/tool https://example.com/v1/tool-linux-$TARGETARCH && chmod +x /usr/local/bin/tool
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN case "$(uname -m)" in x86_64) curl -fsSLO https://example.com/tool-amd64 ;; aarch64) curl -fsSLO https://example.com/tool-arm64 ;; esac
//! ```
//! ```dockerfile good
//! FROM --platform=linux/amd64 debian:12
//! RUN curl -fsSLo /usr/local/bin/tool https://example.com/v1/tool-linux-amd64 && chmod +x /usr/local/bin/tool
//! ```
//!
//! ## Fix safety
//! No fix: how the other architectures are called is the publisher's choice.
//!
//! ## References
//! <https://docs.docker.com/build/building/multi-platform/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo::new(
    "hard-coded-architecture",
    Category::Correctness,
    Severity::Info,
    "a download is for one architecture only",
);

/// Words between other signs that name an architecture.
const NAMES: [&str; 12] =
    ["amd64", "x86_64", "x64", "linux64", "arm64", "aarch64", "armv7", "armhf", "ppc64le", "s390x", "win64", "x86-64"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let asked: Vec<&String> = sheet.settings.platforms.iter().collect();
    for step in sheet.steps.iter().filter(|step| !step.onbuild) {
        let Some(stage) = step.stage.filter(|stage| !is_locked(sheet, *stage)) else { continue };
        let Some((span, word)) = of_add(step).or_else(|| of_run(step)) else { continue };
        let minds = sheet.steps.iter().any(|step| {
            let text = sheet.text(step.instruction.span);
            step.stage == Some(stage) && (text.contains("TARGETARCH") || text.contains("TARGETPLATFORM"))
        });
        let message = format!("this is for {word} only, whatever the image is built for");
        let found = Found::at(step, span, message).likely();
        sink.push(if asked.len() > 1 || minds { found.severity(Severity::Warning) } else { found });
    }
}

/// Whether the stage is for one platform anyway.
fn is_locked(sheet: &Sheet<'_>, stage: usize) -> bool {
    sheet.chain(stage).iter().filter_map(|stage| sheet.graph.stages.get(*stage)).any(|stage| {
        let from = sheet.instructions().get(stage.from);
        let own = ["arm64v8", "arm32v7", "arm32v6", "i386", "ppc64le", "s390x", "amd64"];
        let path = sheet.settings.path.as_deref().unwrap_or_default();
        let in_path = path.split(['/', '-', '_', '.']).any(|part| own.contains(&part));
        let named = stage.name.as_deref().and_then(architecture).is_some();
        // `--platform=$BUILDPLATFORM` too: the machine that builds is known to whoever writes that.
        let flag = from.is_some_and(|from| from.flag("platform").is_some());
        let image = if let Base::Image(image) = &stage.base { image.as_str() } else { "" };
        let of_image = architecture(image).is_some() || image.split(['/', '-', ':']).any(|part| own.contains(&part));
        named || flag || in_path || of_image
    })
}

fn of_add(step: &Step<'_>) -> Option<(Span, &'static str)> {
    let copy = step.instruction.as_copy().filter(|copy| copy.is_add)?;
    let remote = copy.sources.iter().filter(|source| source.raw.contains("://") && !source.raw.contains('$'));
    remote.filter_map(|source| Some((source.span, architecture(&source.raw)?))).next()
}

fn of_run(step: &Step<'_>) -> Option<(Span, &'static str)> {
    let asks = step.calls.iter().any(|call| ["uname", "arch", "dpkg-architecture"].contains(&call.name))
        || step.calls.iter().any(|call| call.args.iter().any(|arg| arg.text() == "--print-architecture"));
    let text = step.instruction.body.text.as_str();
    let chooses = ["print-arch", "print-multiarch", "uname -m", "TARGETARCH"].iter().any(|sign| text.contains(sign));
    if step.keyword() != Keyword::Run || asks || chooses || names_several(text) {
        return None;
    }
    let fetches = |call: &&Call<'_>| matches!(call.tool, Some(Tool::Curl | Tool::Wget)) && !call.place.conditional;
    step.calls.iter().filter(fetches).find_map(|call| {
        let remote = call.args.iter().filter(|arg| arg.text().contains("://") && !arg.word.raw.contains("ARCH"));
        remote
            .filter(|arg| !arg.word.raw.contains("arch"))
            .find_map(|arg| Some((arg.span(), architecture(arg.text())?)))
    })
}

/// Whether a script has words for two machines: it chooses.
fn names_several(text: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    has(&["amd64", "x86_64", "x64"]) && has(&["arm64", "aarch64", "armhf", "armv7", "ppc64", "s390x"])
}

/// The architecture that a text names as a word of its own; none if it names several, or a page about them.
fn architecture(text: &str) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase();
    let mut found = NAMES.iter().filter(|name| {
        lower.match_indices(**name).any(|(at, _)| {
            let ends = |near: Option<char>| near.is_none_or(|near| !near.is_ascii_alphanumeric());
            ends(lower[..at].chars().next_back()) && ends(lower[at + name.len()..].chars().next())
        })
    });
    let first = *found.next()?;
    found.next().is_none().then_some(first)
}
