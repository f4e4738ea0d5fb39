//! The typed tables, as rules and transforms read them. How they are written down is in `data/*.toml`; `load` reads those.

use serde::Deserialize;

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
    /// `data/avoidable.toml`: paths that an image can do without.
    pub avoidable: Vec<AvoidableRow>,
    /// `data/avoidable.toml`: packages that only build, of other managers than apt.
    pub build_packages: Vec<PackagePatterns>,
    /// `data/avoidable.toml`: packages that are needed although no program names them.
    pub quiet_packages: Vec<PackagePatterns>,
    /// `data/avoidable.toml`: where the app's own files do not lie.
    pub elsewhere: Vec<Elsewhere>,
    /// `data/bare.toml`: bases without shell and package manager.
    pub bare: Vec<BareBases>,
    /// `data/bare.toml`: what belongs to a language's runtime.
    pub runtimes: Vec<Runtime>,
    /// `data/go.toml`: Go modules that compile without cgo and do not work.
    pub cgo_stubs: Vec<CgoStub>,
    /// `data/rust.toml`: crates that look up names in the C library.
    pub name_lookups: Vec<NameLookup>,
}

/// Crates that look up host names or users in the C library.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameLookup {
    /// As Cargo.lock names them.
    pub crates: Vec<String>,
    /// Where from.
    pub source: String,
    /// When somebody last looked: `2026-11`.
    pub seen: String,
}

/// Go modules whose C code is replaced by a stub where cgo is off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CgoStub {
    /// Module paths, without a major version's suffix.
    pub modules: Vec<String>,
    /// Where from.
    pub source: String,
    /// When somebody last looked: `2026-11`.
    pub seen: String,
}

/// Bases without shell and package manager for one distribution release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BareBases {
    /// `debian`
    pub distribution: String,
    /// `bookworm`
    pub codename: String,
    /// The smallest first; each holds what those before it hold.
    pub bases: Vec<BareBase>,
    /// Public source of the row.
    pub source: String,
    /// Month in which somebody last looked: `2026-11`.
    pub seen: String,
}

/// A base without shell and package manager.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BareBase {
    /// Without a tag.
    pub reference: String,
    /// Sonames that it brings beside those of the smaller ones.
    pub libraries: Vec<String>,
}

/// What belongs to a language's runtime beside its program. `{prefix}` is the parent of the program's folder, `{version}` what
/// follows `program` in its file's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runtime {
    /// `python`
    pub program: String,
    /// Folders with what it loads by name.
    #[serde(default)]
    pub trees: Vec<String>,
    /// Files that it reads where they exist.
    #[serde(default)]
    pub beside: Vec<String>,
    /// Shell patterns below a tree: parts that run nothing.
    #[serde(default)]
    pub without: Vec<String>,
    /// Names by which a project would use the installers.
    #[serde(default)]
    pub installers: Vec<String>,
    /// Names of folders that packages are installed into.
    #[serde(default)]
    pub package_folders: Vec<String>,
    /// Shell patterns below such a folder: the installers.
    #[serde(default)]
    pub installer_files: Vec<String>,
    /// Public source of the row.
    pub source: String,
    /// Month in which somebody last looked: `2026-11`.
    pub seen: String,
}

