//! What is installed in an image: packages of every kind with the files they own and what those weigh, who needs whom, and
//! therefore what only one package keeps in, why each is there, and what would go with it. Made from a [`Listing`].

mod gather;
mod graph;
mod needs;
mod owners;
mod roots;

use std::collections::{BTreeMap, HashMap};

use crate::packages::python::normalized;
use crate::{Listing, Package, PackageKind, Weight};

pub use graph::{Link, Removal};

/// Everything that is installed.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// By kind, then name.
    pub packages: Vec<Installed>,
    /// Package by row of the listing.
    owners: Vec<u32>,
    graph: graph::Graph,
}

/// One package of an image.
#[derive(Clone, Debug, Default)]
pub struct Installed {
    /// As its manager has it. `files` is empty here: ask [`Inventory::owner`] and [`Inventory::files`].
    pub package: Package,
    /// The file that says so: a database, a manifest, the archive or program itself.
    pub source: String,
    /// Of its own files.
    pub weight: Weight,
    /// The layer that installed it: the one that holds most of it.
    pub layer: usize,
    /// With all that only it keeps in.
    pub exclusive: Weight,
    /// Why it is there by itself.
    pub standing: Standing,
    /// Only development wants it (npm's devDependencies).
    pub development: bool,
}

/// Why a package is there by itself, if it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Somebody asked for it by name, or nothing else can be the reason.
    Asked,
    /// The system does not work without it.
    Essential,
    /// Something else needs it.
    #[default]
    Needed,
    /// It was installed for something else that is gone: `apt-get autoremove` would remove it.
    Orphaned,
}

impl Installed {
    /// `deb`, `python`, …
    pub fn kind(&self) -> PackageKind {
        self.package.kind
    }

    /// Whether people would call it so.
    fn is_called(&self, name: &str) -> bool {
        let (kind, name) = match name.split_once(':') {
            Some((kind, rest)) if kind == self.kind().as_str() => (true, rest),
            _ => (false, name),
        };
        let own = self.package.name.as_str();
        let qualified =
            || name.strip_prefix(own).and_then(|rest| rest.strip_prefix(':')) == Some(&self.package.architecture);
        let artifact = || self.kind() == PackageKind::Jar && own.rsplit(':').next() == Some(name);
        let spelled = || self.kind() == PackageKind::Python && normalized(own) == normalized(name);
        own == name || (!kind && qualified()) || artifact() || spelled()
    }
}

/// No package owns the row.
const NOBODY: u32 = u32::MAX;

impl Inventory {
    /// Takes stock.
    pub fn new(listing: &Listing<'_>) -> Self {
        let mut gathered = gather::gather(listing);
        let owners = owners::assign(listing, &mut gathered);
        let (packages, mut extra) = gathered.into_packages();
        let mut inventory = Self { packages, owners, graph: graph::Graph::default() };
        inventory.weigh(listing);
        let needs = needs::resolve(listing, &inventory);
        let asked = roots::asked(listing, &inventory, &needs, &mut extra);
        inventory.graph = graph::Graph::new(needs, asked);
        inventory.judge(&extra);
        inventory.packages.iter_mut().for_each(|installed| installed.package.files = Vec::new());
        inventory
    }

    /// The package that owns a row of the listing.
    pub fn owner(&self, row: usize) -> Option<usize> {
        self.owners.get(row).filter(|owner| **owner != NOBODY).map(|owner| *owner as usize)
    }

    /// The rows that a package owns, in path order.
    pub fn files(&self, package: usize) -> impl Iterator<Item = usize> {
        self.owners.iter().enumerate().filter(move |(_, owner)| **owner as usize == package).map(|(row, _)| row)
    }

    /// The packages of that name, of whatever kind: `gcc`, `gcc:amd64`, `deb:gcc`, `PyYAML` in any spelling.
    pub fn named(&self, name: &str) -> Vec<usize> {
        let matches = |installed: &Installed| installed.is_called(name);
        self.packages.iter().enumerate().filter(|(_, installed)| matches(installed)).map(|(at, _)| at).collect()
    }

    /// What only `package` keeps in, itself first, then by weight.
    pub fn exclusive(&self, package: usize) -> Vec<usize> {
        let mut kept = self.graph.dominated(package);
        kept.retain(|other| *other != package);
        kept.sort_by_key(|at| std::cmp::Reverse(self.packages.get(*at).map(|installed| installed.weight)));
        kept.insert(0, package);
        kept
    }

