//! Why a path or a package is in an image: what it is, the layers that had a part in it, the package that owns it, the chain of
//! reasons from an instruction down to it, and what would go with it.

use std::collections::BTreeMap;

use jettison_image::{FileKind, LayerEntry, Link, Row, Weight};
use jettison_model::Evidence;

use super::Analysis;

/// Why one thing is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// What it is.
    pub kind: WhyKind,
    /// Its path, or the package's name.
    pub name: String,
    /// Where a link leads, as written.
    pub target: Option<String>,
    /// Of it, or of everything in it.
    pub weight: Weight,
    /// Regular files in it.
    pub files: u64,
    /// The layers that had a part in it, lowest first.
    pub layers: Vec<Part>,
    /// It, or the package that owns all of it: index in the inventory.
    pub package: Option<usize>,
    /// From what was asked for down to it: each is the reason for the next.
    pub chain: Vec<Reason>,
    /// What would go, and what would break, if it went: the weight of it and all that goes with it.
    pub goes: Option<Goes>,
}

/// What a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyKind {
    /// A regular file.
    File,
    /// A further name of one.
    Hardlink,
    /// A folder.
    Directory,
    /// A symbolic link.
    Symlink,
    /// A device or pipe.
    Device,
    /// An installed package.
    Package,
    /// Only lower layers have it.
    Removed,
}

impl WhyKind {
    /// The word of documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Hardlink => "hardlink",
            Self::Directory => "directory",
            Self::Symlink => "symlink",
            Self::Device => "device",
            Self::Package => "package",
            Self::Removed => "removed",
        }
    }
}

/// A layer's part in something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Which layer.
    pub layer: usize,
    /// It was not there below.
    pub added: bool,
    /// It is not there above.
    pub removed: bool,
    /// Of it that the layer holds, what later layers hide included.
    pub weight: Weight,
}

/// One link of a chain of reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// An instruction, a package, a path.
    pub thing: Thing,
    /// How it leads to the next; of the last one, nothing.
    pub relation: Relation,
    /// How that is known.
    pub evidence: Evidence,
}

/// What a reason is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// The base image.
    Base,
    /// The instruction of a layer, as one writes it.
    Instruction(usize, String),
    /// A package: index in the inventory.
    Package(usize),
    /// A path.
    Path(String),
}

/// How one thing leads to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The instruction names the package.
    Installs,
    /// The instruction or base image has it in its layer.
    Brings,
    /// The package does not work without.
    Depends,
    /// The package recommends it.
    Recommends,
    /// The package owns the file.
    Owns,
    /// Nothing follows.
    End,
}

/// What would follow from its removal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Goes {
    /// Packages that nothing would need any more.
    pub packages: Vec<usize>,
    /// Packages that need it and would break.
    pub blocked_by: Vec<usize>,
    /// Of it and of all that goes with it.
    pub weight: Weight,
}

impl Relation {
    /// The word of documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Installs => "installs",
            Self::Brings => "brings",
            Self::Depends => "depends",
            Self::Recommends => "recommends",
            Self::Owns => "owns",
            Self::End => "",
        }
    }
}

/// All things of that name: a path where it begins with `/` or is none of a package, else packages.
pub(super) fn why(analysis: &Analysis<'_>, asked: &str) -> Vec<Why> {
    let packages = analysis.inventory.named(asked);
    if !asked.starts_with('/') && !packages.is_empty() {
        return packages.into_iter().map(|package| of_package(analysis, package)).collect();
    }
    let path = format!("/{}", asked.trim_matches('/'));
    if path == "/" {
        return vec![of_path(analysis, &path)];
    }
    let found = analysis.listing.find(&path);
    match found {
        Some(_) => vec![of_path(analysis, &path)],
        None => of_linked(analysis, &path).or_else(|| of_removed(analysis, &path)).into_iter().collect(),
    }
}

