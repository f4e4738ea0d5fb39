//! Everything that is known of an image beyond its layers: where they come from, what is installed, what could be left out, what
//! nothing reaches, what to do, and why a thing is there. The one door to it; see docs/architecture.md.

mod advice;
mod reach;
mod rules;
#[cfg(test)]
mod tests;
mod why;

use jettison_ecosystems::load;
use jettison_image::{Avoidable, Error, Image, ImageConfig, Installed, Inventory, Listing, Stack, Surroundings};

use crate::provenance::{Line, Named, Place, Provenance, Recipe, named_packages, provenance, shown_instruction};

pub use advice::Advice;
pub use reach::Reach;
pub use why::{Part, Reason, Relation, Thing, Why, WhyKind};

/// What is known of an image.
#[derive(Clone, Debug)]
pub struct Analysis<'a> {
    /// Its config.
    pub config: &'a ImageConfig,
    /// The final tree, in path order.
    pub listing: Listing<'a>,
    /// Where each layer comes from.
    pub provenance: Provenance,
    /// What is installed, and what needs what.
    pub inventory: Inventory,
    /// What could be left out, most bytes first.
    pub avoidable: Vec<Avoidable>,
    /// What the image's own programs reach.
    pub reach: Reach,
    /// What to do, most bytes first.
    pub findings: Vec<Advice>,
    /// By layer: the instruction as one writes it, and the packages that it names.
    steps: Vec<(String, Vec<Named>)>,
}

/// Analyses an image. `stack` is made from its layers ([`Image::indexes`]); `recipe` is the Dockerfile it may have been built from.
/// Fails if the final tree's paths take more memory than is bearable.
pub fn analyse<'a>(image: &'a Image, stack: &Stack<'_>, recipe: Option<&Recipe<'_>>) -> Result<Analysis<'a>, Error> {
    let listing = Listing::new(stack, &image.indexes())?;
    let provenance = provenance(&image.config, image.layers.len(), recipe);
    let inventory = Inventory::new(&listing);
    let reach = reach::reach(&listing, &inventory, &image.config);
    let avoidable = find_avoidable(&listing, &inventory, &image.config, &reach);
    let steps = (0..image.layers.len()).map(|layer| step(&image.config, &provenance, layer)).collect();
    let mut analysis = Analysis {
        config: &image.config,
        listing,
        provenance,
        inventory,
        avoidable,
        reach,
        findings: Vec::new(),
        steps,
    };
    analysis.findings = advice::findings(&analysis, &stack.waste);
    Ok(analysis)
}

fn find_avoidable(listing: &Listing<'_>, inventory: &Inventory, config: &ImageConfig, reach: &Reach) -> Vec<Avoidable> {
    let tables = load();
    let builds =
        |one: &Installed| one.kind().is_system() && tables.is_build_package(one.kind().as_str(), &one.package.name);
    let surroundings = Surroundings {
        workdir: &config.workdir,
        running: &reach.running,
        is_used: &|path| reach.is_used(path),
        is_build_package: &builds,
        is_reached: &|package| reach.known && reach.reaches(package) && is_system(inventory, package),
    };
    jettison_image::avoidable(listing, inventory, &rules::rules(tables, config), &surroundings)
}

fn is_system(inventory: &Inventory, package: usize) -> bool {
    inventory.packages.get(package).is_some_and(|one| one.kind().is_system())
}

/// The instruction that made a layer, and what it names.
fn step(config: &ImageConfig, provenance: &Provenance, layer: usize) -> (String, Vec<Named>) {
    let entry = provenance.layers.get(layer).and_then(|origin| config.history.get(origin.history?));
    entry.map(|entry| (shown_instruction(&entry.created_by), named_packages(&entry.created_by))).unwrap_or_default()
}

impl Analysis<'_> {
    /// The instruction that made a layer, as one writes it; empty where the history does not say.
    pub fn instruction(&self, layer: usize) -> &str {
        self.steps.get(layer).map_or("", |(instruction, _)| instruction)
    }

    /// The Dockerfile's line that made a layer.
    pub fn line(&self, layer: usize) -> Option<Line> {
        self.provenance.layers.get(layer)?.line()
    }

    /// Whether a layer is the base image's, where that is known.
    pub fn is_base(&self, layer: usize) -> Option<bool> {
        match self.provenance.layers.get(layer)?.place {
            Place::Base => Some(true),
            Place::Line(_) => Some(false),
            Place::Unknown(_) => None,
        }
    }

    /// The packages that the instruction of a layer names.
    pub fn named(&self, layer: usize) -> &[Named] {
        self.steps.get(layer).map_or(&[], |(_, named)| named)
    }

    /// Why a path or a package is in the image: one answer a thing of that name. Empty if there is none.
    pub fn why(&self, asked: &str) -> Vec<Why> {
        why::why(self, asked)
    }
}
