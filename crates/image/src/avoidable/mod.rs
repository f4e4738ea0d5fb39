//! Bytes that can be reached in the final tree and need not be there, by kind. Never part of what is wasted. Which paths are of
//! which kind is data that comes in as [`Rules`]; packages that only build, and copies of what is elsewhere, are found here.

mod copies;
mod group;
mod rules;

use std::collections::BTreeSet;

use crate::{FileKind, Installed, Inventory, Listing, PackageKind, Weight};

pub use rules::{Rule, Rules, Scope};

/// Why something need not be in an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AvoidableKind {
    /// What a package manager keeps for the next installation.
    PackageCache,
    /// Compilers, headers, what only development wants.
    BuildTool,
    /// Documentation and manual pages.
    Docs,
    /// Translations.
    Locale,
    /// Version control.
    Vcs,
    /// Logs.
    Log,
    /// Temporary files.
    Temp,
    /// What looks like a secret.
    Secret,
    /// Compiled from sources that are there as well.
    Bytecode,
    /// The same bytes are elsewhere in the tree.
    CopyElsewhere,
}

impl AvoidableKind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::PackageCache,
        Self::BuildTool,
        Self::Docs,
        Self::Locale,
        Self::Vcs,
        Self::Log,
        Self::Temp,
        Self::Secret,
        Self::Bytecode,
        Self::CopyElsewhere,
    ];

    /// The word of documents and of the data: `package_cache`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PackageCache => "package_cache",
            Self::BuildTool => "build_tool",
            Self::Docs => "docs",
            Self::Locale => "locale",
            Self::Vcs => "vcs",
            Self::Log => "log",
            Self::Temp => "temp",
            Self::Secret => "secret",
            Self::Bytecode => "bytecode",
            Self::CopyElsewhere => "copy_elsewhere",
        }
    }
}

/// Something that need not be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Avoidable {
    /// A file, or a folder with everything below it: the highest one that is wholly of the kind.
    pub path: String,
    /// Why.
    pub kind: AvoidableKind,
    /// Of all of it.
    pub weight: Weight,
    /// Regular files in it.
    pub files: u64,
    /// The layers that hold it, lowest first.
    pub layers: Vec<usize>,
    /// The layer that holds most of it.
    pub layer: usize,
    /// The package that owns it, if one owns all of it.
    pub package: Option<usize>,
    /// Of a copy: where the other one is.
    pub original: Option<String>,
    /// Whether it follows from what the thing is; else it is a rule of thumb.
    pub sure: bool,
}

/// What is known of the image beside its files.
pub struct Surroundings<'s> {
    /// WORKDIR, where the app is.
    pub workdir: &'s str,
    /// Names of the programs that it runs by itself.
    pub running: &'s BTreeSet<String>,
    /// Whether what it runs needs the file at that path.
    pub is_used: &'s dyn Fn(&str) -> bool,
    /// Whether a package only builds things.
    pub is_build_package: &'s dyn Fn(&Installed) -> bool,
    /// Whether what the image runs reaches a package, as far as is known.
    pub is_reached: &'s dyn Fn(usize) -> bool,
}

/// What one row is.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    kind: Option<AvoidableKind>,
    sure: bool,
}

/// Looks through the final tree; most bytes first.
pub fn avoidable(
    listing: &Listing<'_>,
    inventory: &Inventory,
    rules: &Rules,
    surroundings: &Surroundings<'_>,
) -> Vec<Avoidable> {
    let mut marks = rules.mark(listing, inventory, surroundings);
    mark_packages(listing, inventory, surroundings, &mut marks);
    keep_needed_bytecode(listing, &mut marks);
    let originals = copies::mark(listing, inventory, &mut marks);
    let mut found = group::group(listing, inventory, &marks, &originals);
    found.retain(|one| one.kind == AvoidableKind::Secret || one.weight.bytes > 0);
    found.sort_by(|one, other| other.weight.cmp(&one.weight).then_with(|| one.path.cmp(&other.path)));
    found
}

/// Packages that only build, and that nothing which runs reaches; and what only npm's development wants.
fn mark_packages(listing: &Listing<'_>, inventory: &Inventory, surroundings: &Surroundings<'_>, marks: &mut [Mark]) {
    let builds = |(at, installed): (usize, &Installed)| {
        let only_builds = installed.development || (surroundings.is_build_package)(installed);
        let is_running = || installed.kind() == PackageKind::Npm && runs_from(listing, inventory, surroundings, at);
        only_builds && !installed.package.essential && !(surroundings.is_reached)(at) && !is_running()
    };
    let mut builds: Vec<bool> = inventory.packages.iter().enumerate().map(builds).collect();
    // What would be needed by nothing if they went came in with them.
    let tools: Vec<usize> = (0..builds.len()).filter(|at| builds.get(*at) == Some(&true)).collect();
    for at in inventory.removal(&tools).with {
        if let Some(builds) = builds.get_mut(at).filter(|_| !(surroundings.is_reached)(at)) {
            *builds = true;
        }
    }
    for (row, mark) in marks.iter_mut().enumerate().filter(|(_, mark)| mark.kind.is_none()) {
        if inventory.owner(row).is_some_and(|owner| builds.get(owner) == Some(&true)) {
            *mark = Mark { kind: Some(AvoidableKind::BuildTool), sure: true };
        }
    }
}

/// Whether one of a package's files is a program that the image runs.
fn runs_from(listing: &Listing<'_>, inventory: &Inventory, surroundings: &Surroundings<'_>, package: usize) -> bool {
    let mut files = inventory.files(package);
    files.any(|row| (surroundings.is_used)(listing.row(row).path))
        || inventory.packages.get(package).is_some_and(|one| surroundings.running.contains(&one.package.name))
}

/// Bytecode without its source is the program itself.
fn keep_needed_bytecode(listing: &Listing<'_>, marks: &mut [Mark]) {
    for (at, mark) in marks.iter_mut().enumerate().filter(|(_, mark)| mark.kind == Some(AvoidableKind::Bytecode)) {
        let row = listing.row(at);
        let is_file = row.entry.is_some_and(|entry| entry.kind != FileKind::Directory);
        if is_file && !has_source(listing, row.path) {
            *mark = Mark::default();
        }
    }
}

/// `/x/__pycache__/a.cpython-311.pyc` → `/x/a.py`; `/x/a.pyc` → `/x/a.py`.
fn has_source(listing: &Listing<'_>, path: &str) -> bool {
    let Some((folder, name)) = path.rsplit_once('/') else { return false };
    let module = name.split('.').next().unwrap_or(name);
    let folder = folder.strip_suffix("/__pycache__").unwrap_or(folder);
    listing.find(&format!("{folder}/{module}.py")).is_some()
}

#[cfg(test)]
mod tests;
