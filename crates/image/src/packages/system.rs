//! The distribution's packages of one image, joined from the databases that were kept: dpkg's status, file lists, marks and
//! diversions, distroless' `status.d`, apk's installed database and world.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Package, dpkg, parse_apk_installed, parse_dpkg_status};

const DPKG_STATUS: &str = "/var/lib/dpkg/status";
const DPKG_STATUS_FOLDER: &str = "/var/lib/dpkg/status.d/";
const DPKG_INFO: &str = "/var/lib/dpkg/info/";
const DPKG_DIVERSIONS: &str = "/var/lib/dpkg/diversions";
const APT_MARKS: &str = "/var/lib/apt/extended_states";
const APK: [&str; 2] = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"];
const APK_WORLD: &str = "/etc/apk/world";

/// Whether a package database is at `path`, or what says besides which packages were asked for and which files were diverted.
pub(crate) fn is_database(path: &str) -> bool {
    [DPKG_STATUS, DPKG_DIVERSIONS, APT_MARKS, APK_WORLD].contains(&path)
        || path.starts_with(DPKG_STATUS_FOLDER)
        || APK.contains(&path)
        || path.strip_prefix(DPKG_INFO).is_some_and(|file| file.ends_with(".list"))
}

/// The packages that the databases among `paths` list, by name. Those of distroless come without their files, as
/// [`crate::ImageSummary`] promises to those who plan with it.
pub(crate) fn by_name<'a>(
    paths: impl Iterator<Item = &'a str>,
    payload: &dyn Fn(&str) -> Option<&'a [u8]>,
) -> BTreeMap<String, Package> {
    let mut packages = BTreeMap::new();
    for (mut package, source) in installed(paths, payload) {
        if is_status_part(&source) {
            package.files.clear();
        }
        packages.entry(package.name.clone()).or_insert(package);
    }
    packages
}

/// The packages that the databases among `paths` list, each with the database that says so.
pub(crate) fn installed<'a>(
    paths: impl Iterator<Item = &'a str>,
    payload: &dyn Fn(&str) -> Option<&'a [u8]>,
) -> Vec<(Package, String)> {
    let text = |path: &str| payload(path).map(String::from_utf8_lossy);
    let mut packages: Vec<(Package, String)> = Vec::new();
    let mut lists: HashMap<String, String> = HashMap::new();
    for path in paths {
        let found = match path {
            DPKG_STATUS => text(path).map(|text| parse_dpkg_status(&text)),
            _ if APK.contains(&path) => text(path).map(|text| parse_apk_installed(&text)),
            _ if is_status_part(path) => text(path).map(|text| status_part(&text, text_of_sums(path, payload))),
            _ => {
                if let Some(owner) = list_owner(path) {
                    lists.insert(owner.to_owned(), path.to_owned());
                    // Where the status says no architecture, any list of that name is the package's.
                    let name = owner.split(':').next().unwrap_or(owner);
                    lists.entry(name.to_owned()).or_insert_with(|| path.to_owned());
                }
                None
            }
        };
        packages.extend(found.into_iter().flatten().map(|package| (package, path.to_owned())));
    }
    let dpkg = packages.iter_mut().filter(|(_, source)| source == DPKG_STATUS).map(|(package, _)| package);
    for package in dpkg {
        let qualified = format!("{}:{}", package.name, package.architecture);
        if let Some(list) = lists.get(&qualified).or_else(|| lists.get(&package.name)).and_then(|path| text(path)) {
            dpkg::add_files(package, &list);
        }
    }
    mark(&mut packages, &text);
    if let Some(diversions) = text(DPKG_DIVERSIONS) {
        dpkg::divert(packages.iter_mut().map(|(package, _)| package), &diversions);
    }
    packages
}

/// Who was asked for by name, where the image says it.
fn mark<'a>(packages: &mut [(Package, String)], text: &dyn Fn(&str) -> Option<std::borrow::Cow<'a, str>>) {
    // No mark at all says nothing: that is how the first file system is made.
    let automatic = text(APT_MARKS).map(|marks| dpkg::automatic(&marks)).filter(|automatic| !automatic.is_empty());
    let world: Option<BTreeSet<String>> = text(APK_WORLD).map(|text| super::apk::world(&text));
    for (package, source) in packages {
        package.asked = if source == DPKG_STATUS {
            automatic.as_ref().map(|automatic| !automatic.contains(&package.name))
        } else if APK.contains(&source.as_str()) {
            world.as_ref().map(|world| world.contains(&package.name))
        } else {
            None
        };
    }
}

/// One file of `status.d`, with the paths of the sums beside it.
fn status_part(text: &str, sums: Option<String>) -> Vec<Package> {
    let mut packages = parse_dpkg_status(text);
    if let (Some(package), Some(sums)) = (packages.first_mut(), sums) {
        dpkg::add_summed_files(package, &sums);
    }
    packages
}

fn text_of_sums<'a>(path: &str, payload: &dyn Fn(&str) -> Option<&'a [u8]>) -> Option<String> {
    payload(&format!("{path}.md5sums")).map(|sums| String::from_utf8_lossy(sums).into_owned())
}

fn is_status_part(path: &str) -> bool {
    path.starts_with(DPKG_STATUS_FOLDER) && !path.ends_with(".md5sums")
}

/// `…/info/libc6:amd64.list` → `libc6:amd64`
fn list_owner(path: &str) -> Option<&str> {
    path.strip_prefix(DPKG_INFO)?.strip_suffix(".list")
}
