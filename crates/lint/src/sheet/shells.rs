//! Which shell runs a RUN, and which distribution a stage stands on, as far as file and image names tell.

use jettison_dockerfile::stages::Base;
use jettison_facts::steps::Step;

use super::Sheet;

/// The shell that a shell form gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shell {
    /// bash
    Bash,
    /// dash, or a /bin/sh that must be taken for it.
    Dash,
    /// Busybox ash, Alpine's sh.
    Ash,
    /// ksh, mksh, zsh
    Other,
    /// PowerShell, cmd and whatever does not read sh.
    Foreign,
}

/// What a stage stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Distro {
    /// Alpine and what names itself so.
    Alpine,
    /// Debian, and official images that build on it.
    Debian,
    /// Ubuntu
    Ubuntu,
    /// Fedora, CentOS, Rocky, Alma, UBI, Amazon Linux.
    RedHat,
    /// Windows
    Windows,
    /// Images that hold no shell: distroless, static.
    Bare,
    /// Nothing at all.
    Scratch,
    /// Not known.
    Unknown,
}

/// Official images whose undecorated tags stand on Debian.
const ON_DEBIAN: [&str; 22] = [
    "python",
    "node",
    "ruby",
    "php",
    "golang",
    "rust",
    "perl",
    "openjdk",
    "buildpack-deps",
    "gcc",
    "postgres",
    "mysql",
    "redis",
    "nginx",
    "httpd",
    "mongo",
    "erlang",
    "elixir",
    "haskell",
    "julia",
    "r-base",
    "wordpress",
];

const REDHAT: [&str; 14] = [
    "fedora",
    "centos",
    "rockylinux",
    "almalinux",
    "oraclelinux",
    "amazonlinux",
    "ubi",
    "ubi7",
    "ubi8",
    "ubi9",
    "redhat",
    "rhel",
    "ubi10",
    "photon",
];

impl Sheet<'_> {
    /// The shell of a step's shell form.
    pub fn shell(&self, step: &Step<'_>) -> Shell {
        if let Some(program) = step.shell().and_then(|words| words.first()) {
            return Shell::named(program);
        }
        match step.stage.map(|stage| self.distro(stage)) {
            Some(Distro::Alpine) => Shell::Ash,
            Some(Distro::RedHat) => Shell::Bash,
            Some(Distro::Windows) => Shell::Foreign,
            // Nobody escapes with a backtick but on Windows, unless the base is known to be another.
            Some(Distro::Unknown) | None if self.dockerfile.escape() == '`' => Shell::Foreign,
            _ => Shell::Dash,
        }
    }

    /// The distribution of a stage, by its base image's name and tag.
    pub fn distro(&self, stage: usize) -> Distro {
        let lowest = self.chain(stage).first().and_then(|lowest| self.graph.stages.get(*lowest)).map(|one| &one.base);
        match lowest {
            Some(Base::Scratch) => Distro::Scratch,
            Some(Base::Image(image)) => of_image(image),
            _ => Distro::Unknown,
        }
    }
}

impl Shell {
    /// The shell that a program is, by its name or path.
    pub fn named(program: &str) -> Self {
        let name = program.rsplit(['/', '\\']).next().unwrap_or(program).to_ascii_lowercase();
        match name.strip_suffix(".exe").unwrap_or(&name) {
            "bash" => Self::Bash,
            "sh" | "dash" => Self::Dash,
            "ash" | "busybox" => Self::Ash,
            "ksh" | "mksh" | "zsh" => Self::Other,
            _ => Self::Foreign,
        }
    }
}

fn of_image(image: &str) -> Distro {
    let image = image.to_ascii_lowercase();
    let without_digest = image.split('@').next().unwrap_or_default();
    let (path, tag) = match without_digest.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, tag),
        _ => (without_digest, ""),
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    let has = |word: &str| {
        name.split(['-', '_'])
            .chain(tag.split(['-', '_', '.']))
            .any(|part| part.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.') == word)
    };
    if ["windowsservercore", "nanoserver"].iter().any(|sign| image.contains(sign)) || path.contains("/windows") {
        Distro::Windows
    } else if image.contains("distroless") || ["static", "chainguard"].contains(&name) && path.contains('/') {
        if tag.contains("debug") { Distro::Unknown } else { Distro::Bare }
    } else if has("alpine") {
        Distro::Alpine
    } else if REDHAT.contains(&name) {
        Distro::RedHat
    } else if has("ubuntu") || has("jammy") || has("noble") || has("focal") || has("bionic") {
        Distro::Ubuntu
    } else if has("debian")
        || ["bookworm", "bullseye", "buster", "trixie", "stretch", "jessie"].iter().any(|word| has(word))
        || ON_DEBIAN.contains(&name) && (!path.contains('/') || path.ends_with(&format!("library/{name}")))
    {
        Distro::Debian
    } else {
        Distro::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::{Distro, of_image};

    #[test]
    fn names_and_tags_tell_the_distribution() {
        for (image, distro) in [
            ("python:3.13", Distro::Debian),
            ("python:3.13-alpine3.22", Distro::Alpine),
            ("node:22-bookworm-slim", Distro::Debian),
            ("oraclelinux:8-slim", Distro::RedHat),
            ("registry.access.redhat.com/ubi9/python-312", Distro::Unknown),
            ("eclipse-temurin:21-jre-jammy", Distro::Ubuntu),
            ("gcr.io/distroless/static-debian12", Distro::Bare),
            ("gcr.io/distroless/static-debian12:debug", Distro::Unknown),
            ("mcr.microsoft.com/windows/servercore:ltsc2022", Distro::Windows),
            ("acme/app:slim", Distro::Unknown),
        ] {
            assert_eq!(of_image(image), distro, "{image}");
        }
    }
}