fn of_package(analysis: &Analysis<'_>, package: usize) -> Why {
    let Some(installed) = analysis.inventory.packages.get(package) else { return Why::of(WhyKind::Package, "") };
    let rows: Vec<usize> = analysis.inventory.files(package).collect();
    let mut why = Why::of(WhyKind::Package, &installed.package.name);
    why.weight = installed.weight;
    why.files = rows.iter().filter(|row| analysis.listing.row(**row).is_file()).count() as u64;
    let mut layers: BTreeMap<usize, Weight> = BTreeMap::new();
    for row in rows.iter().map(|row| analysis.listing.row(*row)) {
        *layers.entry(row.holder).or_default() += row.weight();
    }
    if layers.is_empty() {
        layers.insert(installed.layer, installed.weight);
    }
    let first = layers.keys().next().copied();
    let part = |(layer, weight)| Part { layer, added: Some(layer) == first, removed: false, weight };
    why.layers = layers.into_iter().map(part).collect();
    why.package = Some(package);
    why.chain = reasons(analysis, package);
    why.goes = Some(goes(analysis, package));
    why
}

/// From an instruction, or the base, over what it asks for down to the package.
fn reasons(analysis: &Analysis<'_>, package: usize) -> Vec<Reason> {
    let installed = |at: usize| analysis.inventory.packages.get(at);
    let layer = installed(package).map_or(0, |one| one.layer);
    let names = |layer: usize, at: usize| {
        let package = installed(at).map(|one| (one.kind(), one.package.name.as_str()));
        let same =
            |kind, name: &str| package.is_some_and(|(own, called)| own == kind && called.eq_ignore_ascii_case(name));
        analysis.named(layer).iter().any(|named| same(named.kind, &named.name))
    };
    // What was named by the instruction that brought it is the likeliest reason, then what came in with it, then anything.
    let tiers: [&dyn Fn(usize) -> bool; 3] =
        [&|at| names(layer, at), &|at| installed(at).is_some_and(|one| one.layer == layer), &|_| true];
    let chains = tiers.iter().map(|tier| analysis.inventory.chain(package, *tier));
    let fits = |(tier, chain): &(usize, Vec<Link>)| chain.first().is_some_and(|link| tiers[*tier](link.package));
    let chain = chains.enumerate().find(fits).map(|(_, chain)| chain);
    let chain = chain.unwrap_or_else(|| vec![Link { package, weak: false }]);
    let root = chain.first().map_or(package, |link| link.package);
    let root_layer = installed(root).map_or(layer, |one| one.layer);
    let mut reasons = vec![origin(analysis, root_layer, names(root_layer, root))];
    for (at, link) in chain.iter().enumerate() {
        let relation = match chain.get(at + 1) {
            None => Relation::End,
            Some(next) if next.weak => Relation::Recommends,
            Some(_) => Relation::Depends,
        };
        reasons.push(Reason { thing: Thing::Package(link.package), relation, evidence: Evidence::Modelled });
    }
    reasons
}

/// What made a layer, as the first reason for what is in it.
fn origin(analysis: &Analysis<'_>, layer: usize, named: bool) -> Reason {
    let thing = match (analysis.is_base(layer), analysis.instruction(layer)) {
        (Some(true), _) if !named => Thing::Base,
        (_, instruction) => Thing::Instruction(layer, instruction.to_owned()),
    };
    let relation = if named { Relation::Installs } else { Relation::Brings };
    Reason { thing, relation, evidence: Evidence::Measured }
}

fn goes(analysis: &Analysis<'_>, package: usize) -> Goes {
    let removal = analysis.inventory.removal(&[package]);
    let mut packages = removal.with;
    let weight = |at: &usize| analysis.inventory.packages.get(*at).map(|one| one.weight);
    packages.sort_by_key(|at| std::cmp::Reverse(weight(at)));
    Goes { packages, blocked_by: removal.blocked_by, weight: removal.weight }
}

