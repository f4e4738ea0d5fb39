//! Installed packages, of operating systems (dpkg, distroless' status.d, apk, rpm) and of languages; and `/etc/os-release`. Each
//! format has a file of its own that reads bytes; what belongs together is joined in `inventory`.

mod apk;
mod auditable;
mod dpkg;
mod gem;
mod go;
mod inspect;
mod jar;
pub(crate) mod npm;
mod os_release;
pub(crate) mod python;
mod rpm;
pub(crate) mod system;
mod zip;

pub use apk::parse_apk_installed;
pub use auditable::parse_cargo_auditable;
pub use dpkg::parse_dpkg_status;
pub use gem::parse_gemspec;
pub use go::parse_go_build_info;
pub(crate) use inspect::Inspector;
pub use jar::parse_jar;
pub use os_release::OsRelease;
pub(crate) use os_release::os_release;
pub use python::parse_python_metadata;
pub use rpm::parse_rpm_database;
pub(crate) use system::{by_name as installed, is_database};

/// What keeps account of a package.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PackageKind {
    /// dpkg.
    #[default]
    Deb,
    /// Alpine's apk.
    Apk,
    /// rpm.
    Rpm,
    /// A Python distribution.
    Python,
    /// A package in `node_modules`.
    Npm,
    /// A Ruby gem.
    Gem,
    /// A Java archive, or one inside another.
    Jar,
    /// A Go module in a program.
    Go,
    /// A Rust crate in a program built with `cargo auditable`.
    Cargo,
}

impl PackageKind {
    /// `deb`, `apk`, `rpm`, `python`, `npm`, `gem`, `jar`, `go`, `cargo`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deb => "deb",
            Self::Apk => "apk",
            Self::Rpm => "rpm",
            Self::Python => "python",
            Self::Npm => "npm",
            Self::Gem => "gem",
            Self::Jar => "jar",
            Self::Go => "go",
            Self::Cargo => "cargo",
        }
    }

    /// Whether the distribution's package manager installs it.
    pub fn is_system(self) -> bool {
        matches!(self, Self::Deb | Self::Apk | Self::Rpm)
    }
}

/// What one file says of packages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Those it names: one for a manifest, all for a database, the program's own first for a program.
    pub packages: Vec<Package>,
    /// Paths that a list of files names, as written; of an npm manifest the packages wanted for development.
    pub files: Vec<String>,
}

/// One installed package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Who keeps account of it.
    pub kind: PackageKind,
    /// Without the architecture; `group:artifact` of jars where Maven says so.
    pub name: String,
    /// As installed.
    pub version: String,
    /// `amd64`, `all`, …; empty where it is not said.
    pub architecture: String,
    /// Installed-Size, in bytes, as the package says; of a jar what it takes on disk without the jars inside.
    pub installed_bytes: u64,
    /// `Depends` and `Pre-Depends`: for each, the alternatives' names.
    pub depends: Vec<Vec<String>>,
    /// `Recommends`, likewise.
    pub recommends: Vec<Vec<String>>,
    /// `Provides`.
    pub provides: Vec<String>,
    /// Paths it owns, absolute, merged-usr normalised (`/usr/lib/…`, never `/lib/…`), folders included. Empty where the
    /// image does not say (distroless).
    pub files: Vec<String>,
    /// The system does not work without it: dpkg's Essential, Priority required or important.
    pub essential: bool,
    /// Somebody asked for it by name (dpkg: not marked as installed automatically; apk: in `world`). None: not known.
    pub asked: Option<bool>,
    /// The archive or program that holds it, so that it has no files of its own.
    pub within: Option<String>,
}

#[cfg(test)]
mod programs_tests;
#[cfg(test)]
mod tests;
