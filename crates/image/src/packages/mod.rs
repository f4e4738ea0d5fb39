//! Installed operating-system packages: dpkg (and distroless' status.d), apk; and `/etc/os-release`.

mod apk;
mod dpkg;

use std::collections::BTreeMap;

pub use apk::parse_apk_installed;
pub use dpkg::parse_dpkg_status;

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
    /// Paths it owns, absolute, merged-usr normalised (`/usr/lib/…`, never `/lib/…`), folders included. Empty where the
    /// image does not say (distroless).
    pub files: Vec<String>,
}

const DPKG_STATUS: &str = "/var/lib/dpkg/status";
const DPKG_STATUS_FOLDER: &str = "/var/lib/dpkg/status.d/";
const DPKG_INFO: &str = "/var/lib/dpkg/info/";
const APK: [&str; 2] = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"];

/// Whether a package database is at `path`.
pub(crate) fn is_database(path: &str) -> bool {
    path == DPKG_STATUS
        || path.starts_with(DPKG_STATUS_FOLDER)
        || APK.contains(&path)
        || path.strip_prefix(DPKG_INFO).is_some_and(|file| file.ends_with(".list"))
}

/// The packages that the databases among `paths` list.
pub(crate) fn installed<'a>(
    paths: impl Iterator<Item = &'a str>,
    payload: &dyn Fn(&str) -> Option<&'a [u8]>,
) -> BTreeMap<String, Package> {
    let text = |path: &str| payload(path).map(String::from_utf8_lossy);
    let mut packages = BTreeMap::new();
    let mut lists = Vec::new();
    for path in paths {
        let found = match path {
            DPKG_STATUS => text(path).map(|text| parse_dpkg_status(&text)),
            _ if APK.contains(&path) => text(path).map(|text| parse_apk_installed(&text)),
            _ if is_status_part(path) => text(path).map(|text| parse_dpkg_status(&text)),
            _ => {
                lists.extend(list_owner(path).map(|owner| (owner, path)));
                None
            }
        };
        for package in found.into_iter().flatten() {
            packages.entry(package.name.clone()).or_insert(package);
        }
    }
    for (owner, path) in lists {
        if let (Some(package), Some(text)) = (packages.get_mut(owner), text(path)) {
            dpkg::add_files(package, &text);
        }
    }
    packages
}

fn is_status_part(path: &str) -> bool {
    path.starts_with(DPKG_STATUS_FOLDER) && !path.ends_with(".md5sums")
}

/// `…/info/libc6:amd64.list` → `libc6`
fn list_owner(path: &str) -> Option<&str> {
    path.strip_prefix(DPKG_INFO)?.strip_suffix(".list")?.split(':').next()
}

/// Reads `/etc/os-release`. os-release(5): shell assignments, quoted or not.
pub(crate) fn os_release(text: &str) -> OsRelease {
    let mut os = OsRelease::default();
    for line in text.lines() {
        let Some((key, value)) = line.trim().split_once('=') else { continue };
        let value = value.trim_matches(['"', '\'']).to_owned();
        match key {
            "ID" => os.id = value,
            "VERSION_ID" => os.version_id = value,
            "VERSION_CODENAME" => os.codename = value,
            "PRETTY_NAME" => os.pretty = value,
            _ => {}
        }
    }
    os
}

#[cfg(test)]
mod tests;