/// One family of base images.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaseFamily {
    /// `python`
    pub id: String,
    /// Familiar repository names: `python`, `distroless/cc-debian12`, …
    pub repositories: Vec<String>,
    /// `os`, `language`, `server`, `build`.
    pub kind: String,
    /// `python`, `node`, …, for languages; the ecosystem of the manifests table.
    pub language: Option<String>,
    /// `debian`, `ubuntu`, `alpine`: of undecorated tags.
    pub distribution: Option<String>,
    /// Tag suffix of the slim variant (`-slim`), if there is one.
    pub slim_suffix: Option<String>,
    /// The suffix stands before the release's codename (`3.11-slim-bookworm`), not at the end (`20-bookworm-slim`).
    #[serde(default)]
    pub slim_before_release: bool,
    /// The slim variant of `latest` (`slim`), if there is one.
    pub slim_latest: Option<String>,
    /// Words that a tag may hold beside versions and codenames: `lts`, `otp`.
    #[serde(default)]
    pub tag_words: Vec<String>,
    /// Beginnings of tag words that mean 'already small': `slim`, `alpine`, `chiseled`, `distroless`.
    #[serde(default)]
    pub small_words: Vec<String>,
    /// Every tag of the family is small already.
    #[serde(default)]
    pub always_small: bool,
    /// The images' ENTRYPOINT is a script that, given a program, only starts it.
    #[serde(default)]
    pub entrypoint_passes_on: bool,
    /// User that the image brings for apps: name and uid (`node`, 1000).
    pub user: Option<(String, u32)>,
    /// Public source of the row.
    pub source: String,
    /// Month in which somebody last looked: `2026-11`.
    pub seen: String,
}

/// One release of a distribution.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// `debian`
    pub distribution: String,
    /// `bookworm`; `v3.20` for Alpine, which has no codenames.
    pub codename: String,
    /// `12`
    pub version: String,
    /// End of standard support, `2026-07-11`.
    pub eol: String,
    /// End of long-term support, where there is one.
    pub lts: Option<String>,
    /// Public source of the row.
    pub source: String,
    /// Month in which somebody last looked: `2026-11`.
    pub seen: String,
}

/// One package manager.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageManager {
    /// `pip`
    pub id: String,
    /// Command names.
    pub commands: Vec<String>,
    /// Absolute cache folders for root, safe to mount as cache.
    pub caches: Vec<String>,
    /// Cache mount sharing: `shared`, `locked`.
    pub sharing: String,
    /// Absolute folders or files in an image that are its caches and logs (a superset of `caches`); `*` in the last part.
    pub leftovers: Vec<String>,
    /// Public source of the row.
    pub source: String,
    /// Month in which somebody last looked: `2026-11`.
    pub seen: String,
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
    /// Settings (`.npmrc`): read by the install, but no sign of the ecosystem by itself.
    pub setting: bool,
    /// Paths of its group: each pattern of the group matches one of them.
    pub examples: Vec<String>,
    /// Public source of the row.
    pub source: String,
    /// Month in which somebody last looked: `2026-11`.
    pub seen: String,
}

/// What class of junk.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JunkClass {
    VersionControl,
    Secrets,
    Logs,
    Caches,
    HostBuilds,
    Editors,
    Os,
    Builder,
}

impl JunkClass {
    /// `version-control`, `secrets`, `logs`, `caches`, `host-builds`, `editors`, `os`, `builder` (Dockerfile, compose, CI files).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VersionControl => "version-control",
            Self::Secrets => "secrets",
            Self::Logs => "logs",
            Self::Caches => "caches",
            Self::HostBuilds => "host-builds",
            Self::Editors => "editors",
            Self::Os => "os",
            Self::Builder => "builder",
        }
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
    /// Package managers, one of which the Dockerfile must run because it makes the thing anew (`npm` for `node_modules`);
    /// empty: always junk. Without such a RUN the image may live on the copy from the context.
    pub made_by: Vec<String>,
    /// Whether a path of that kind in an *image* counts as junk as well.
    pub in_image: bool,
    /// Paths of its group: each pattern of the group matches one of them.
    pub examples: Vec<String>,
    /// Public source of the row.
    pub source: String,
    /// Month in which somebody last looked: `2026-11`.
    pub seen: String,
}

/// One pattern of files that are likely secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretPattern {
    /// Ignore-file syntax, without folder: `.env`, `id_rsa`, `*.kdbx`.
    pub pattern: String,
    /// Not these (`.env.example`).
    pub except: Vec<String>,
    /// Paths of its group: each pattern of the group matches one of them.
    pub examples: Vec<String>,
    /// Public source of the row.
    pub source: String,
    /// Month in which somebody last looked: `2026-11`.
    pub seen: String,
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
    /// Public source of the row.
    pub source: String,
    /// Month in which somebody last looked: `2026-11`.
    pub seen: String,
}

