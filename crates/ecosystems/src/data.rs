//! The typed tables.

/// All tables.
#[derive(Debug)]
pub struct Ecosystems {
    /// `data/bases.toml`: image repositories and their tags' grammar.
    pub bases: Vec<BaseFamily>,
    /// `data/releases.toml`: Debian, Ubuntu, Alpine releases and their end of life.
    pub releases: Vec<Release>,
    /// `data/package-managers.toml`.
    pub managers: Vec<PackageManager>,
    /// `data/manifests.toml`.
    pub manifests: Vec<ManifestRow>,
    /// `data/junk.toml`: what should be in no context and no image.
    pub junk: Vec<Junk>,
    /// `data/secrets.toml`.
    pub secrets: Vec<SecretPattern>,
    /// `data/apt.toml`: roles of Debian packages, in matching order.
    pub apt_roles: Vec<AptRole>,
    /// `data/apt.toml`: what `--no-install-recommends` drops and a program needs.
    pub recommended: Vec<Recommended>,
}

/// One family of base images.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BaseFamily {
    /// `python`
    pub id: String,
    /// Familiar repository names: `python`, `circleci/python`, …
    pub repositories: Vec<String>,
    /// `os`, `language`, `server`, `build`.
    pub kind: String,
    /// `python`, `node`, …, for languages.
    pub language: Option<String>,
    /// `debian`, `ubuntu`, `alpine`: of undecorated tags.
    pub distribution: Option<String>,
    /// Tag suffix of the slim variant (`-slim`), if there is one.
    pub slim_suffix: Option<String>,
    /// Tag words that mean 'already small': `slim`, `alpine`, `chiseled`, `distroless`.
    pub small_words: Vec<String>,
    /// User that the image brings for apps: name and uid (`node`, 1000).
    pub user: Option<(String, u32)>,
}

impl BaseFamily {
    /// The tag of the slim variant of the same version and release: `3.11` → `3.11-slim`, `3.11-bookworm` →
    /// `3.11-slim-bookworm`, `20-bookworm` → `20-bookworm-slim` (each family's own order), `latest` → `slim`; none if the tag
    /// is small already or not understood.
    pub fn slim_tag(&self, tag: &str) -> Option<String> {
        let _ = tag;
        todo!()
    }
}

/// One release of a distribution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Release {
    /// `debian`
    pub distribution: String,
    /// `bookworm`
    pub codename: String,
    /// `12`
    pub version: String,
    /// End of standard support, `2026-06-10`.
    pub eol: String,
}

/// One package manager.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageManager {
    /// `pip`
    pub id: String,
    /// Command names.
    pub commands: Vec<String>,
    /// Absolute cache folders for root, safe to mount as cache.
    pub caches: Vec<String>,
    /// Cache mount sharing: `shared`, `locked`.
    pub sharing: String,
    /// Absolute folders or files in an image that are its caches and logs (a superset of `caches`).
    pub leftovers: Vec<String>,
}

/// One kind of manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestRow {
    /// `python`
    pub ecosystem: String,
    /// `pip`, `npm`, … : whose install reads it.
    pub manager: String,
    /// Ignore-file syntax, without folder: `requirements*.txt`, `package.json`.
    pub pattern: String,
    /// Lockfile.
    pub lock: bool,
}

/// What class of junk.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JunkClass {
    VersionControl, Secrets, Logs, Caches, HostBuilds, Editors, Os, Builder,
}

impl JunkClass {
    /// `version-control`, `secrets`, `logs`, `caches`, `host-builds`, `editors`, `os`, `builder` (Dockerfile, compose, CI files).
    pub fn as_str(self) -> &'static str {
        todo!()
    }
}

/// One junk pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Junk {
    /// Its class.
    pub class: JunkClass,
    /// Ignore-file syntax: `**/__pycache__`, `.git`.
    pub pattern: String,
    /// Patterns to take back after it (`!.env.example`), without `!`.
    pub except: Vec<String>,
    /// Only where this ecosystem is found (`node`), or always.
    pub ecosystem: Option<String>,
    /// A file that must lie inside a matched folder (`pyvenv.cfg`), or none.
    pub marker: Option<String>,
    /// Whether a path of that kind in an *image* counts as junk as well.
    pub in_image: bool,
}

/// One pattern of files that are likely secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretPattern {
    /// Ignore-file syntax, without folder: `.env`, `id_rsa`, `*.pem`.
    pub pattern: String,
    /// Not these (`.env.example`).
    pub except: Vec<String>,
}

/// The role of Debian packages whose name matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AptRole {
    /// `*` and `?` allowed: `*-dev`, `build-essential`, `vim*`.
    pub pattern: String,
    /// `build` (compilers, headers: not needed at run time), `tool` (people's tools: editors, curl, git …; needed only if
    /// named), `runtime` (all that the other rows do not say).
    pub role: String,
    /// Program names that a `tool` package brings (`curl`, `vim`), to look for in sources.
    pub programs: Vec<String>,
}

/// What a package recommends and needs in practice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recommended {
    /// `curl`
    pub package: String,
    /// `ca-certificates`
    pub needs: Vec<String>,
}

/// The embedded tables, parsed once.
pub fn load() -> &'static Ecosystems {
    todo!()
}

impl Ecosystems {
    /// The family of a familiar repository name.
    pub fn base(&self, familiar: &str) -> Option<&BaseFamily> {
        self.bases.iter().find(|family| family.repositories.iter().any(|name| name == familiar))
    }

    /// The role of a Debian package: `build`, `tool` or `runtime`.
    pub fn apt_role(&self, package: &str) -> &str {
        let _ = package;
        todo!()
    }
}
