//! What should not be in an image and is: secrets and junk in the app's own layers, by the ecosystems data. A base image's own
//! files are never blamed, nor what package managers installed.

use std::collections::{BTreeMap, BTreeSet};

use jettison_context::{EntryKind, Snapshot};
use jettison_dockerfile::ignore::pattern_matches;
use jettison_ecosystems::{Ecosystems, Junk};

use crate::look::Look;

/// Folders of installed packages: their authors' test keys, logs and `Dockerfile`s are not the app's doing.
const INSTALLED: [&str; 5] = ["site-packages", "dist-packages", "node_modules", "gems", "vendor"];

/// Folders that belong to the system in every image, unless the app works in them.
const SYSTEM: [&str; 13] = [
    "/usr/share/",
    "/usr/lib/",
    "/usr/include/",
    "/usr/local/lib/",
    "/usr/local/share/",
    "/usr/local/go/",
    "/usr/local/cargo/",
    "/usr/local/rustup/",
    "/lib/",
    "/proc/",
    "/var/log/",
    "/var/lib/",
    "/var/cache/",
];

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Inventory {
    /// Path and pattern of each likely secret.
    pub secrets: Vec<(String, String)>,
    /// Path and pattern of junk; of a folder that matches, the folder only.
    pub junk: Vec<(String, String)>,
    /// Bytes at and below those paths.
    pub junk_bytes: u64,
}

/// The ecosystems whose manifests the context holds.
pub(crate) fn ecosystems_in(snapshot: &Snapshot, data: &Ecosystems) -> BTreeSet<String> {
    let names = snapshot.kept.iter().chain(&snapshot.ignored).filter(|entry| entry.kind == EntryKind::File);
    let names: BTreeSet<&str> = names.map(|entry| name_of(&entry.path)).collect();
    let present = |pattern: &str| names.iter().any(|name| pattern_matches(pattern, name));
    data.manifests.iter().filter(|row| present(&row.pattern)).map(|row| row.ecosystem.clone()).collect()
}

/// Looks through the app's layers.
pub(crate) fn inventory(look: &Look, present: &BTreeSet<String>, data: &Ecosystems) -> Inventory {
    let mut found = Inventory::default();
    let mut search = JunkSearch::new(look, present, data);
    let mut folders: BTreeSet<String> = BTreeSet::new();
    let workdir = search.workdir.clone();
    for path in look.hidden_app_files() {
        if let Some(pattern) = secret(path, &workdir, data) {
            found.secrets.push((path.to_owned(), pattern.to_owned()));
        }
    }
    for (path, file) in look.app_files() {
        if let Some(pattern) = secret(path, &workdir, data) {
            found.secrets.push((path.to_owned(), pattern.to_owned()));
        }
        if let Some((at, pattern)) = search.outermost(path) {
            found.junk_bytes = found.junk_bytes.saturating_add(file.size);
            if folders.insert(at.clone()) {
                found.junk.push((at, pattern));
            }
        }
    }
    found.secrets.sort();
    found.secrets.dedup();
    found
}

/// The pattern of a likely secret, by the file's name.
fn secret<'d>(path: &str, workdir: &str, data: &'d Ecosystems) -> Option<&'d str> {
    let name = name_of(path);
    let row = data.secrets.iter().find(|row| {
        pattern_matches(&row.pattern, name) && !row.except.iter().any(|except| pattern_matches(except, name))
    })?;
    is_the_apps(path, workdir).then_some(row.pattern.as_str())
}

/// `workdir` ends in a slash.
fn is_the_apps(path: &str, workdir: &str) -> bool {
    let systems = SYSTEM.iter().any(|prefix| path.starts_with(prefix));
    let at_work = workdir != "/" && path.starts_with(workdir);
    (at_work || !systems) && !path.split('/').any(|part| INSTALLED.contains(&part))
}

/// Looks for junk, each folder once.
struct JunkSearch<'d> {
    rows: Vec<&'d Junk>,
    leftovers: Vec<&'d str>,
    workdir: String,
    look: &'d Look,
    seen: BTreeMap<String, Option<String>>,
}

