//! Which packages came, went, or have another version.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::compare_versions;
use crate::PackageKind;

/// A package of one image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageVersion {
    /// Of which manager.
    pub kind: PackageKind,
    /// As that calls it.
    pub name: String,
    /// As that writes it.
    pub version: String,
    /// Of its own files.
    pub bytes: u64,
}

/// What became of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PackageStatus {
    /// Only in the second image.
    Added,
    /// Only in the first.
    Removed,
    /// A later version in the second.
    Upgraded,
    /// An earlier version in the second.
    Downgraded,
    /// Other versions that no rule orders.
    Changed,
}

/// A package that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageChange {
    /// Of which manager.
    pub kind: PackageKind,
    /// As that calls it.
    pub name: String,
    /// What became of it.
    pub status: PackageStatus,
    /// Version in the first image.
    pub before: Option<String>,
    /// Version in the second.
    pub after: Option<String>,
    /// Bytes of its files in the second, less those in the first.
    pub bytes: i64,
}

type Versions<'a> = Vec<&'a PackageVersion>;

/// What differs, by manager and name. Of a name with several versions (npm has them), those in both images are no difference,
/// and the others are paired in their order.
pub fn compare_packages(a: &[PackageVersion], b: &[PackageVersion]) -> Vec<PackageChange> {
    let mut names: BTreeMap<(PackageKind, &str), (Versions<'_>, Versions<'_>)> = BTreeMap::new();
    for package in a {
        names.entry((package.kind, &package.name)).or_default().0.push(package);
    }
    for package in b {
        names.entry((package.kind, &package.name)).or_default().1.push(package);
    }
    names.into_values().flat_map(|(before, after)| changes(before, after)).collect()
}

fn changes<'a>(mut before: Versions<'a>, mut after: Versions<'a>) -> Vec<PackageChange> {
    before.retain(|old| match after.iter().position(|new| new.version == old.version) {
        Some(at) => {
            after.remove(at);
            false
        }
        None => true,
    });
    for versions in [&mut before, &mut after] {
        versions.sort_by(|a, b| order(a, b).then_with(|| a.version.cmp(&b.version)));
    }
    let pairs = before.len().max(after.len());
    (0..pairs).filter_map(|at| change(before.get(at).copied(), after.get(at).copied())).collect()
}

fn order(a: &PackageVersion, b: &PackageVersion) -> Ordering {
    compare_versions(a.kind, &a.version, &b.version).unwrap_or(Ordering::Equal)
}

fn change(before: Option<&PackageVersion>, after: Option<&PackageVersion>) -> Option<PackageChange> {
    let status = match (before, after) {
        (None, Some(_)) => PackageStatus::Added,
        (Some(_), None) => PackageStatus::Removed,
        (Some(a), Some(b)) => match compare_versions(a.kind, &a.version, &b.version) {
            Some(Ordering::Less) => PackageStatus::Upgraded,
            Some(Ordering::Greater) => PackageStatus::Downgraded,
            _ => PackageStatus::Changed,
        },
        (None, None) => return None,
    };
    let one = after.or(before)?;
    let bytes = |package: Option<&PackageVersion>| package.map_or(0, |package| package.bytes);
    Some(PackageChange {
        kind: one.kind,
        name: one.name.clone(),
        status,
        before: before.map(|package| package.version.clone()),
        after: after.map(|package| package.version.clone()),
        bytes: super::files::difference(bytes(before), bytes(after)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(kind: PackageKind, name: &str, version: &str, bytes: u64) -> PackageVersion {
        PackageVersion { kind, name: name.to_owned(), version: version.to_owned(), bytes }
    }

    #[test]
    fn packages_come_go_and_move() {
        use PackageKind::{Deb, Python};
        let a =
            [package(Deb, "curl", "7.88-1", 10), package(Deb, "gcc", "12-1", 90), package(Python, "curl", "1.0", 1)];
        let b =
            [package(Deb, "curl", "7.88-2", 12), package(Deb, "tini", "0.19-1", 3), package(Python, "curl", "0.9", 1)];
        let shown: Vec<_> =
            compare_packages(&a, &b).into_iter().map(|change| (change.name, change.status, change.bytes)).collect();
        let expected = [
            ("curl".to_owned(), PackageStatus::Upgraded, 2),
            ("gcc".to_owned(), PackageStatus::Removed, -90),
            ("tini".to_owned(), PackageStatus::Added, 3),
            ("curl".to_owned(), PackageStatus::Downgraded, 0),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn of_several_versions_the_shared_ones_are_no_difference() {
        let npm = |version: &str| package(PackageKind::Npm, "ms", version, 1);
        let changes = compare_packages(&[npm("2.0.0"), npm("2.1.2")], &[npm("2.1.2"), npm("2.1.3"), npm("3.0.0")]);
        let shown: Vec<_> = changes.iter().map(|change| (change.before.as_deref(), change.after.as_deref())).collect();
        assert_eq!(shown, [(Some("2.0.0"), Some("2.1.3")), (None, Some("3.0.0"))]);
    }
}