    /// The shortest way from something that is there by itself down to `package`, both included; `first` says which of those
    /// are the likelier reason. Empty if nothing needs it.
    pub fn chain(&self, package: usize, first: &dyn Fn(usize) -> bool) -> Vec<Link> {
        self.graph.chain(package, first)
    }

    /// What would go, and what would break, if these packages went.
    pub fn removal(&self, packages: &[usize]) -> Removal {
        let mut removal = self.graph.removal(packages);
        let all = packages.iter().chain(&removal.with);
        removal.weight = all.filter_map(|at| self.packages.get(*at)).map(|installed| installed.weight).sum();
        removal
    }

    /// The packages that `package` needs directly, recommended ones with `false`.
    pub fn needs(&self, package: usize) -> impl Iterator<Item = (usize, bool)> {
        self.graph.needs(package)
    }

    fn weigh(&mut self, listing: &Listing<'_>) {
        let mut by_layer: Vec<BTreeMap<usize, u64>> = vec![Default::default(); self.packages.len()];
        for (at, owner) in self.owners.iter().enumerate().filter(|(_, owner)| **owner != NOBODY) {
            let row = listing.row(at);
            let owner = *owner as usize;
            if let (Some(installed), Some(layers)) = (self.packages.get_mut(owner), by_layer.get_mut(owner)) {
                installed.weight += row.weight();
                *layers.entry(row.holder).or_default() += row.weight().bytes.saturating_add(1);
            }
        }
        for (installed, layers) in self.packages.iter_mut().zip(by_layer) {
            let most = layers.into_iter().max_by_key(|(layer, bytes)| (*bytes, *layer)).map(|(layer, _)| layer);
            let source = || Some(listing.row(listing.find(&installed.source)?).holder);
            installed.layer = most.or_else(source).unwrap_or(0);
        }
        self.weigh_archives();
    }

    /// Jars inside a jar take their share of its file.
    fn weigh_archives(&mut self) {
        let jars = self.packages.iter().enumerate().filter(|(_, one)| one.kind() == PackageKind::Jar);
        let outer: HashMap<String, usize> =
            jars.filter(|(_, one)| one.package.within.is_none()).map(|(at, one)| (one.source.clone(), at)).collect();
        for at in 0..self.packages.len() {
            let Some(inner) = self.packages.get(at).filter(|one| one.kind() == PackageKind::Jar) else { continue };
            let holder = inner.package.within.as_ref().and_then(|file| outer.get(file)).copied();
            let bytes = inner.package.installed_bytes;
            let Some(whole) = holder.and_then(|holder| self.packages.get_mut(holder)) else { continue };
            let share = whole.weight.take(bytes);
            if let Some(inner) = self.packages.get_mut(at) {
                inner.weight = share;
            }
        }
    }

    /// What each keeps in, and why it is there.
    fn judge(&mut self, extra: &gather::Extra) {
        let weights: Vec<Weight> = self.packages.iter().map(|installed| installed.weight).collect();
        let exclusive = self.graph.sums(&weights);
        for (at, installed) in self.packages.iter_mut().enumerate() {
            installed.exclusive = exclusive.get(at).copied().unwrap_or(installed.weight);
            installed.standing = match () {
                () if self.graph.is_root(at) && installed.package.essential => Standing::Essential,
                () if self.graph.is_root(at) => Standing::Asked,
                () if self.graph.is_reached(at) => Standing::Needed,
                () => Standing::Orphaned,
            };
        }
        for at in self.graph.only_from(&extra.development) {
            if let Some(installed) = self.packages.get_mut(at) {
                installed.development = true;
            }
        }
    }
}

impl Weight {
    /// Takes so many bytes out of it, with the same share of the compressed ones.
    fn take(&mut self, bytes: u64) -> Self {
        let bytes = bytes.min(self.bytes);
        let share = u128::from(self.compressed_bytes) * u128::from(bytes) / u128::from(self.bytes.max(1));
        let taken = Self { bytes, compressed_bytes: u64::try_from(share).unwrap_or(0) };
        self.bytes -= taken.bytes;
        self.compressed_bytes = self.compressed_bytes.saturating_sub(taken.compressed_bytes);
        taken
    }
}

#[cfg(test)]
mod tests;