impl<'d> JunkSearch<'d> {
    fn new(look: &'d Look, present: &BTreeSet<String>, data: &'d Ecosystems) -> Self {
        let applies =
            |row: &&Junk| row.in_image && row.ecosystem.as_ref().is_none_or(|ecosystem| present.contains(ecosystem));
        let workdir = look.summary.config.workdir.trim_end_matches('/');
        Self {
            rows: data.junk.iter().filter(applies).collect(),
            leftovers: data.managers.iter().flat_map(|manager| &manager.leftovers).map(String::as_str).collect(),
            workdir: format!("{workdir}/"),
            look,
            seen: BTreeMap::new(),
        }
    }

    /// The outermost folder of `path`, or `path` itself, that is junk, and its pattern.
    fn outermost(&mut self, path: &str) -> Option<(String, String)> {
        let ends = path.match_indices('/').map(|(at, _)| at).skip(1).chain([path.len()]);
        for end in ends {
            let prefix = path.get(..end)?;
            let known = self.seen.get(prefix).cloned();
            let pattern = known.unwrap_or_else(|| {
                let pattern = self.pattern(prefix);
                self.seen.insert(prefix.to_owned(), pattern.clone());
                pattern
            });
            if let Some(pattern) = pattern {
                return Some((prefix.to_owned(), pattern));
            }
        }
        None
    }

    fn pattern(&self, path: &str) -> Option<String> {
        let relative = path.trim_start_matches('/');
        let leftover = |pattern: &&&str| pattern_matches(pattern.trim_start_matches('/'), relative);
        if let Some(pattern) = self.leftovers.iter().find(leftover) {
            return Some((*pattern).to_owned());
        }
        if !is_the_apps(path, &self.workdir) {
            return None;
        }
        self.rows.iter().find(|row| self.is_junk(row, path)).map(|row| row.pattern.clone())
    }

    /// Context patterns start at the context's root, which is where the image's working folder is; `**/` ones match anywhere.
    fn is_junk(&self, row: &Junk, path: &str) -> bool {
        let relative = match row.pattern.starts_with("**/") {
            true => path.trim_start_matches('/'),
            false => match path.strip_prefix(&self.workdir) {
                Some(relative) => relative,
                None => return false,
            },
        };
        let excepted = row.except.iter().any(|except| pattern_matches(except, relative));
        let marked = |marker: &String| self.look.summary.files.contains_key(&format!("{path}/{marker}"));
        pattern_matches(&row.pattern, relative) && !excepted && row.marker.as_ref().is_none_or(marked)
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::checks::sample::image;

    fn found(workdir: &str, files: &[(&str, usize)]) -> Inventory {
        let mut look = image(files);
        let summary = Arc::make_mut(&mut look.summary);
        summary.config.workdir = workdir.to_owned();
        summary.layers[1].hidden = vec!["/app/deleted/id_rsa".to_owned()];
        inventory(&look, &BTreeSet::new(), jettison_ecosystems::load())
    }

    fn paths(found: &[(String, String)]) -> Vec<&str> {
        found.iter().map(|(path, _)| path.as_str()).collect()
    }

    #[test]
    fn secrets_are_the_apps_own_also_where_a_later_layer_hides_them() {
        let files = [("/app/.env", 1), ("/app/.env.example", 1), ("/root/.netrc", 0), ("/app/node_modules/x/.env", 1)];
        assert_eq!(paths(&found("/app", &files).secrets), ["/app/.env", "/app/deleted/id_rsa"]);
    }

    #[test]
    fn a_folder_of_junk_is_named_once_with_all_its_bytes() {
        let files = [("/app/.git/HEAD", 1), ("/app/.git/objects/1", 1), ("/app/main.py", 1), ("/srv/.git/HEAD", 0)];
        let found = found("/app", &files);
        assert_eq!(found.junk, [("/app/.git".to_owned(), ".git".to_owned())]);
        assert_eq!(found.junk_bytes, 2);
    }

    #[test]
    fn logs_of_the_system_are_its_own_unless_a_package_manager_left_them() {
        let files = [("/var/log/nginx/access.log", 1), ("/var/log/dpkg.log", 1), ("/var/lib/app/debug.log", 1)];
        assert_eq!(paths(&found("/app", &files).junk), ["/var/log/dpkg.log"]);
        assert_eq!(paths(&found("/var/lib/app", &files).junk), ["/var/lib/app/debug.log", "/var/log/dpkg.log"]);
    }
}
