//! `apt` and `apt-get`. apt-get(8), apt(8).

use crate::{AptInstall, SegmentKind};

use super::args::Args;

/// Options that take the next word.
const WITH_VALUE: [&str; 9] = [
    "-o",
    "--option",
    "-c",
    "--config-file",
    "-t",
    "--target-release",
    "--default-release",
    "-a",
    "--host-architecture",
];

pub(super) fn classify(args: &Args) -> SegmentKind {
    let Some((at, subcommand)) = args.subcommand(&WITH_VALUE) else { return SegmentKind::Other };
    match subcommand {
        "update" => SegmentKind::AptUpdate,
        "install" => SegmentKind::AptInstall(install(args, at)),
        "upgrade" | "dist-upgrade" | "full-upgrade" => SegmentKind::AptUpgrade,
        "dist-clean" | "distclean" => SegmentKind::AptListsRemoved,
        "clean" | "autoclean" | "auto-clean" | "autoremove" | "autopurge" | "remove" | "purge" => SegmentKind::AptOther,
        _ => SegmentKind::Other,
    }
}

fn install(args: &Args, subcommand: usize) -> AptInstall {
    let mut install = AptInstall::default();
    let mut at = 0;
    while let Some(arg) = args.list.get(at) {
        at += 1;
        let Some(value) = arg.value.as_deref() else {
            install.opaque = true;
            continue;
        };
        if !value.starts_with('-') {
            if at - 1 != subcommand {
                // `name-` removes, unless a package is called so.
                install.opaque |= value.ends_with('-');
                install.packages.push((value.to_owned(), arg.span));
            }
            continue;
        }
        let next = args.list.get(at).and_then(|next| next.value.as_deref());
        install.no_recommends |= value == "--no-install-recommends" || sets_no_recommends(value, next);
        at += usize::from(WITH_VALUE.contains(&value));
    }
    install
}

/// `-o APT::Install-Recommends=false` in its spellings.
fn sets_no_recommends(option: &str, next: Option<&str>) -> bool {
    let setting = match option {
        "-o" | "--option" => next,
        _ => option
            .strip_prefix("--option=")
            .or_else(|| option.strip_prefix("-o"))
            .map(|rest| rest.trim_start_matches('=')),
    };
    let Some((key, value)) = setting.and_then(|text| text.split_once('=')) else { return false };
    let off = ["0", "false", "no", "off"].contains(&value.to_ascii_lowercase().as_str());
    key.eq_ignore_ascii_case("APT::Install-Recommends") && off
}

/// `rm -rf` of the package lists, alone or with other paths.
pub(super) fn removes_lists(args: &Args) -> bool {
    let recursive =
        args.literals().any(|word| word == "--recursive" || is_short_with(word, 'r') || is_short_with(word, 'R'));
    let lists = |word: &str| {
        word.strip_prefix("/var/lib/apt/lists").is_some_and(|rest| ["", "/", "/*", "/*_*"].contains(&rest))
            || word == "/var/lib/apt/*"
    };
    recursive && args.literals().any(lists)
}

fn is_short_with(word: &str, letter: char) -> bool {
    word.starts_with('-') && !word.starts_with("--") && word.contains(letter)
}
