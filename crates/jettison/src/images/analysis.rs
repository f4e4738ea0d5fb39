//! From an image to the document of `analyze`, and to the trees of its picture.

use jettison_image::usage::{SizeNode, by_directory, by_layer, by_owner, largest_directories, wasted_by_layer};
use jettison_image::{Causes, Dive, Inventory, LayerIndex, Listing, Stack};
use jettison_report::image as report;

use super::recipe::Matched;
use super::{Opened, document};
use crate::failure::Failure;

/// Boxes of one picture.
const BOXES: usize = 4_000;

/// An image with everything that is asked of it.
pub struct Looked<'a> {
    opened: &'a Opened,
    matched: &'a Matched,
    layers: &'a [&'a LayerIndex],
    stack: Stack<'a>,
    listing: Listing<'a>,
    inventory: Inventory,
}

impl<'a> Looked<'a> {
    /// Stacks the layers (see [`jettison_image::Image::indexes`]) and takes stock of what is installed.
    pub fn new(opened: &'a Opened, layers: &'a [&'a LayerIndex], matched: &'a Matched) -> Result<Self, Failure> {
        let broken = |error| super::broken(&opened.typed, &error);
        let stack = Stack::new(layers).map_err(broken)?;
        let listing = Listing::new(&stack, layers).map_err(broken)?;
        let inventory = Inventory::new(&listing);
        Ok(Self { opened, matched, layers, stack, listing, inventory })
    }

    /// The document, with at most so many of the largest directories.
    pub fn document(&self, directories: usize) -> report::AnalyzeReport {
        let (stack, waste) = (&self.stack, &self.stack.waste);
        let wasted = wasted_by_layer(stack, self.layers);
        report::AnalyzeReport {
            jettison_version: env!("CARGO_PKG_VERSION").to_owned(),
            image: self.opened.head(),
            sizes: document::sizes(self.opened, stack),
            layers: document::layers(self.opened, stack, &wasted, self.matched),
            efficiency: report::Efficiency {
                score: share(waste.final_bytes, waste.total_file_bytes),
                total_file_bytes: waste.total_file_bytes,
                final_bytes: waste.final_bytes,
                wasted_bytes: waste.wasted_bytes,
                wasted_by_cause: causes(&waste.by_cause),
            },
            tree: report::TreeCounts {
                names: stack.tree.names,
                regular_inodes: stack.tree.regular_inodes,
                directories: stack.tree.directories,
            },
            directories: self.directories(directories),
            dive: self.dive(),
            waste: self.waste(),
            packages: self.packages(),
            dockerfile: self.matched.document(),
            warnings: document::warnings(self.opened, stack),
            notes: self.notes(),
            ..report::AnalyzeReport::default()
        }
    }

    fn compressed(&self, bytes: u64) -> Option<u64> {
        self.opened.has_blobs().then_some(bytes)
    }

    fn directories(&self, most: usize) -> Vec<report::Directory> {
        let shown = |directory: jettison_image::usage::DirectorySize| report::Directory {
            path: directory.path,
            depth: directory.depth,
            bytes: directory.bytes,
            compressed_bytes: self.compressed(directory.compressed_bytes),
            files: directory.files,
        };
        largest_directories(&self.stack, most).into_iter().map(shown).collect()
    }

    fn dive(&self) -> report::Dive {
        let figures = Dive::of(self.layers);
        report::Dive {
            efficiency: figures.map(|dive| dive.efficiency),
            wasted_bytes: figures.map(|dive| dive.wasted_bytes),
            user_wasted_percent: figures.and_then(|dive| dive.user_wasted_percent),
        }
    }

    fn waste(&self) -> Vec<report::Waste> {
        let shown = |path: &jettison_image::WastedPath| report::Waste {
            path: path.path.clone(),
            causes: causes(&path.causes),
            bytes: path.bytes,
            compressed_bytes: self.compressed(path.compressed_bytes),
            count: path.count,
            layers: path.layers.clone(),
        };
        self.stack.waste.paths.iter().map(shown).collect()
    }

    fn packages(&self) -> Vec<report::Package> {
        let installed = &self.inventory.packages;
        let name = |at: usize| installed.get(at).map(|other| other.package.name.clone());
        let mut packages: Vec<report::Package> = installed
            .iter()
            .enumerate()
            .map(|(at, one)| report::Package {
                name: one.package.name.clone(),
                version: one.package.version.clone(),
                kind: one.kind().as_str().to_owned(),
                bytes: one.weight.bytes,
                exclusive_bytes: one.exclusive.bytes,
                exclusive_packages: self.inventory.exclusive(at).into_iter().skip(1).filter_map(name).collect(),
                unreached: None,
                layer: Some(one.layer),
            })
            .collect();
        packages.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
        packages
    }

    fn notes(&self) -> Vec<String> {
        let stored_plain = !self.opened.has_blobs() && !self.layers.is_empty();
        let plain = "layers are stored uncompressed here, so what they take in a registry is not known";
        stored_plain.then(|| plain.to_owned()).into_iter().collect()
    }

    /// The trees of the picture.
    pub fn maps(&self, document: &report::AnalyzeReport) -> report::SizeMaps {
        let names: Vec<String> = document
            .layers
            .iter()
            .map(|layer| format!("{} {}", layer.index, layer.instruction).trim_end().to_owned())
            .collect();
        let labels: Vec<String> =
            self.inventory.packages.iter().map(|one| format!("{} {}", one.package.name, one.package.version)).collect();
        let owner = |path: &str| {
            let package = self.inventory.owner(self.listing.find(path)?)?;
            let kind = self.inventory.packages.get(package)?.kind().as_str();
            Some(vec![kind, labels.get(package)?.as_str()])
        };
        report::SizeMaps {
            directories: self.node(by_directory(&self.stack, BOXES)),
            layers: self.node(by_layer(&self.stack, self.layers, &names, BOXES)),
            packages: self.node(by_owner(&self.stack, BOXES, &owner)),
        }
    }

    fn node(&self, node: SizeNode) -> report::MapNode {
        report::MapNode {
            name: node.name,
            bytes: node.bytes,
            compressed_bytes: self.compressed(node.compressed_bytes),
            layer: Some(node.layer),
            wasted_bytes: node.wasted_bytes,
            files: node.files,
            is_fold: node.is_fold,
            children: node.children.into_iter().map(|child| self.node(child)).collect(),
        }
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

fn causes(causes: &Causes) -> report::Causes {
    report::Causes {
        overwritten: causes.overwritten,
        metadata_only: causes.metadata_only,
        duplicate: causes.duplicate,
        deleted: causes.deleted,
    }
}
