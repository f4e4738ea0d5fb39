//! Which packages of the distribution what the image runs can reach: from the entry command over interpreters and libraries to
//! the packages that own them and what those depend on. The app's own programs and libraries, which no package owns, count as
//! running: nobody knows which of them are loaded. What is opened by name (plugins, data) leaves no trace: a rule of thumb.

use std::collections::BTreeSet;

use jettison_ecosystems::load;
use jettison_image::{FileKind, ImageConfig, Inventory, Listing};

use crate::{image_programs, needs};

/// What is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The image says what it runs, and it is there. Else nothing is known, and everything counts as reached.
    pub known: bool,
    /// Something on the way could not be followed.
    pub opaque: bool,
    /// Names of the programs that run by themselves.
    pub running: BTreeSet<String>,
    /// Files that are needed, as far as it can be seen.
    pub files: BTreeSet<String>,
    /// By package of the inventory. Of languages' packages nothing is known: they count as reached.
    packages: Vec<bool>,
}

/// Programs without an owner, at most; an image with more is followed from its entry command and so many.
const MAX_OWN: usize = 20_000;

impl Reach {
    /// Whether a package is reached, as far as is known.
    pub fn reaches(&self, package: usize) -> bool {
        !self.known || self.packages.get(package).copied().unwrap_or(true)
    }

    /// The distribution's packages that nothing reaches.
    pub fn unreached(&self, inventory: &Inventory) -> Vec<usize> {
        (0..inventory.packages.len()).filter(|at| !self.reaches(*at)).collect()
    }

    /// Whether a needed file is at a path or below it.
    pub fn is_used(&self, path: &str) -> bool {
        let below = self.files.range(path.to_owned()..).take_while(|file| file.starts_with(path));
        below
            .into_iter()
            .any(|file| file.get(path.len()..).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    }
}

/// Follows what the image runs.
pub(super) fn reach(listing: &Listing<'_>, inventory: &Inventory, config: &ImageConfig) -> Reach {
    let image = listing.runnable(config);
    let running = image_programs(&image);
    let mut reach = Reach { opaque: running.opaque, running: running.names, ..Reach::default() };
    reach.known = !running.paths.is_empty();
    if !reach.known {
        return reach;
    }
    let mut roots: Vec<String> = running.paths.into_iter().collect();
    reach.files.extend(roots.iter().cloned());
    let own = image.files.iter().filter(|(path, file)| {
        let owner = listing.find(path).and_then(|row| inventory.owner(row));
        let is_own =
            owner.and_then(|owner| inventory.packages.get(owner)).is_none_or(|owner| !owner.kind().is_system());
        is_own && !matches!(file.kind, FileKind::Symlink(_)) && (file.elf.is_some() || file.shebang.is_some())
    });
    roots.extend(own.map(|(path, _)| path.clone()).take(MAX_OWN));
    let needs = needs::closure(&image, &roots);
    reach.files.extend(needs.outside);
    reach.files.extend(reach.files.iter().filter_map(|path| Some(image.resolve(path)?.0)).collect::<Vec<_>>());
    reach.packages = packages(listing, inventory, &reach.files);
    reach
}

/// The owners of files and all that they depend on. What is needed in silence, what is no distribution's, and packages of which
/// nobody knows a file count as reached themselves; what those depend on does not.
fn packages(listing: &Listing<'_>, inventory: &Inventory, files: &BTreeSet<String>) -> Vec<bool> {
    let owner = |path: &String| inventory.owner(listing.find(path).or_else(|| listing.resolve(path))?);
    let mut todo: Vec<usize> = files.iter().filter_map(owner).collect();
    let mut reached = vec![false; inventory.packages.len()];
    while let Some(at) = todo.pop() {
        if let Some(reached) = reached.get_mut(at).filter(|reached| !**reached) {
            *reached = true;
            todo.extend(inventory.needs(at).filter(|(_, strong)| *strong).map(|(other, _)| other));
        }
    }
    let with_files: BTreeSet<usize> = (0..listing.len()).filter_map(|row| inventory.owner(row)).collect();
    let tables = load();
    for (at, (reached, one)) in reached.iter_mut().zip(&inventory.packages).enumerate() {
        let kind = one.kind();
        let is_quiet = || tables.is_quiet_package(kind.as_str(), &one.package.name);
        *reached |= !kind.is_system() || !with_files.contains(&at) || is_quiet();
    }
    reached
}
