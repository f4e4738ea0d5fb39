//! From an image to the document of `analyze`, and to the trees of its picture.

use std::thread;

use jettison_facts::analysis::{Analysis, analyse};
use jettison_image::usage::{SizeNode, by_directory, by_layer, by_owner, largest_directories, wasted_by_layer};
use jettison_image::{AvoidableKind, Causes, Dive, LayerIndex, Stack};
use jettison_report::{Evidence, image as report};

use super::recipe::Matched;
use super::{Opened, document};
use crate::failure::Failure;

/// Boxes of one picture.
const BOXES: usize = 4_000;

/// Entries up to which two things are worked out side by side; of more, the memory for both would be felt.
const BESIDE: usize = 1 << 18;

/// An image with everything that is asked of it.
pub struct Looked<'a> {
    pub(super) opened: &'a Opened,
    pub(super) matched: &'a Matched,
    layers: &'a [&'a LayerIndex],
    /// Without the tree, which `analysis` has as a listing.
    stack: Stack<'static>,
    dive: Option<Dive>,
    pub(super) analysis: Analysis<'a>,
}

impl<'a> Looked<'a> {
    /// Stacks the layers (see [`jettison_image::Image::indexes`]) and asks everything.
    pub fn new(opened: &'a Opened, layers: &'a [&'a LayerIndex], matched: &'a Matched) -> Result<Self, Failure> {
        let broken = |error| super::broken(&opened.typed, &error);
        let entries: usize = layers.iter().map(|layer| layer.entries.len()).sum();
        thread::scope(|scope| {
            // what dive would say is asked of the layers alone, so it need not wait
            let dive = (entries <= BESIDE).then(|| scope.spawn(|| Dive::of(layers)));
            let stack = Stack::new(layers).map_err(broken)?;
            let analysis = analyse(&opened.image, &stack, matched.recipe().as_ref()).map_err(broken)?;
            let stack = stack.without_tree();
            let dive = dive.map_or_else(|| Dive::of(layers), |dive| dive.join().ok().flatten());
            Ok(Self { opened, matched, layers, stack, dive, analysis })
        })
    }

    /// What is known of the layers, stacked; the tree is the analysis's listing.
    pub fn stack(&self) -> &Stack<'static> {
        &self.stack
    }

