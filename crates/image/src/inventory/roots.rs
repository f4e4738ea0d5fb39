//! Which packages are there by themselves: asked for by name, as far as marks say so; where no mark says it, what nothing
//! else needs.

use std::collections::BTreeSet;

use super::gather::Extra;
use super::needs::{self, Need};
use super::{Installed, Inventory};
use crate::{Listing, PackageKind};

/// What is known of being asked for.
#[derive(Default)]
pub(super) struct Asked {
    /// There by themselves.
    pub(super) sure: BTreeSet<usize>,
    /// Nothing says whether. The others were installed for something else.
    pub(super) open: Vec<usize>,
}

pub(super) fn asked(listing: &Listing<'_>, inventory: &Inventory, needs: &[Vec<Need>], extra: &mut Extra) -> Asked {
    let needed: BTreeSet<usize> =
        needs.iter().flatten().flat_map(|need| &need.any_of).map(|other| *other as usize).collect();
    let (running, development) = needs::wanted_by_projects(listing, inventory, extra);
    let bootstrap = bootstrap_layer(inventory);
    let python = requested_says_something(inventory);
    let mut asked = Asked::default();
    for (at, installed) in inventory.packages.iter().enumerate() {
        let package = &installed.package;
        let mark = match package.kind {
            _ if package.essential => Some(true),
            _ if package.within.is_some() => Some(false),
            // What made the first file system marks nothing as automatic: there a package that others need is no wish of anybody.
            PackageKind::Deb if Some(installed.layer) == bootstrap && needed.contains(&at) => None,
            PackageKind::Python if !python => None,
            PackageKind::Npm => of_project(at, installed, &running, &development, extra),
            PackageKind::Jar | PackageKind::Go | PackageKind::Cargo => Some(true),
            _ => package.asked,
        };
        match mark {
            Some(true) => drop(asked.sure.insert(at)),
            Some(false) => {}
            None => asked.open.push(at),
        }
    }
    extra.development = development.difference(&running).copied().filter(|at| asked.sure.contains(at)).collect();
    asked
}

/// In a project with a manifest only what that names was asked for; elsewhere (global packages) nobody knows.
fn of_project(
    at: usize,
    installed: &Installed,
    running: &BTreeSet<usize>,
    development: &BTreeSet<usize>,
    extra: &Extra,
) -> Option<bool> {
    if running.contains(&at) || development.contains(&at) {
        return Some(true);
    }
    let project = installed.source.split("/node_modules/").next().unwrap_or_default();
    extra.projects.get(project).map(|project| project.wanted.is_empty() && project.development.is_empty())
}

/// The layer that the distribution began in: that of dpkg itself.
fn bootstrap_layer(inventory: &Inventory) -> Option<usize> {
    let is_dpkg = |installed: &&Installed| installed.kind() == PackageKind::Deb && installed.package.name == "dpkg";
    inventory.packages.iter().find(is_dpkg).map(|installed| installed.layer)
}

/// pip marks what was named (REQUESTED). Where everything is marked, a full list was installed, and the marks say nothing;
/// where nothing is, another tool installed.
fn requested_says_something(inventory: &Inventory) -> bool {
    let python = inventory.packages.iter().filter(|one| one.kind() == PackageKind::Python);
    let marks: BTreeSet<bool> = python.filter_map(|installed| installed.package.asked).collect();
    marks.len() == 2
}
