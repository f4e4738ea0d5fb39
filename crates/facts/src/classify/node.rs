//! npm, yarn, pnpm, bun: installs of the project's manifest, installs of named packages, and scripts.

use crate::{NpmInstall, NpmKind, SegmentKind};

use super::args::Args;

/// Options that take the next word and change nothing that is modelled.
const WITH_VALUE: [&str; 14] = [
    "--cache",
    "--include",
    "--loglevel",
    "--omit",
    "--only",
    "--registry",
    "--userconfig",
    "--network-timeout",
    "--cache-folder",
    "--reporter",
    "--fetch-retries",
    "--fetch-timeout",
    "--maxsockets",
    "--mutex",
];
/// Options that take the next word and lead elsewhere: another folder, another workspace.
const ELSEWHERE: [&str; 10] =
    ["--prefix", "-C", "--dir", "--cwd", "-w", "--workspace", "--filter", "-F", "--modules-folder", "--store-dir"];

pub(super) fn classify(tool: &str, args: &Args) -> SegmentKind {
    let with_value = [&WITH_VALUE[..], &ELSEWHERE[..]].concat();
    let Some((at, subcommand)) = args.subcommand(&with_value) else {
        let all_literal = args.list.iter().all(|arg| arg.value.is_some());
        return if tool.starts_with("yarn") && all_literal && !args.literals().any(is_question) {
            SegmentKind::NpmInstall(install(NpmKind::Yarn, args, None))
        } else {
            SegmentKind::Other
        };
    };
    match tool {
        "npm" => npm(args, at, subcommand),
        "pnpm" => pnpm(args, at, subcommand),
        _ => yarn(args, at, subcommand),
    }
}

fn npm(args: &Args, at: usize, subcommand: &str) -> SegmentKind {
    match subcommand {
        "ci" | "clean-install" | "ic" | "install-clean" => {
            SegmentKind::NpmInstall(install(NpmKind::NpmCi, args, Some(at)))
        }
        "install" | "i" | "add" | "in" => SegmentKind::NpmInstall(install(NpmKind::NpmInstall, args, Some(at))),
        "run" | "run-script" | "rum" | "urn" => script(args, at),
        "test" | "t" | "start" => SegmentKind::NpmRun(subcommand.to_owned()),
        "prune" | "dedupe" | "rebuild" => SegmentKind::Install("npm".to_owned()),
        "config" | "set" | "pkg" | "version" => SegmentKind::Configure("npm".to_owned()),
        _ => SegmentKind::Other,
    }
}

fn pnpm(args: &Args, at: usize, subcommand: &str) -> SegmentKind {
    match subcommand {
        "install" | "i" | "add" => SegmentKind::NpmInstall(install(NpmKind::Pnpm, args, Some(at))),
        "fetch" | "prune" | "deploy" | "rebuild" => SegmentKind::Install("pnpm".to_owned()),
        "run" | "run-script" => script(args, at),
        "config" => SegmentKind::Configure("pnpm".to_owned()),
        "exec" | "dlx" | "store" | "env" | "setup" => SegmentKind::Other,
        other => SegmentKind::NpmRun(other.to_owned()),
    }
}

fn yarn(args: &Args, at: usize, subcommand: &str) -> SegmentKind {
    match subcommand {
        "install" => SegmentKind::NpmInstall(install(NpmKind::Yarn, args, Some(at))),
        "add" | "global" => {
            SegmentKind::NpmInstall(NpmInstall { named: true, ..install(NpmKind::Yarn, args, Some(at)) })
        }
        "workspaces" => SegmentKind::Install("yarn".to_owned()),
        "run" => script(args, at),
        "config" | "set" => SegmentKind::Configure("yarn".to_owned()),
        "cache" | "dlx" | "exec" | "node" | "plugin" | "workspace" => SegmentKind::Other,
        other => SegmentKind::NpmRun(other.to_owned()),
    }
}

pub(super) fn classify_bun(args: &Args) -> SegmentKind {
    match args.subcommand(&["--cwd", "--config", "-c"]) {
        Some((_, "install" | "i" | "add" | "ci")) => SegmentKind::Install("bun".to_owned()),
        Some((at, "run")) => script(args, at),
        Some((_, "build")) => SegmentKind::Build("bun".to_owned()),
        _ => SegmentKind::Other,
    }
}

/// The word after `run`.
fn script(args: &Args, run: usize) -> SegmentKind {
    let name = args.after(run + 1).subcommand(&[]).map(|(_, name)| name.to_owned());
    name.map_or(SegmentKind::Other, SegmentKind::NpmRun)
}

fn install(kind: NpmKind, args: &Args, subcommand: Option<usize>) -> NpmInstall {
    let production = args.assigned("NODE_ENV") == Some("production");
    let mut install = NpmInstall { kind, named: false, production, opaque: false };
    let mut at = 0;
    while let Some(arg) = args.list.get(at) {
        at += 1;
        let Some(word) = arg.value.as_deref() else {
            install.opaque = true;
            continue;
        };
        if !word.starts_with('-') {
            install.named |= Some(at - 1) != subcommand;
            continue;
        }
        let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
        let takes_next = value.is_none() && (WITH_VALUE.contains(&name) || ELSEWHERE.contains(&name));
        let value = if takes_next { args.list.get(at).and_then(|next| next.value.as_deref()) } else { value };
        at += usize::from(takes_next);
        install.opaque |= (takes_next && value.is_none()) || ELSEWHERE.contains(&name);
        option(&mut install, name, value);
    }
    install
}

fn option(install: &mut NpmInstall, name: &str, value: Option<&str>) {
    match (name, value) {
        ("-g" | "--global", _) => install.named = true,
        ("--location", Some("global")) => install.named = true,
        ("--production" | "--prod" | "-P", None | Some("true")) => install.production = true,
        ("--omit", Some("dev")) | ("--only", Some("prod" | "production")) => install.production = true,
        ("--include", Some("dev")) | ("--production" | "--prod", Some("false")) => install.production = false,
        _ => {}
    }
}

fn is_question(word: &str) -> bool {
    ["-v", "--version", "-h", "--help"].contains(&word)
}
