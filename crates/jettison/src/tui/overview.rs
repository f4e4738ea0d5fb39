//! What the left pane lists: the image and its layers, its packages, its steps; of two images what differs. Made on the worker's
//! thread from the documents of `analyze` and `diff`, owned by the screen.

use std::sync::Arc;

use jettison_image::LayerIndex;
use jettison_model::ByteSize;
use jettison_report::image::{AnalyzeReport, ConfigChange, DiffReport, HistoryEntry, Layer, PackageStatus, Presence};

use super::text::plain;
use super::tree::Mark;

/// One image as the screen knows it.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// Everything that was counted.
    pub report: AnalyzeReport,
    /// Lowest first.
    pub layers: Vec<Arc<LayerIndex>>,
    /// Every step of the build, oldest first.
    pub steps: Vec<HistoryEntry>,
}

/// What is looked at: one image, or two and their difference.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// The image; of two, the second.
    pub image: Side,
    /// Of two: the first, and what differs.
    pub before: Option<(Side, DiffReport)>,
}

/// A tree that can be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The final tree; of two images, their difference.
    Whole,
    /// What a layer did.
    Layer(usize),
    /// What a layer of the first of two images did.
    Before(usize),
    /// What a package owns: its place in the inventory.
    Package(usize),
    /// What a package of the first of two images owned.
    PackageBefore(usize),
    /// A layer that has arrived while others are still being read, by order of arrival.
    Arrived(usize),
}

/// What one row of the left pane stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The whole image.
    Image,
    /// A layer of the image, or of the first of two.
    Layer { place: usize, before: bool },
    /// A package: its place in the document.
    Package(usize),
    /// A package that differs between two images.
    PackageChange(usize),
    /// A step of the build.
    Step(usize),
    /// A field of the config that differs.
    Config(usize),
    /// A layer that has just arrived.
    Arrived(usize),
    /// A layer that is still to come.
    Expected(usize),
}

/// One row of the left pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it stands for.
    pub subject: Subject,
    /// Its tree, if it has one.
    pub which: Option<Which>,
    /// In front: the place of a layer.
    pub lead: String,
    /// What it is, fit to be shown.
    pub label: String,
    /// At the end.
    pub amount: String,
    /// What became of it.
    pub mark: Mark,
    /// Of the largest one, and what of it is wasted; for the bar.
    pub bytes: u64,
    /// Not there any more, of `bytes`.
    pub wasted: u64,
    /// It says less than the others.
    pub is_dim: bool,
}

/// The three views.
pub const VIEWS: usize = 3;

impl Overview {
    /// What a view is called.
    pub fn title(&self, view: usize) -> &'static str {
        match (view, self.before.is_some()) {
            (0, _) => "layers",
            (1, _) => "packages",
            (_, false) => "instructions",
            (_, true) => "config",
        }
    }

    /// The rows of a view.
    pub fn entries(&self, view: usize) -> Vec<Entry> {
        match (view, &self.before) {
            (0, None) => self.image_and(layers(&self.image)),
            (1, None) => self.image_and(self.packages()),
            (_, None) => self.image_and(self.steps()),
            (0, Some((a, diff))) => self.image_and(changed_layers(a, &self.image, diff)),
            (1, Some((a, diff))) => self.image_and(self.changed_packages(a, diff)),
            (_, Some((_, diff))) => diff.config.iter().enumerate().map(config).collect(),
        }
    }

    fn image_and(&self, entries: Vec<Entry>) -> Vec<Entry> {
        let report = &self.image.report;
        let label = if self.before.is_some() { "all that differs" } else { "the whole image" };
        let apparent = report.sizes.apparent_bytes;
        let amount = match &self.before {
            Some((before, _)) => more(before.report.sizes.apparent_bytes, apparent),
            None => ByteSize(apparent).to_string(),
        };
        let whole = Entry {
            subject: Subject::Image,
            which: Some(Which::Whole),
            lead: String::new(),
            label: label.to_owned(),
            amount,
            mark: Mark::Same,
            bytes: 0,
            wasted: 0,
            is_dim: false,
        };
        std::iter::once(whole).chain(entries).collect()
    }

    fn packages(&self) -> Vec<Entry> {
        let packages = self.image.report.packages.iter().enumerate();
        let entry = |(at, package): (usize, &jettison_report::image::Package)| Entry {
            subject: Subject::Package(at),
            which: Some(Which::Package(at)),
            lead: String::new(),
            label: plain(&format!("{} {}", package.name, package.version)),
            amount: ByteSize(package.bytes).to_string(),
            mark: Mark::Same,
            bytes: package.bytes,
            wasted: 0,
            is_dim: false,
        };
        packages.map(entry).collect()
    }

    fn steps(&self) -> Vec<Entry> {
        let entry = |(at, step): (usize, &HistoryEntry)| {
            let layer = step.layer.and_then(|place| self.image.report.layers.get(place));
            let instruction = jettison_facts::provenance::shown_instruction(&step.created_by);
            Entry {
                subject: Subject::Step(at),
                which: step.layer.map(Which::Layer),
                lead: step.dockerfile_line.map_or_else(String::new, |line| format!(":{line}")),
                label: if instruction.is_empty() { "(no history)".to_owned() } else { plain(&instruction) },
                amount: layer.map_or_else(String::new, |layer| ByteSize(layer.file_bytes).to_string()),
                mark: Mark::Same,
                bytes: layer.map_or(0, |layer| layer.file_bytes),
                wasted: layer.map_or(0, |layer| layer.wasted_bytes),
                is_dim: layer.is_none(),
            }
        };
        self.image.steps.iter().enumerate().map(entry).collect()
    }

    fn changed_packages(&self, a: &Side, diff: &DiffReport) -> Vec<Entry> {
        let place = |side: &Side, name: &str, kind: &str, version: Option<&String>| {
            let is_it = |package: &jettison_report::image::Package| {
                package.name == name && package.kind == kind && Some(&package.version) == version
            };
            side.report.packages.iter().position(is_it)
        };
        let entry = |(at, change): (usize, &jettison_report::image::PackageChange)| {
            let after = place(&self.image, &change.name, &change.kind, change.after.as_ref()).map(Which::Package);
            let before = place(a, &change.name, &change.kind, change.before.as_ref()).map(Which::PackageBefore);
            let versions = [&change.before, &change.after].into_iter().flatten().cloned().collect::<Vec<_>>();
            Entry {
                subject: Subject::PackageChange(at),
                which: after.or(before),
                lead: String::new(),
                label: plain(&format!("{} {}", change.name, versions.join(" → "))),
                amount: signed(change.bytes),
                mark: match change.status {
                    PackageStatus::Added => Mark::Added,
                    PackageStatus::Removed => Mark::Removed,
                    _ => Mark::Changed,
                },
                bytes: change.bytes.unsigned_abs(),
                wasted: 0,
                is_dim: false,
            }
        };
        diff.packages.iter().enumerate().map(entry).collect()
    }
}

