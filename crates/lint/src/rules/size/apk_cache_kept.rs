//! # apk-cache-kept
//!
//! ## What it does
//! Finds `apk add` without `--no-cache` whose index stays in the layer.
//!
//! ## Why is this bad?
//! The package index is 2 to 3 MB that nothing reads at run time.
//!
//! ## Example
//! ```dockerfile bad
//! FROM alpine:3.22
//! RUN apk add curl
//! ```
//! ```dockerfile fixed
//! FROM alpine:3.22
//! RUN apk add --no-cache curl
//! ```
//! ```dockerfile good
//! FROM alpine:3.22
//! RUN apk --no-cache add curl
//! ```
//! ```dockerfile good
//! FROM alpine:3.22
//! RUN apk add --update curl && rm -rf /var/cache/apk/*
//! ```
//! ```dockerfile good
//! FROM alpine:3.22
//! RUN --mount=type=cache,target=/etc/apk/cache apk add curl
//! ```
//!
//! ## Fix safety
//! Safe: the same packages are installed.
//!
//! ## References
//! <https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3019", "DS-0025", "DF029", "DD025", "k:apk_add_using_local_cache_path"],
    roles: Roles::SHIPPED,
    fix: FixKind::Safe,
    ..RuleInfo::new("apk-cache-kept", Category::Size, Severity::Warning, "apk's index stays in the layer")
};

/// Where apk keeps its index.
const CACHE: &str = "/var/cache/apk";

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        if step.mounts_over(CACHE) || step.mounts_over("/etc/apk/cache") {
            continue;
        }
        for (at, call) in step.calls.iter().enumerate().filter(|(_, call)| call.tool == Some(Tool::Apk)) {
            let arguments = Arguments::of(call);
            let switched = ["--no-cache", "--no-network"];
            if !arguments.does(&["add"]) || arguments.has(&switched) || step.deletes_after(at, CACHE) {
                continue;
            }
            let found =
                Found::at(step, call.span(), "the index that `apk add` fetches stays in the layer").costs(2_500_000);
            sink.push(found.safe("add --no-cache", fix(sheet, &arguments)));
        }
    }
}

/// `--no-cache` in the place of `--update`, else behind `add`.
fn fix(sheet: &Sheet<'_>, arguments: &Arguments<'_>) -> Vec<Edit> {
    if let Some(option) = arguments.all(&["--update", "--update-cache"]).next() {
        return vec![Edit::replace(option.arg.span(), "--no-cache")];
    }
    let short = arguments.all(&["-U"]).next().filter(|option| sheet.text(option.arg.span()) == "-U");
    if let Some(option) = short {
        return vec![Edit::replace(option.arg.span(), "--no-cache")];
    }
    let verb = arguments.operands[0];
    if verb.literal { vec![Edit::insert(verb.span().end as usize, " --no-cache")] } else { Vec::new() }
}
