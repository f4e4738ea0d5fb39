//! Which package owns which row of the listing. The distribution's packages come first; what they do not own may belong to a
//! package of a language.

use super::gather::Gathered;
use super::{Installed, NOBODY};
use crate::{Listing, PackageKind, Row};

/// Owner by row. Packages of languages whose metadata a distribution's package owns are part of that one.
pub(super) fn assign(listing: &Listing<'_>, gathered: &mut Gathered) -> Vec<u32> {
    let mut owners = Owners { listing, rows: vec![NOBODY; listing.len()], system: 0 };
    let is_system = |installed: &&Installed| installed.kind().is_system();
    owners.system = gathered.packages.iter().filter(is_system).count();
    for (at, installed) in gathered.packages.iter().enumerate().filter(|(_, installed)| installed.kind().is_system()) {
        for path in &installed.package.files {
            owners.take_listed(at, path);
        }
    }
    let names: Vec<String> = gathered.packages.iter().map(|installed| installed.package.name.clone()).collect();
    for (at, installed) in gathered.packages.iter_mut().enumerate().skip(owners.system) {
        let holder = listing.find(&installed.source).and_then(|row| owners.owner(row)).filter(|at| *at < owners.system);
        match holder.and_then(|holder| names.get(holder)) {
            Some(name) => {
                installed.package.within.get_or_insert_with(|| name.clone());
            }
            None if installed.package.within.is_none() => owners.take_own(at, installed),
            None => {}
        }
    }
    owners.compiled();
    owners.rows
}

struct Owners<'l, 'a> {
    listing: &'l Listing<'a>,
    rows: Vec<u32>,
    /// How many packages are the distribution's; they come first.
    system: usize,
}

impl Owners<'_, '_> {
    fn owner(&self, row: usize) -> Option<usize> {
        self.rows.get(row).filter(|owner| **owner != NOBODY).map(|owner| *owner as usize)
    }

    /// A path of a distribution's file list, which may be spelled with or without `/usr`.
    fn take_listed(&mut self, package: usize, path: &str) {
        let listing = self.listing;
        let plain = path.strip_prefix("/usr").filter(|plain| plain.starts_with('/'));
        let found = listing.find(path).or_else(|| listing.find(plain?));
        if let Some(row) = found.filter(|row| !listing.row(*row).is_folder()) {
            self.give(row, package);
        }
    }

    /// Gives a row to a package, unless it is the distribution's already.
    fn give(&mut self, row: usize, package: usize) {
        if self.owner(row).is_none_or(|owner| owner >= self.system)
            && let (Some(owner), Ok(package)) = (self.rows.get_mut(row), u32::try_from(package))
        {
            *owner = package;
        }
    }

    fn take_below(&mut self, package: usize, folder: &str) {
        for row in self.listing.below(folder) {
            if !self.listing.row(row).is_folder() {
                self.give(row, package);
            }
        }
    }

    /// The files of a language's package. Of npm packages inside one another the inner ones come later, and take theirs back.
    fn take_own(&mut self, package: usize, installed: &Installed) {
        let source = installed.source.as_str();
        let folder = source.rsplit_once('/').map_or("", |(folder, _)| folder);
        match installed.kind() {
            PackageKind::Npm => self.take_below(package, folder),
            PackageKind::Gem => {
                let home = folder.trim_end_matches("/default").trim_end_matches("/specifications");
                let name = source.rsplit('/').next().and_then(|name| name.strip_suffix(".gemspec")).unwrap_or_default();
                self.take_below(package, &format!("{home}/gems/{name}"));
                for row in self.listing.below(&format!("{home}/extensions")) {
                    let is_inside = |row: &Row<'_, '_>| row.path.split('/').any(|part| part == name);
                    if Some(self.listing.row(row)).filter(is_inside).is_some_and(|row| !row.is_folder()) {
                        self.give(row, package);
                    }
                }
            }
            PackageKind::Python => {
                for path in &installed.package.files {
                    if let Some(row) = self.listing.find(path).filter(|row| !self.listing.row(*row).is_folder()) {
                        self.give(row, package);
                    }
                }
                if folder.ends_with(".dist-info") || folder.ends_with(".egg-info") {
                    self.take_below(package, folder);
                }
            }
            _ => {}
        }
        self.listing.find(source).into_iter().for_each(|row| self.give(row, package));
    }

    /// Bytecode belongs to whom its source belongs, where no list has it.
    fn compiled(&mut self) {
        let listing = self.listing;
        for (at, row) in listing.rows().enumerate().filter(|(_, row)| row.path.ends_with(".pyc")) {
            let Some((folder, name)) = row.path.rsplit_once("/__pycache__/") else { continue };
            let module = name.split('.').next().unwrap_or(name);
            let source = listing.find(&format!("{folder}/{module}.py")).and_then(|row| self.owner(row));
            if let Some(owner) = source.filter(|_| self.owner(at).is_none()) {
                self.give(at, owner);
            }
        }
    }
}
