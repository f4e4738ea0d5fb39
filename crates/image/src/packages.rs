//! Installed operating-system packages: dpkg (and distroless' status.d), apk.

/// `/etc/os-release`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OsRelease {
    /// `debian`, `alpine`, `ubuntu`.
    pub id: String,
    /// `12`.
    pub version_id: String,
    /// `bookworm`.
    pub codename: String,
    /// For people.
    pub pretty: String,
}

/// One installed package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Without the architecture.
    pub name: String,
    /// As installed.
    pub version: String,
    /// Installed-Size, in bytes, as the package says.
    pub installed_bytes: u64,
    /// `Depends` and `Pre-Depends`: for each, the alternatives' names.
    pub depends: Vec<Vec<String>>,
    /// `Recommends`, likewise.
    pub recommends: Vec<Vec<String>>,
    /// `Provides`.
    pub provides: Vec<String>,
    /// Paths it owns, absolute, merged-usr normalised (`/usr/lib/…`, never `/lib/…`), folders included.
    pub files: Vec<String>,
}