fn of_path(analysis: &Analysis<'_>, path: &str) -> Why {
    let listing = &analysis.listing;
    let row = listing.find(path).map(|at| listing.row(at));
    let mut why = Why::of(row.as_ref().map_or(WhyKind::Directory, kind), path);
    why.target = row.as_ref().and_then(|row| row.entry).and_then(target);
    why.weight = listing.weight_below(path);
    let own = listing.find(path);
    let rows = || listing.below(path).chain(own);
    why.files = rows().filter(|at| listing.row(*at).is_file()).count() as u64;
    why.layers = parts(analysis, path);
    let mut owners: Vec<Option<usize>> =
        rows().filter(|at| !listing.row(*at).is_folder()).map(|at| analysis.inventory.owner(at)).collect();
    owners.sort_unstable();
    owners.dedup();
    let owner = if let [Some(owner)] = owners.as_slice() { Some(*owner) } else { None };
    why.package = owner;
    let last = Reason { thing: Thing::Path(path.to_owned()), relation: Relation::End, evidence: Evidence::Measured };
    match owner {
        Some(owner) => {
            why.chain = reasons(analysis, owner);
            if let Some(package) = why.chain.last_mut() {
                package.relation = Relation::Owns;
            }
            why.goes = Some(goes(analysis, owner));
        }
        None => {
            let most = why.layers.iter().max_by_key(|part| (part.weight, part.layer)).map(|part| part.layer);
            why.chain.extend(most.map(|layer| origin(analysis, layer, false)));
        }
    }
    why.chain.push(last);
    why
}

/// A path through links: what they lead to.
fn of_linked(analysis: &Analysis<'_>, path: &str) -> Option<Why> {
    let row = analysis.listing.resolve(path)?;
    Some(of_path(analysis, analysis.listing.row(row).path))
}

/// What only lower layers have.
fn of_removed(analysis: &Analysis<'_>, path: &str) -> Option<Why> {
    let layers = parts(analysis, path);
    let held: Weight = layers.iter().map(|part| part.weight).sum();
    let first = layers.iter().find(|part| !part.removed)?.layer;
    let mut why = Why::of(WhyKind::Removed, path);
    why.weight = held;
    why.layers = layers;
    let last = Reason { thing: Thing::Path(path.to_owned()), relation: Relation::End, evidence: Evidence::Measured };
    why.chain = vec![origin(analysis, first, false), last];
    Some(why)
}

/// What each layer has at or below a path, as the layers name it, whiteouts among it.
fn parts(analysis: &Analysis<'_>, path: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let root = path == "/";
    let inside =
        |entry: &str| root || entry.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let mut there = false;
    for (layer, entries) in analysis.listing.entries() {
        let mut part = Part { layer, ..Part::default() };
        let mut named = false;
        for entry in entries {
            if let Some(hidden) = whiteout(&entry.path) {
                let hides = hidden == path || path.strip_prefix(&*hidden).is_some_and(|rest| rest.starts_with('/'));
                part.removed |= hides;
            } else if inside(&entry.path) {
                named = true;
                if entry.kind == FileKind::Regular {
                    part.weight += Weight { bytes: entry.size, compressed_bytes: entry.compressed_bytes };
                }
            }
        }
        part.removed &= !named;
        part.added = named && !there;
        if named || (part.removed && there) {
            there = named;
            parts.push(part);
        }
    }
    parts
}

/// The path that a whiteout hides; of an opaque folder, the folder.
fn whiteout(path: &str) -> Option<String> {
    let (folder, name) = path.rsplit_once('/')?;
    match name.strip_prefix(".wh.")? {
        ".wh..opq" => Some(folder.to_owned()),
        hidden => Some(format!("{folder}/{hidden}")),
    }
}

fn kind(row: &Row<'_, '_>) -> WhyKind {
    match row.entry.map(|entry| &entry.kind) {
        None | Some(FileKind::Directory) => WhyKind::Directory,
        Some(FileKind::Symlink(_)) => WhyKind::Symlink,
        Some(FileKind::Special) => WhyKind::Device,
        Some(_) if row.counts => WhyKind::File,
        Some(_) => WhyKind::Hardlink,
    }
}

fn target(entry: &LayerEntry) -> Option<String> {
    match &entry.kind {
        FileKind::Symlink(target) => Some(target.clone()),
        _ => None,
    }
}

impl Why {
    fn of(kind: WhyKind, name: &str) -> Self {
        let (weight, layers, chain) = (Weight::default(), Vec::new(), Vec::new());
        Self { kind, name: name.to_owned(), target: None, weight, files: 0, layers, package: None, chain, goes: None }
    }
}
