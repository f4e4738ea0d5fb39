//! Makes an [`ImageSummary`] out of a config and the indexes of its layers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::packages::{self, os_release};
use crate::{
    Compression, Error, FileKind, FileTree, ImageConfig, ImageSummary, Layer, LayerFault, LayerIndex, Package, Sizes,
};

/// Makes an [`ImageSummary`] from a config and layers handed to it one after the other, lowest first or in any order.
pub struct Summarizer {
    config: ImageConfig,
    layers: Vec<Option<Arc<LayerIndex>>>,
}

impl Summarizer {
    /// Starts with the config; its diff IDs say how many layers will come.
    pub fn new(config: ImageConfig) -> Self {
        let layers = vec![None; config.diff_ids.len()];
        Self { config, layers }
    }

    /// Adds layer `index` (0 = lowest). One that the config does not list makes [`Summarizer::finish`] fail.
    pub fn layer(&mut self, index: usize, layer: impl Into<Arc<LayerIndex>>) {
        if index >= self.layers.len() {
            self.layers.resize_with(index.saturating_add(1), || None);
        }
        if let Some(slot) = self.layers.get_mut(index) {
            *slot = Some(layer.into());
        }
    }

    /// Of which paths [`crate::index_layer`] has to keep the payload (dpkg's status and lists, os-release, passwd, group, …).
    pub fn wanted(path: &str) -> bool {
        is_small_text(path) || packages::is_database(path)
    }

    /// The summary; an error if a layer is missing or is not the one that the config names.
    pub fn finish(self) -> Result<ImageSummary, Error> {
        let (config, diff_ids) = (self.config, self.layers.len());
        if config.diff_ids.len() != diff_ids {
            return Err(Error::LayerCount { config: config.diff_ids.len(), manifest: diff_ids });
        }
        let mut layers = Vec::with_capacity(diff_ids);
        for (layer, diff_id) in self.layers.iter().zip(&config.diff_ids) {
            let fault = |reason| Error::Layer { place: Some(layers.len()), layer: diff_id.clone(), reason };
            let missing = || fault(LayerFault::Missing { document: "the config".to_owned() });
            let layer = layer.as_ref().ok_or_else(missing)?;
            layer.check_diff_id(diff_id).map_err(fault)?;
            layers.push(&**layer);
        }
        summarize(config, &layers)
    }
}

fn summarize(config: ImageConfig, indexes: &[&LayerIndex]) -> Result<ImageSummary, Error> {
    let tree = FileTree::stack(indexes)?;
    let mut summary =
        ImageSummary { layers: layers(&config, &tree, indexes), sizes: sizes(&tree, indexes), ..Default::default() };
    let payload = |path: &str| tree.payload(indexes, path);
    for path in tree.kept().filter(|path| !packages::is_database(path)) {
        if let Some(text) = payload(path).and_then(|bytes| std::str::from_utf8(bytes).ok()) {
            summary.texts.insert(path.to_owned(), text.to_owned());
        }
    }
    summary.packages = packages::installed(tree.kept(), &payload);
    summary.config = config;
    summary.files = tree.files;
    summary.owners = owners(&summary);
    summary.os = ["/etc/os-release", "/usr/lib/os-release"].iter().find_map(|path| summary.text(path)).map(os_release);
    Ok(summary)
}

/// Each layer with the command of the history entry that made it, as far as the history goes.
fn layers(config: &ImageConfig, tree: &FileTree, indexes: &[&LayerIndex]) -> Vec<Layer> {
    let mut history = config.history.iter().filter(|entry| !entry.empty_layer);
    let layer = |(at, index): (usize, &&LayerIndex)| Layer {
        diff_id: index.diff_id.clone(),
        unpacked_bytes: index.unpacked_bytes,
        compressed_bytes: index.compressed_bytes,
        created_by: history.next().map(|entry| entry.created_by.clone()).unwrap_or_default(),
        hidden: hidden(tree, at, index),
    };
    indexes.iter().enumerate().map(layer).collect()
}

/// The files of layer `at` that are not in the tree as that layer has them.
fn hidden(tree: &FileTree, at: usize, index: &LayerIndex) -> Vec<String> {
    let is_whiteout = |path: &str| path.rsplit('/').next().is_some_and(|name| name.starts_with(".wh."));
    let files = index.entries.iter().filter(|entry| entry.kind != FileKind::Directory && !is_whiteout(&entry.path));
    let gone = files.filter(|entry| tree.files.get(&entry.path).is_none_or(|file| file.layer != at));
    gone.map(|entry| entry.path.clone()).collect()
}

fn sizes(tree: &FileTree, indexes: &[&LayerIndex]) -> Sizes {
    let sum = |bytes: fn(&LayerIndex) -> u64| indexes.iter().map(|index| bytes(index)).fold(0, u64::saturating_add);
    Sizes {
        apparent: tree.apparent_bytes(),
        unpacked: sum(|index| index.unpacked_bytes),
        compressed: sum(|index| index.compressed_bytes),
        recompressed: indexes.iter().any(|index| index.compression == Compression::None),
    }
}

/// Folders belong to many packages and are left out.
fn owners(summary: &ImageSummary) -> BTreeMap<String, String> {
    let is_file = |path: &str| {
        let file = summary.files.get(path).or_else(|| summary.files.get(path.strip_prefix("/usr")?));
        file.is_some_and(|file| file.kind != FileKind::Directory)
    };
    let of = |package: &Package| {
        let name = package.name.clone();
        package
            .files
            .iter()
            .filter(|path| is_file(path))
            .map(move |path| (path.clone(), name.clone()))
            .collect::<Vec<_>>()
    };
    summary.packages.values().flat_map(of).collect()
}

fn is_small_text(path: &str) -> bool {
    const FILES: [&str; 8] = [
        "/etc/os-release",
        "/usr/lib/os-release",
        "/etc/passwd",
        "/etc/group",
        "/etc/ld.so.conf",
        "/etc/ld-musl-x86_64.path",
        "/etc/ld-musl-aarch64.path",
        "/etc/shells",
    ];
    FILES.contains(&path) || path.starts_with("/etc/ld.so.conf.d/")
}
