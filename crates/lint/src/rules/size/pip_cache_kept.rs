//! # pip-cache-kept
//!
//! ## What it does
//! Finds `pip install` that keeps its download cache in the layer.
//!
//! ## Why is this bad?
//! Every wheel is in the image twice: installed, and as the archive it came in.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN pip install flask==3.1.0
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN pip install --no-cache-dir flask==3.1.0
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ENV PIP_NO_CACHE_DIR=1
//! RUN pip install flask==3.1.0
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN --mount=type=cache,target=/root/.cache/pip pip install flask==3.1.0
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN pip install flask==3.1.0 && rm -rf ~/.cache
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN pip install --no-cache flask==3.1.0
//! ```
//!
//! ## Fix safety
//! Safe: the same packages are installed.
//!
//! ## References
//! <https://pip.pypa.io/en/stable/topics/caching/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3042", "DF030", "DD009", "k:pip_install_keeping_cached_packages"],
    roles: Roles::SHIPPED,
    fix: FixKind::Safe,
    ..RuleInfo::new("pip-cache-kept", Category::Size, Severity::Warning, "pip's download cache stays in the layer")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        for (at, call) in step.calls.iter().enumerate().filter(|(_, call)| call.tool == Some(Tool::Pip)) {
            let arguments = Arguments::of(call);
            let verbs: &[&str] = if sheet.is_hadolint() { &["install"] } else { &["install", "download", "wheel"] };
            if !arguments.does(verbs) || arguments.has(&["--no-cache-dir"]) || arguments.has(&["--help"]) {
                continue;
            }
            // What lies in a folder is not downloaded.
            if !sheet.is_hadolint() && arguments.has(&["--no-index"]) {
                continue;
            }
            // pip takes the beginning of an option for the option
            if !sheet.is_hadolint() && arguments.has(&["--no-cache"]) {
                continue;
            }
            if is_off(step, call) || is_elsewhere(step, &arguments) || is_cleaned(step, at) || is_written(sheet, step) {
                continue;
            }
            let verb = arguments.operands[0];
            let edits =
                if verb.literal { vec![Edit::insert(verb.span().end as usize, " --no-cache-dir")] } else { vec![] };
            let message = format!("`{} {}` keeps its downloads in the layer", call.name, verb.text());
            sink.push(Found::at(step, call.span(), message).safe("add --no-cache-dir", edits));
        }
    }
}

/// Whether an environment variable switches the cache off.
fn is_off(step: &Step<'_>, call: &Call<'_>) -> bool {
    let is_true = |value: &str| !matches!(value.to_ascii_lowercase().as_str(), "" | "no" | "n" | "off");
    let own =
        call.assigned("PIP_NO_CACHE_DIR").or_else(|| step.state.variables.get("PIP_NO_CACHE_DIR").map(String::as_str));
    let exported = step
        .calls
        .iter()
        .any(|call| call.is("export") && call.args.iter().any(|arg| arg.word.raw.starts_with("PIP_NO_CACHE_DIR=")));
    own.is_some_and(is_true) || exported
}

/// Whether a mount covers the cache folder of the user in force.
fn is_elsewhere(step: &Step<'_>, arguments: &Arguments<'_>) -> bool {
    let named = arguments.value(&["--cache-dir"]).or(step.variable("PIP_CACHE_DIR"));
    if let Some(folder) = named {
        return step.mounts_over(folder.trim_end_matches('/'));
    }
    let user =
        step.state.user.as_deref().filter(|user| !["root", "0"].contains(&user.split(':').next().unwrap_or(user)));
    let home = step.variable("HOME").map(str::to_owned);
    let home = home.unwrap_or_else(|| user.map_or("/root".to_owned(), |user| format!("/home/{user}")));
    let xdg = step.variable("XDG_CACHE_HOME").map(str::to_owned).unwrap_or_else(|| format!("{home}/.cache"));
    let mounted = |home: &str| step.mounts_over(&format!("{home}/pip"));
    mounted(&xdg)
        || mounted("/root/.cache")
        || step
            .mounts
            .iter()
            .any(|mount| mount.kind == "cache" && mount.target.as_deref().is_some_and(|target| target.contains("pip")))
}

/// Whether the cache is removed behind the call.
fn is_cleaned(step: &Step<'_>, at: usize) -> bool {
    let purges = |call: &Call<'_>| {
        let arguments = Arguments::of(call);
        call.tool == Some(Tool::Pip)
            && arguments.does(&["cache"])
            && arguments.rest().iter().any(|arg| arg.text() == "purge")
    };
    step.deletes_after(at, "/root/.cache/pip") || step.calls.iter().skip(at + 1).any(purges)
}

/// Whether a pip.conf written so far switches it off.
fn is_written(sheet: &Sheet<'_>, step: &Step<'_>) -> bool {
    let Some(stage) = step.stage else { return false };
    let mut earlier = sheet.lineage(stage).take_while(|other| other.index <= step.index);
    earlier.any(|other| {
        let text = sheet.text(other.instruction.span);
        text.contains("global.no-cache-dir") || text.contains("pip.conf") && text.contains("no-cache-dir")
    })
}
