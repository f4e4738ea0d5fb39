//! Which command of a RUN installs, builds or arranges what. Names of tools that need a look at their arguments are here and in
//! the files beside; whatever is not recognised is `Other`, never guessed.

mod apt;
mod args;
mod node;
mod pip;
mod tools;

use jettison_dockerfile::shell::Simple;

use crate::SegmentKind;
pub(crate) use args::Args;
pub(crate) use pip::is_local;

/// What one simple command does.
pub(crate) fn classify(command: &Simple) -> SegmentKind {
    if command.words.is_empty() {
        return SegmentKind::ShellState("=".to_owned());
    }
    let Some(name) = command.name() else { return SegmentKind::Other };
    let args = Args::of(command);
    match name {
        "apt-get" | "apt" => apt::classify(&args),
        "rm" if apt::removes_lists(&args) => SegmentKind::AptListsRemoved,
        "npm" | "yarn" | "yarnpkg" | "pnpm" => node::classify(name, &args),
        "bun" => node::classify_bun(&args),
        _ if pip::is_pip(name) => pip::classify(&args),
        _ if pip::is_python(name) => pip::classify_python(&args),
        _ => tools::classify(name, &args),
    }
}
