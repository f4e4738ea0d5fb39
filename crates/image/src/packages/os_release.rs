//! `/etc/os-release`: which distribution, which release. os-release(5).

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

/// Reads `/etc/os-release`: shell assignments, quoted or not.
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
