//! From two images to the document of `diff`.

use jettison_engine::RUN_LABEL;
use jettison_facts::provenance::shown_instruction;
use jettison_image::diff::{
    self, FileStatus, PackageStatus, PackageVersion, compare_configs, compare_layers, compare_packages, differences,
};
use jettison_image::{Inventory, LayerIndex, Listing, Stack};
use jettison_model::ByteSize;
use jettison_report::image::{
    Asked, ConfigChange, DiffReport, DiffSide, FileCounts, LayerChange, PackageChange, PackageStatus as Status,
    Presence, TreeChange, TreeStatus,
};

use super::{Opened, broken, document};
use crate::cli::FailOn;
use crate::failure::Failure;

/// One image of the two, as far as comparing needs it.
struct Side<'a> {
    tree: Listing<'a>,
    packages: Vec<PackageVersion>,
    document: DiffSide,
}

impl<'a> Side<'a> {
    fn new(opened: &'a Opened) -> Result<Self, Failure> {
        let layers: Vec<&LayerIndex> = opened.image.indexes();
        let stack = Stack::new(&layers).map_err(|error| broken(&opened.typed, &error))?;
        let listing = Listing::new(&stack, &layers).map_err(|error| broken(&opened.typed, &error))?;
        let packages: Vec<PackageVersion> = Inventory::new(&listing)
            .packages
            .into_iter()
            .map(|one| PackageVersion {
                kind: one.kind(),
                name: one.package.name,
                version: one.package.version,
                bytes: one.weight.bytes,
            })
            .collect();
        let document = DiffSide {
            image: opened.head(),
            sizes: document::sizes(opened, &stack),
            layers: layers.len(),
            packages: packages.len(),
            files: stack.tree.names,
        };
        Ok(Self { tree: listing, packages, document })
    }
}

/// Compares, and says of everything in `fail_on` (with its words) whether it was found.
pub fn difference(a: &Opened, b: &Opened, fail_on: &[(FailOn, String)]) -> Result<DiffReport, Failure> {
    let (before, after) = (Side::new(a)?, Side::new(b)?);
    let told = |difference: &diff::Difference| tree_change(difference.told(&before.tree, &after.tree));
    let files: Vec<TreeChange> = differences(&before.tree, &after.tree).iter().map(told).collect();
    let packages: Vec<PackageChange> =
        compare_packages(&before.packages, &after.packages).into_iter().map(package_change).collect();
    let config: Vec<ConfigChange> = compare_configs(&a.image.config, &b.image.config, &|label| label == RUN_LABEL)
        .into_iter()
        .map(|change| ConfigChange { field: change.field, before: change.before, after: change.after })
        .collect();
    let layers = layer_changes(a, b);
    let same_layers = layers.iter().all(|layer| layer.status == Presence::Same);
    let mut report = DiffReport {
        jettison_version: env!("CARGO_PKG_VERSION").to_owned(),
        same: same_layers && files.is_empty() && packages.is_empty() && config.is_empty(),
        a: before.document,
        b: after.document,
        layers,
        config,
        packages,
        file_counts: counts(&files),
        files,
        ..DiffReport::default()
    };
    report.asked = fail_on.iter().map(|(what, word)| asked(*what, word, &report)).collect();
    Ok(report)
}

fn layer_changes(a: &Opened, b: &Opened) -> Vec<LayerChange> {
    let ids = |opened: &Opened| opened.image.config.diff_ids.clone();
    compare_layers(&ids(a), &ids(b))
        .into_iter()
        .filter_map(|change| {
            let (status, opened, place) = match change {
                diff::LayerChange::Same { b: place, .. } => (Presence::Same, b, place),
                diff::LayerChange::Removed(place) => (Presence::Removed, a, place),
                diff::LayerChange::Added(place) => (Presence::Added, b, place),
            };
            let (in_a, in_b) = match change {
                diff::LayerChange::Same { a, b } => (Some(a), Some(b)),
                diff::LayerChange::Removed(a) => (Some(a), None),
                diff::LayerChange::Added(b) => (None, Some(b)),
            };
            let image = &opened.image;
            let layer = image.layers.get(place)?;
            let entry = image.layer_history().entry(place).and_then(|entry| image.config.history.get(entry));
            Some(LayerChange {
                status,
                a: in_a,
                b: in_b,
                diff_id: image.config.diff_ids.get(place).cloned(),
                unpacked_bytes: layer.index.unpacked_bytes,
                compressed_bytes: opened.has_blobs().then_some(layer.index.stored_bytes),
                instruction: entry.map(|entry| shown_instruction(&entry.created_by)).unwrap_or_default(),
            })
        })
        .collect()
}

