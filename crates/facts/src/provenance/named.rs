//! Which packages an instruction names: the words of `apt-get install`, `apk add`, `dnf install`, `pip install`, `npm install`,
//! `gem install`, from a RUN of a Dockerfile or of a history entry.

use jettison_dockerfile::Keyword;
use jettison_dockerfile::shell::{self, Simple};
use jettison_image::PackageKind;
use jettison_model::Span;

use super::entry;
use crate::SegmentKind;
use crate::classify::{Args, classify};

/// A package that an instruction asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Whose package.
    pub kind: PackageKind,
    /// Without version, architecture and extras.
    pub name: String,
    /// The command up to the first package, as written: `apt-get install -y`.
    pub command: String,
}

/// Scripts of a history are of any size; nobody writes longer ones.
const MAX_SCRIPT: usize = 256 << 10;

/// The packages that a history entry's command names.
pub fn named_packages(created_by: &str) -> Vec<Named> {
    let shown = super::shown_instruction(created_by);
    let (Some(Keyword::Run), Some(_)) = (entry::keyword(created_by), shown.strip_prefix("RUN ")) else {
        return Vec::new();
    };
    let script = entry::script(created_by);
    if script.len() > MAX_SCRIPT {
        return Vec::new();
    }
    let parsed = shell::parse(script, &|range| Span::new(range.start, range.end));
    let commands = parsed.script().map(|script| script.simple_commands().into_iter().flat_map(named).collect());
    commands.unwrap_or_default()
}

fn named(command: &Simple) -> Vec<Named> {
    let (kind, packages) = match classify(command) {
        SegmentKind::AptInstall(install) => {
            (PackageKind::Deb, install.packages.into_iter().map(|(name, _)| name).collect())
        }
        SegmentKind::PipInstall(install) => (PackageKind::Python, install.packages),
        SegmentKind::NpmInstall(install) if install.named => {
            (PackageKind::Npm, words(command, &["install", "i", "add"]))
        }
        SegmentKind::Install(tool) => match tool.as_str() {
            "apk" => (PackageKind::Apk, words(command, &["add"])),
            "dnf" | "microdnf" | "tdnf" | "yum" | "zypper" => (PackageKind::Rpm, words(command, &["install", "in"])),
            "gem" => (PackageKind::Gem, words(command, &["install"])),
            _ => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let head = head(command, &packages);
    let bare = packages.iter().map(|word| bare(kind, word));
    bare.filter(|name| !name.is_empty()).map(|name| Named { kind, name, command: head.clone() }).collect()
}

/// The words after the subcommand that are no options; `-t NAME` and the like of apk take one more.
fn words(command: &Simple, subcommands: &[&str]) -> Vec<String> {
    const WITH_VALUE: [&str; 8] =
        ["-t", "--virtual", "-X", "--repository", "-p", "--root", "--installroot", "--setopt"];
    let args = Args::of(command);
    let mut literals = args.literals().skip_while(|word| !subcommands.contains(word)).skip(1);
    let mut words = Vec::new();
    while let Some(word) = literals.next() {
        match word {
            _ if WITH_VALUE.contains(&word) => drop(literals.next()),
            _ if word.starts_with('-') => {}
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// `curl=7.88*`, `gcc:amd64`, `git/stable`, `uvicorn[standard]>=0.2`, `@scope/x@1` → the name.
fn bare(kind: PackageKind, word: &str) -> String {
    let end = |symbols: &[char]| word.split(symbols).next().unwrap_or_default().to_owned();
    match kind {
        PackageKind::Deb => end(&['=', ':', '/']),
        PackageKind::Python => end(&['=', '<', '>', '~', '!', '[', ';', ' ', '@']),
        PackageKind::Npm => match word.strip_prefix('@') {
            Some(scoped) => format!("@{}", scoped.split('@').next().unwrap_or_default()),
            None => end(&['@']),
        },
        PackageKind::Gem => end(&[':']),
        _ => end(&['=', '<', '>', '~', '@']),
    }
}

fn head(command: &Simple, packages: &[String]) -> String {
    let words = command.words.iter().map(|word| word.raw.to_string());
    let stop = |word: &String| packages.first().is_some_and(|first| word.trim_matches(['"', '\'']) == first);
    words.take_while(|word| !stop(word)).collect::<Vec<_>>().join(" ")
}