/// What a package recommends and needs in practice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recommended {
    /// `curl`
    pub package: String,
    /// `ca-certificates`
    pub needs: Vec<String>,
    /// Public source of the row.
    pub source: String,
    /// Month in which somebody last looked: `2026-11`.
    pub seen: String,
}

/// Paths that an image can do without.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AvoidableRow {
    /// `docs`, `locale`, …: the words of the report.
    pub kind: String,
    /// `/usr/share/doc`, `**/.cache/pip`; `*` and `?` within one part.
    pub patterns: Vec<String>,
    /// Taken back.
    #[serde(default)]
    pub except: Vec<String>,
    /// `anywhere`, `unowned` (not what the distribution's packages own), `app` (the app's own files).
    #[serde(default)]
    pub scope: Option<String>,
    /// Programs; where one of them runs, the row does not hold.
    #[serde(default)]
    pub unless: Vec<String>,
    /// A rule of thumb.
    #[serde(default)]
    pub guess: bool,
    /// Paths: each pattern matches one of them.
    pub examples: Vec<String>,
    /// Public source of the row.
    pub source: String,
    /// Month in which somebody last looked: `2026-11`.
    pub seen: String,
}

/// Packages by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackagePatterns {
    /// `deb`, `apk`, `rpm`.
    pub manager: String,
    /// `*` and `?` allowed.
    pub patterns: Vec<String>,
    /// Public source of the row.
    pub source: String,
    /// Month in which somebody last looked: `2026-11`.
    pub seen: String,
}

/// Where the app's own files do not lie.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elsewhere {
    /// Folders of the system, unless the app works in them.
    pub folders: Vec<String>,
    /// Names of folders that hold installed packages, wherever they are.
    pub installed: Vec<String>,
    /// Public source of the row.
    pub source: String,
    /// Month in which somebody last looked: `2026-11`.
    pub seen: String,
}

impl PackagePatterns {
    /// Whether the row names this package of this manager.
    pub fn names(&self, manager: &str, package: &str) -> bool {
        self.manager == manager && self.patterns.iter().any(|pattern| crate::wildcard::matches(pattern, package))
    }
}

impl Ecosystems {
    /// The family of a familiar repository name.
    pub fn base(&self, familiar: &str) -> Option<&BaseFamily> {
        self.bases.iter().find(|family| family.repositories.iter().any(|name| name == familiar))
    }

    /// The package manager that a command name belongs to: `pip3` → `pip`.
    pub fn manager_of(&self, command: &str) -> Option<&PackageManager> {
        self.managers.iter().find(|manager| manager.commands.iter().any(|name| name == command))
    }

    /// The row that says the role of a Debian package, as written in an install (`curl=7.88*`, `gcc:amd64`, `git/stable`).
    pub fn apt_row(&self, package: &str) -> Option<&AptRole> {
        let name = package.split(['=', ':', '/']).next().unwrap_or(package);
        self.apt_roles.iter().find(|row| crate::wildcard::matches(&row.pattern, name))
    }

    /// The role of a Debian package: `build`, `tool` or `runtime`.
    pub fn apt_role(&self, package: &str) -> &str {
        self.apt_row(package).map_or("runtime", |row| &row.role)
    }

    /// Whether a package of `deb`, `apk` or `rpm` only builds things: compilers, headers, what drives them. The roles of
    /// Debian's packages serve the others as well, which have most names in common.
    pub fn is_build_package(&self, manager: &str, package: &str) -> bool {
        self.apt_role(package) == "build" || self.build_packages.iter().any(|row| row.names(manager, package))
    }

    /// Whether a package of `deb`, `apk` or `rpm` is needed although no program names it.
    pub fn is_quiet_package(&self, manager: &str, package: &str) -> bool {
        self.quiet_packages.iter().any(|row| row.names(manager, package))
    }

    /// Whether `word` is the codename of a Debian or Ubuntu release.
    pub fn is_codename(&self, word: &str) -> bool {
        self.releases.iter().any(|release| release.distribution != "alpine" && release.codename == word)
    }
}