fn package_change(change: diff::PackageChange) -> PackageChange {
    PackageChange {
        name: change.name,
        kind: change.kind.as_str().to_owned(),
        status: match change.status {
            PackageStatus::Added => Status::Added,
            PackageStatus::Removed => Status::Removed,
            PackageStatus::Upgraded => Status::Upgraded,
            PackageStatus::Downgraded => Status::Downgraded,
            PackageStatus::Changed => Status::Changed,
        },
        before: change.before,
        after: change.after,
        bytes: change.bytes,
    }
}

fn tree_change(change: diff::FileChange) -> TreeChange {
    TreeChange {
        path: change.path,
        status: match change.status {
            FileStatus::Added => TreeStatus::Added,
            FileStatus::Removed => TreeStatus::Removed,
            FileStatus::Changed => TreeStatus::Changed,
            FileStatus::Renamed => TreeStatus::Renamed,
            FileStatus::Metadata => TreeStatus::Metadata,
        },
        from: change.from,
        before_bytes: change.before,
        after_bytes: change.after,
        what: change.what,
    }
}

fn counts(files: &[TreeChange]) -> FileCounts {
    let mut counts = FileCounts::default();
    for file in files {
        let (before, after) = (file.before_bytes.unwrap_or(0), file.after_bytes.unwrap_or(0));
        match file.status {
            TreeStatus::Added => {
                counts.added += 1;
                counts.added_bytes = counts.added_bytes.saturating_add(after);
            }
            TreeStatus::Removed => {
                counts.removed += 1;
                counts.removed_bytes = counts.removed_bytes.saturating_add(before);
            }
            TreeStatus::Changed => {
                counts.changed += 1;
                let more = i64::try_from(after).unwrap_or(i64::MAX);
                let less = i64::try_from(before).unwrap_or(i64::MAX);
                counts.changed_bytes = counts.changed_bytes.saturating_add(more.saturating_sub(less));
            }
            TreeStatus::Renamed => counts.renamed += 1,
            TreeStatus::Metadata => counts.metadata += 1,
        }
    }
    counts
}

fn asked(what: FailOn, word: &str, report: &DiffReport) -> Asked {
    let (before, after) = (report.a.sizes.unpacked_bytes, report.b.sizes.unpacked_bytes);
    let more = after.saturating_sub(before);
    let size = match (before, after) {
        (before, after) if before == after => "the same size, unpacked".to_owned(),
        (before, after) if after > before => format!("{} larger, unpacked", ByteSize(more)),
        (before, after) => format!("{} smaller, unpacked", ByteSize(before - after)),
    };
    let changed = report.layers.iter().filter(|layer| layer.status != Presence::Same).count();
    let differ = |number: usize, noun: &str| match number {
        0 => format!("no {noun} differs"),
        1 => format!("1 {noun} differs"),
        more => format!("{more} {noun}s differ"),
    };
    let (found, detail) = match what {
        FailOn::Larger => (more > 0, size),
        FailOn::By(ByteSize(most)) => (more > most, size),
        FailOn::ByShare(most) => (more as f64 > before as f64 * most, size),
        FailOn::Config => (!report.config.is_empty(), differ(report.config.len(), "field")),
        FailOn::Packages => (!report.packages.is_empty(), differ(report.packages.len(), "package")),
        FailOn::Files => (!report.files.is_empty(), differ(report.files.len(), "path")),
        FailOn::Layers => (changed > 0, differ(changed, "layer")),
        FailOn::Any => (!report.same, if report.same { "nothing differs" } else { "they differ" }.to_owned()),
    };
    Asked { fail_on: word.to_owned(), found, detail }
}