    /// Everything that is known beyond the document.
    pub fn analysis(&self) -> &Analysis<'a> {
        &self.analysis
    }

    /// The document, with at most so many of the largest directories.
    pub fn document(&self, directories: usize) -> report::AnalyzeReport {
        let (stack, waste) = (&self.stack, &self.stack.waste);
        let wasted = wasted_by_layer(&self.analysis.listing);
        report::AnalyzeReport {
            jettison_version: env!("CARGO_PKG_VERSION").to_owned(),
            image: self.opened.head(),
            sizes: document::sizes(self.opened, stack),
            layers: self.layers(&wasted),
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
            avoidable: self.avoidable(),
            packages: self.packages(),
            findings: self.findings(),
            dockerfile: self.matched.document(),
            warnings: document::warnings(self.opened, stack),
            notes: self.notes(),
            ..report::AnalyzeReport::default()
        }
    }

    fn compressed(&self, bytes: u64) -> Option<u64> {
        self.opened.has_blobs().then_some(bytes)
    }

    fn layers(&self, wasted: &[u64]) -> Vec<report::Layer> {
        let mut layers = document::layers(self.opened, &self.stack, wasted, self.matched);
        for one in &self.analysis.avoidable {
            // of what several layers hold together, the one that holds most stands for all
            if let Some(layer) = layers.get_mut(one.layer) {
                let rest = layer.file_bytes.saturating_sub(layer.wasted_bytes);
                layer.avoidable_bytes = layer.avoidable_bytes.saturating_add(one.weight.bytes).min(rest);
            }
        }
        layers
    }

    fn avoidable(&self) -> Vec<report::Avoidable> {
        let shown = |one: &jettison_image::Avoidable| report::Avoidable {
            path: one.path.clone(),
            kind: kind(one.kind),
            bytes: one.weight.bytes,
            compressed_bytes: self.compressed(one.weight.compressed_bytes),
            layers: one.layers.clone(),
            dockerfile_line: self.matched.line(one.layer),
            evidence: if one.sure { Evidence::Modelled } else { Evidence::Guessed },
        };
        self.analysis.avoidable.iter().map(shown).collect()
    }

    fn findings(&self) -> Vec<report::Advice> {
        let shown = |advice: &jettison_facts::analysis::Advice| report::Advice {
            id: advice.id.to_owned(),
            message: advice.message.clone(),
            bytes: advice.weight.bytes,
            compressed_bytes: self.compressed(advice.weight.compressed_bytes),
            evidence: advice.evidence.into(),
            see: advice.see.map(str::to_owned),
        };
        self.analysis.findings.iter().map(shown).collect()
    }

    fn directories(&self, most: usize) -> Vec<report::Directory> {
        let shown = |directory: jettison_image::usage::DirectorySize| report::Directory {
            path: directory.path,
            depth: directory.depth,
            bytes: directory.bytes,
            compressed_bytes: self.compressed(directory.compressed_bytes),
            files: directory.files,
        };
        largest_directories(&self.analysis.listing, most).into_iter().map(shown).collect()
    }

    fn dive(&self) -> report::Dive {
        let figures = self.dive;
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
        let (inventory, reach) = (&self.analysis.inventory, &self.analysis.reach);
        let installed = &inventory.packages;
        let name = |at: usize| installed.get(at).map(|other| other.package.name.clone());
        self.package_order()
            .into_iter()
            .filter_map(|at| Some((at, installed.get(at)?)))
            .map(|(at, one)| report::Package {
                name: one.package.name.clone(),
                version: one.package.version.clone(),
                kind: one.kind().as_str().to_owned(),
                bytes: one.weight.bytes,
                exclusive_bytes: one.exclusive.bytes,
                exclusive_packages: inventory.exclusive(at).into_iter().skip(1).filter_map(name).collect(),
                unreached: (reach.known && one.kind().is_system()).then(|| !reach.reaches(at)),
                layer: Some(one.layer),
            })
            .collect()
    }

    /// The inventory's packages in the order of the document: most bytes first.
    pub fn package_order(&self) -> Vec<usize> {
        let installed = &self.analysis.inventory.packages;
        let mut order: Vec<usize> = (0..installed.len()).collect();
        order.sort_by(|one, other| match (installed.get(*one), installed.get(*other)) {
            (Some(a), Some(b)) => b.weight.bytes.cmp(&a.weight.bytes).then_with(|| a.package.name.cmp(&b.package.name)),
            _ => one.cmp(other),
        });
        order
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
        let labels: Vec<String> = self
            .analysis
            .inventory
            .packages
            .iter()
            .map(|one| format!("{} {}", one.package.name, one.package.version))
            .collect();
        let tree = &self.analysis.listing;
        let owner = |row: usize| {
            let package = self.analysis.inventory.owner(row)?;
            let kind = self.analysis.inventory.packages.get(package)?.kind().as_str();
            Some([kind, labels.get(package)?.as_str()])
        };
        report::SizeMaps {
            directories: self.node(by_directory(tree, BOXES)),
            layers: self.node(by_layer(tree, &names, BOXES)),
            packages: self.node(by_owner(tree, BOXES, &owner)),
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

fn kind(kind: AvoidableKind) -> report::AvoidableKind {
    match kind {
        AvoidableKind::PackageCache => report::AvoidableKind::PackageCache,
        AvoidableKind::BuildTool => report::AvoidableKind::BuildTool,
        AvoidableKind::Docs => report::AvoidableKind::Docs,
        AvoidableKind::Locale => report::AvoidableKind::Locale,
        AvoidableKind::Vcs => report::AvoidableKind::Vcs,
        AvoidableKind::Log => report::AvoidableKind::Log,
        AvoidableKind::Temp => report::AvoidableKind::Temp,
        AvoidableKind::Secret => report::AvoidableKind::Secret,
        AvoidableKind::Bytecode => report::AvoidableKind::Bytecode,
        AvoidableKind::CopyElsewhere => report::AvoidableKind::CopyElsewhere,
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
