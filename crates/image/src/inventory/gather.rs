//! Collects the packages that the final tree speaks of: databases of the distribution, and what single files say.

use std::collections::{BTreeMap, BTreeSet};

use super::Installed;
use crate::packages::{npm, python, system};
use crate::{Found, LayerEntry, Listing, PackageKind};

/// The packages as they were found, before files are given to them.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) packages: Vec<Installed>,
    extra: Extra,
}

/// What is known beside the packages.
#[derive(Default)]
pub(super) struct Extra {
    /// npm projects: the folder that holds `node_modules`, and what they want for running and for development.
    pub(super) projects: BTreeMap<String, Project>,
    /// Packages that only development asks for.
    pub(super) development: BTreeSet<usize>,
}

/// A project's `package.json`.
#[derive(Default)]
pub(super) struct Project {
    pub(super) wanted: Vec<String>,
    pub(super) development: Vec<String>,
}

impl Gathered {
    pub(super) fn into_packages(self) -> (Vec<Installed>, Extra) {
        (self.packages, self.extra)
    }

    fn add(&mut self, package: crate::Package, source: &str) {
        self.packages.push(Installed { package, source: source.to_owned(), ..Installed::default() });
    }
}

pub(super) fn gather(listing: &Listing<'_>) -> Gathered {
    let mut gathered = Gathered::default();
    let kept = listing.rows().filter(|row| row.entry.is_some_and(|entry| entry.payload().is_some()));
    let databases: Vec<&str> = kept.map(|row| row.path).filter(|path| system::is_database(path)).collect();
    for (package, source) in system::installed(databases.into_iter(), &|path| listing.payload(path)) {
        gathered.add(package, &source);
    }
    for row in listing.rows().filter(|row| row.counts) {
        if let Some(found) = row.entry.and_then(LayerEntry::found) {
            take(&mut gathered, listing, row.path, found);
        }
    }
    gathered.packages.sort_by(|one, other| {
        let key = |one: &Installed| (one.package.kind, one.package.within.is_some());
        key(one)
            .cmp(&key(other))
            .then_with(|| one.package.name.cmp(&other.package.name))
            .then_with(|| one.source.cmp(&other.source))
    });
    gathered
}

fn take(gathered: &mut Gathered, listing: &Listing<'_>, path: &str, found: &Found) {
    if npm::is_manifest(path) && (npm::is_project(path) || found.packages.iter().any(|package| package.name.is_empty()))
    {
        let folder = path.strip_suffix("/package.json").unwrap_or(path).to_owned();
        let wanted = found.packages.iter().flat_map(|package| package.depends.iter().flatten().cloned()).collect();
        gathered.extra.projects.insert(folder, Project { wanted, development: found.files.clone() });
        return;
    }
    for package in &found.packages {
        let mut package = package.clone();
        if package.kind == PackageKind::Python {
            complete_python(&mut package, listing, path);
        }
        gathered.add(package, path);
    }
}

/// Adds what stands beside a distribution's METADATA: its list of files, and whether somebody asked for it.
fn complete_python(package: &mut crate::Package, listing: &Listing<'_>, path: &str) {
    let Some((folder, _)) = path.rsplit_once('/') else { return };
    let found = |name: &str| {
        let row = listing.find(&format!("{folder}/{name}"))?;
        listing.row(row).entry?.found()
    };
    let site = folder.rsplit_once('/').map_or("", |(site, _)| site);
    let from = |base: &str, files: &[String]| files.iter().map(|file| join(base, file)).collect::<Vec<_>>();
    if let Some(record) = found("RECORD") {
        package.files = from(site, &record.files);
    } else if let Some(files) = found("installed-files.txt") {
        package.files = from(folder, &files.files);
    } else {
        package.files = by_name(listing, site, &package.name);
    }
    if folder.ends_with(".dist-info") {
        package.asked = Some(listing.find(&format!("{folder}/REQUESTED")).is_some());
    }
}

/// Where a distribution without a list of files most likely is: the modules of its name.
fn by_name(listing: &Listing<'_>, site: &str, name: &str) -> Vec<String> {
    let mut files = Vec::new();
    for module in BTreeSet::from([name.to_owned(), name.to_lowercase(), python::normalized(name).replace('-', "_")]) {
        let rows = listing.below(&format!("{site}/{module}"));
        files.extend(rows.map(|row| listing.row(row).path.to_owned()));
        files.push(format!("{site}/{module}.py"));
    }
    files
}

/// `../../../bin/flask` seen from a folder.
fn join(folder: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