/// How much more `after` is.
fn more(before: u64, after: u64) -> String {
    let amount = i64::try_from(after.abs_diff(before)).unwrap_or(i64::MAX);
    signed(if after < before { -amount } else { amount })
}

/// `+1.2 MB`, `−3 B`
pub fn signed(bytes: i64) -> String {
    let sign = match bytes {
        0 => "",
        more if more > 0 => "+",
        _ => "−",
    };
    format!("{sign}{}", ByteSize(bytes.unsigned_abs()))
}

fn layers(side: &Side) -> Vec<Entry> {
    side.report.layers.iter().map(|one| layer(one, false)).collect()
}

fn layer(layer: &Layer, before: bool) -> Entry {
    let instruction = if layer.instruction.is_empty() { "(no history)" } else { &layer.instruction };
    let place = layer.index;
    Entry {
        subject: Subject::Layer { place, before },
        which: Some(if before { Which::Before(place) } else { Which::Layer(place) }),
        lead: place.to_string(),
        label: plain(instruction),
        amount: ByteSize(layer.file_bytes).to_string(),
        mark: Mark::Same,
        bytes: layer.file_bytes,
        wasted: layer.wasted_bytes,
        is_dim: false,
    }
}

fn changed_layers(a: &Side, b: &Side, diff: &DiffReport) -> Vec<Entry> {
    let entry = |change: &jettison_report::image::LayerChange| {
        let (side, place, before) = match change.status {
            Presence::Removed => (a, change.a?, true),
            Presence::Same | Presence::Added => (b, change.b?, false),
        };
        let mark = match change.status {
            Presence::Same => Mark::Same,
            Presence::Added => Mark::Added,
            Presence::Removed => Mark::Removed,
        };
        let is_dim = change.status == Presence::Same;
        Some(Entry { mark, is_dim, ..layer(side.report.layers.get(place)?, before) })
    };
    diff.layers.iter().filter_map(entry).collect()
}

fn config((at, change): (usize, &ConfigChange)) -> Entry {
    let mark = match (&change.before, &change.after) {
        (None, _) => Mark::Added,
        (_, None) => Mark::Removed,
        _ => Mark::Changed,
    };
    Entry {
        subject: Subject::Config(at),
        which: None,
        lead: String::new(),
        label: plain(&change.field),
        amount: String::new(),
        mark,
        bytes: 0,
        wasted: 0,
        is_dim: false,
    }
}

/// The row of a layer that is still to come.
pub fn expected(place: usize, instruction: &str) -> Entry {
    Entry {
        subject: Subject::Expected(place),
        which: None,
        lead: place.to_string(),
        label: plain(instruction),
        amount: "…".to_owned(),
        mark: Mark::Same,
        bytes: 0,
        wasted: 0,
        is_dim: true,
    }
}

/// The row of a layer that has arrived while others are still being read.
pub fn arrived(at: usize, place: Option<usize>, index: &LayerIndex, instruction: Option<&str>) -> Entry {
    let bytes = index.entries.iter().map(|entry| entry.size).fold(0, u64::saturating_add);
    Entry {
        subject: Subject::Arrived(at),
        which: Some(Which::Arrived(at)),
        lead: place.map_or_else(|| "?".to_owned(), |place| place.to_string()),
        label: plain(instruction.unwrap_or("a layer, its place not known yet")),
        amount: ByteSize(bytes).to_string(),
        mark: Mark::Same,
        bytes,
        wasted: 0,
        is_dim: false,
    }
}
