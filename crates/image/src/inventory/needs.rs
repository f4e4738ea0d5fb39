//! Who needs whom: names of dependencies become packages of this image. Every installed alternative counts, as for apt's
//! autoremove: nobody knows which one is used. Versions are not compared; what is installed together fits together.

use std::collections::{BTreeSet, HashMap};

use super::Inventory;
use super::gather::Extra;
use crate::packages::python::normalized;
use crate::{Listing, Package, PackageKind};

/// One dependency: the packages any of which fulfils it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Need {
    pub(super) any_of: Vec<u32>,
    /// `Recommends`: kept by apt like the others, but nothing breaks without.
    pub(super) weak: bool,
}

/// The needs of each package.
pub(super) fn resolve(listing: &Listing<'_>, inventory: &Inventory) -> Vec<Vec<Need>> {
    let resolver = Resolver::new(listing, inventory);
    let mut needs: Vec<Vec<Need>> =
        inventory.packages.iter().enumerate().map(|(at, one)| resolver.of(at, &one.package, &one.source)).collect();
    resolver.contained(&mut needs);
    needs
}

struct Resolver<'r, 'a> {
    listing: &'r Listing<'a>,
    inventory: &'r Inventory,
    /// By kind and name, provided ones too.
    by_name: HashMap<(PackageKind, &'r str), Vec<u32>>,
    /// npm packages by folder.
    by_folder: HashMap<&'r str, u32>,
}

impl<'r, 'a> Resolver<'r, 'a> {
    fn new(listing: &'r Listing<'a>, inventory: &'r Inventory) -> Self {
        let mut resolver = Self { listing, inventory, by_name: HashMap::new(), by_folder: HashMap::new() };
        for (at, installed) in inventory.packages.iter().enumerate() {
            let (package, Ok(at)) = (&installed.package, u32::try_from(at)) else { continue };
            if package.kind == PackageKind::Npm {
                let folder = installed.source.strip_suffix("/package.json").unwrap_or(&installed.source);
                resolver.by_folder.insert(folder, at);
                continue;
            }
            for name in std::iter::once(&package.name).chain(&package.provides) {
                let named = resolver.by_name.entry((package.kind, name)).or_default();
                if named.last() != Some(&at) {
                    named.push(at);
                }
            }
        }
        resolver
    }

    fn of(&self, at: usize, package: &Package, source: &str) -> Vec<Need> {
        let strong = package.depends.iter().map(|names| (names, false));
        let weak = package.recommends.iter().map(|names| (names, true));
        let mut needs = Vec::new();
        for (names, weak) in strong.chain(weak) {
            let mut any_of: Vec<u32> = names.iter().flat_map(|name| self.named(package.kind, name, source)).collect();
            any_of.sort_unstable();
            any_of.dedup();
            // What a package brings itself it does not need from others.
            if !any_of.is_empty() && !any_of.iter().any(|other| *other as usize == at) {
                needs.push(Need { any_of, weak });
            }
        }
        needs
    }

    fn named(&self, kind: PackageKind, name: &str, source: &str) -> Vec<u32> {
        match kind {
            PackageKind::Npm => self.module(name, source).into_iter().collect(),
            PackageKind::Python => self.by_name.get(&(kind, &*normalized(name))).cloned().unwrap_or_default(),
            _ if name.starts_with('/') => self.owner_of(name).into_iter().collect(),
            _ => self.by_name.get(&(kind, name)).cloned().unwrap_or_default(),
        }
    }

    /// Who owns a path that is a dependency, as rpm and apk have it; links are followed.
    fn owner_of(&self, path: &str) -> Option<u32> {
        let row = self.listing.find(path).filter(|row| self.inventory.owner(*row).is_some());
        let owner = self.inventory.owner(row.or_else(|| self.listing.resolve(path))?)?;
        u32::try_from(owner).ok()
    }

    /// What `require(name)` finds from a package's manifest: the nearest `node_modules` going up.
    fn module(&self, name: &str, source: &str) -> Option<u32> {
        let mut folder = source.strip_suffix("/package.json")?;
        loop {
            let candidate = format!("{folder}/node_modules/{name}");
            if let Some(found) = self.by_folder.get(candidate.as_str()) {
                return Some(*found);
            }
            if self.listing.find(&candidate).is_some() {
                let real = self.listing.resolve(&candidate)?;
                return self.by_folder.get(self.listing.row(real).path).copied();
            }
            folder = folder.rsplit_once('/')?.0;
        }
    }

    /// What is inside an archive or program is there because of it, and goes with it.
    fn contained(&self, needs: &mut [Vec<Need>]) {
        let outer = self.inventory.packages.iter().enumerate().filter(|(_, one)| one.package.within.is_none());
        let by_source: HashMap<&str, usize> = outer.map(|(at, one)| (one.source.as_str(), at)).collect();
        for (at, installed) in self.inventory.packages.iter().enumerate() {
            let Some(within) = &installed.package.within else { continue };
            let system =
                || self.inventory.packages.iter().position(|one| one.kind().is_system() && one.package.name == *within);
            let holder = by_source.get(within.as_str()).copied().or_else(system).filter(|holder| *holder != at);
            if let (Some(needs), Ok(at)) = (holder.and_then(|holder| needs.get_mut(holder)), u32::try_from(at)) {
                needs.push(Need { any_of: vec![at], weak: false });
            }
        }
    }

    /// Names that a project asks for, as packages.
    fn modules_of(&self, folder: &str, names: &[String]) -> BTreeSet<usize> {
        let manifest = format!("{folder}/package.json");
        names.iter().filter_map(|name| self.module(name, &manifest)).map(|at| at as usize).collect()
    }
}

/// What npm projects want for running and for development.
pub(super) fn wanted_by_projects(
    listing: &Listing<'_>,
    inventory: &Inventory,
    extra: &Extra,
) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let resolver = Resolver::new(listing, inventory);
    let (mut running, mut development) = (BTreeSet::new(), BTreeSet::new());
    for (folder, project) in &extra.projects {
        running.extend(resolver.modules_of(folder, &project.wanted));
        development.extend(resolver.modules_of(folder, &project.development));
    }
    (running, development)
}
