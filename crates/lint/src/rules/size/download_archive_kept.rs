//! # download-archive-kept
//!
//! ## What it does
//! Finds archives that a RUN downloads, unpacks or installs, and leaves in its layer.
//!
//! ## Why is this bad?
//! What was unpacked ships twice.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN wget -q https://example.com/tool.tar.gz && tar xzf tool.tar.gz
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN wget -q https://example.com/tool.tar.gz && tar xzf tool.tar.gz \
//!     && rm tool.tar.gz
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN wget -q https://example.com/tool.tar.gz && tar xzf tool.tar.gz && rm tool.tar.gz
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN wget -qO- https://example.com/tool.tar.gz | tar xz
//! ```
//!
//! ## Fix safety
//! Unsafe: a later step may read the archive. Only where no `cd` changes the folder.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DD016"],
    roles: Roles::SHIPPED,
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "download-archive-kept",
        Category::Size,
        Severity::Warning,
        "a downloaded archive stays in the layer",
    )
};

const ENDINGS: [&str; 11] =
    [".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".txz", ".zip", ".deb", ".rpm", ".tar.zst", ".tar", ".whl"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        for (at, call) in step.calls.iter().enumerate() {
            let Some(path) = saved(call).filter(|path| ENDINGS.iter().any(|ending| path.ends_with(ending))) else {
                continue;
            };
            let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
            let later = || step.calls.iter().skip(at + 1);
            let names = |other: &Call<'_>| other.args.iter().any(|arg| mentions(arg, &name));
            let unpacked = later().any(|other| {
                ["tar", "unzip", "bsdtar", "dpkg", "rpm"].contains(&other.name) && names(other)
                    || other.tool == Some(Tool::Apt) && names(other)
            });
            let removed = later().any(|other| removes(other, &name, &path));
            let moved = later().any(|other| ["mv", "cp"].contains(&other.name) && names(other));
            let temporary = path.starts_with("/tmp/") && step.mounts_over("/tmp");
            if !unpacked || removed || moved || temporary {
                continue;
            }
            let stays = !step.calls.iter().any(|other| ["cd", "pushd"].contains(&other.name)) || path.starts_with('/');
            let script = step
                .understood()
                .filter(|_| stays && !step.onbuild && call.place.script == 0 && !call.has_wrapper("sudo"));
            let edit = script.and_then(|script| {
                jettison_rewrite::append_command(sheet.dockerfile, step.instruction, script, &format!("rm {path}"))
            });
            let plain = path.chars().all(|symbol| symbol.is_ascii_alphanumeric() || "./_-+".contains(symbol));
            let found = Found::at(step, call.span(), format!("`{name}` stays in the layer beside what was in it"));
            sink.push(found.risky("remove the archive", edit.into_iter().filter(|_| plain).collect()));
        }
    }
}

/// The file that a download is saved as.
fn saved(call: &Call<'_>) -> Option<String> {
    let arguments = Arguments::of(call);
    let of_url = || {
        let url = arguments.operands.iter().find(|arg| arg.text().contains("://"))?;
        let path = url.text().split(['?', '#']).next()?;
        Some(path.rsplit('/').next()?.to_owned())
    };
    match call.tool? {
        Tool::Curl => match arguments.value(&["-o", "--output"]) {
            Some(name) => Some(name.to_owned()),
            None if arguments.has(&["-O", "--remote-name"]) => of_url(),
            None => None,
        },
        Tool::Wget => match arguments.value(&["-O", "--output-document"]) {
            Some(name) => Some(name.to_owned()),
            None => {
                let folder = arguments.value(&["-P", "--directory-prefix"]);
                of_url().map(|name| {
                    folder.map_or(name.clone(), |folder| format!("{}/{name}", folder.trim_end_matches('/')))
                })
            }
        },
        _ => None,
    }
    .filter(|name| !name.is_empty() && name != "-")
}

fn mentions(arg: &Arg<'_>, name: &str) -> bool {
    let text = arg.value.as_deref().unwrap_or(&arg.word.raw);
    let last = text.trim_matches(['"', '\'']).rsplit('/').next().unwrap_or_default();
    last == name || last.contains('*') && crate::sheet::matches(last, name)
}

fn removes(call: &Call<'_>, name: &str, path: &str) -> bool {
    let by_name = call.tool == Some(Tool::Rm)
        && call.args.iter().any(|arg| mentions(arg, name) || arg.word.raw.contains('*') || arg.value.is_none());
    by_name
        || path.starts_with('/') && jettison_facts::steps::deletes(call, path)
        || call.tool == Some(Tool::Rm)
            && call
                .args
                .iter()
                .any(|arg| arg.text().trim_end_matches('/').ends_with("/tmp") || arg.text().starts_with('/'))
}
