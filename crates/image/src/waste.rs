//! What of an image's bytes cannot be reached in its final tree, by cause; what each layer did to the tree; and the figures
//! of dive under their own names. What could be left out of the final tree is another question: see docs/architecture.md.

use std::collections::HashMap;

use crate::names::{NodeId, Place};
use crate::path::path_bytes;
use crate::stack::{same_content, same_meta};
use crate::union::Union;
use crate::{FileKind, LayerEntry, LayerFault, Warning};

/// Payloads that have no name left. All figures are bytes of regular files as `stat` shows them, hardlinks once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waste {
    /// Of all payloads of all layers.
    pub total_file_bytes: u64,
    /// Of the payloads which have a name left in the final tree.
    pub final_bytes: u64,
    /// Of those which have none: the difference.
    pub wasted_bytes: u64,
    /// `wasted_bytes`, by cause.
    pub by_cause: Causes,
    /// The same, by the path of the payload's own member: most bytes first, then by path (as bytes). Only paths with more
    /// than 0 bytes.
    pub paths: Vec<WastedPath>,
}

impl Waste {
    /// The share of `total_file_bytes` that can be reached: 0 to 1, and 1 where there are none.
    pub fn efficiency(&self) -> f64 {
        if self.total_file_bytes == 0 { 1.0 } else { self.final_bytes as f64 / self.total_file_bytes as f64 }
    }
}

/// Wasted bytes by cause: what stands at the payload's path after the layer that took its last name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Causes {
    /// A regular file with other content.
    pub overwritten: u64,
    /// A regular file with the same content, but other mode, owner or xattrs.
    pub metadata_only: u64,
    /// The same content and metadata again; times do not count.
    pub duplicate: u64,
    /// Anything else: nothing, a folder, a link, a device.
    pub deleted: u64,
}

impl Causes {
    fn add(&mut self, cause: Cause, bytes: u64) {
        let field = match cause {
            Cause::Overwritten => &mut self.overwritten,
            Cause::MetadataOnly => &mut self.metadata_only,
            Cause::Duplicate => &mut self.duplicate,
            Cause::Deleted => &mut self.deleted,
        };
        *field = field.saturating_add(bytes);
    }
}

#[derive(Clone, Copy)]
enum Cause {
    Overwritten,
    MetadataOnly,
    Duplicate,
    Deleted,
}

/// The wasted payloads of one path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WastedPath {
    /// As [`LayerEntry::path`].
    pub path: String,
    /// By cause.
    pub causes: Causes,
    /// All causes together.
    pub bytes: u64,
    /// The shares of these payloads in their layers' blobs.
    pub compressed_bytes: u64,
    /// Payloads.
    pub count: u64,
    /// The layers that hold them, lowest first, each once.
    pub layers: Vec<usize>,
}

/// What one layer has, and what it did: names that are not folders, of the tree before and after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LayerCounts {
    /// Tar members; pax and GNU helpers not counted.
    pub entries: u64,
    /// `.wh.NAME` markers.
    pub whiteouts: u64,
    /// `.wh..wh..opq` markers.
    pub opaque: u64,
    /// Bytes of regular files as `stat` shows them.
    pub file_bytes: u64,
    /// Bytes of regular files as the tar holds them: sparse ones without their holes.
    pub stored_bytes: u64,
    /// Not there before.
    pub added: u64,
    /// In both, named by an entry of the layer, and different in anything but times.
    pub modified: u64,
    /// Not there after.
    pub removed: u64,
    /// In both, named by an entry of the layer, and no different.
    pub rewritten: u64,
}

/// What the final tree has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TreeCounts {
    /// Names that are not folders.
    pub names: u64,
    /// Regular files, hardlinks once.
    pub regular_inodes: u64,
    /// Symbolic links, hardlinks to them once.
    pub symlinks: u64,
    /// Devices and pipes, likewise.
    pub special: u64,
    /// Folders, the root not counted.
    pub directories: u64,
}

/// What dive 0.13.1 computes, its errors included, for people who compare.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dive {
    /// Σ of the smallest size of each path / Σ of all sizes.
    pub efficiency: f64,
    /// Σ of all sizes of paths that are in two layers or more, the visible copy too.
    pub wasted_bytes: u64,
    /// `wasted_bytes` / Σ of the layers above the first; none where there are no such bytes (dive says NaN).
    pub user_wasted_percent: Option<f64>,
}

/// Something odd in an image that is no error.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Noted {
    /// What.
    pub class: Warning,
    /// In which layer, from 0.
    pub layer: Option<usize>,
    /// At which path; the first one, if there are more.
    pub path: Option<String>,
}

/// One name of the final tree.
#[derive(Clone, Copy, Debug)]
pub struct TreeName<'t> {
    /// Absolute; the root is `/`.
    pub path: &'t str,
    /// The layer that gave the name last.
    pub layer: usize,
    /// The entry it comes from, and that one's layer (another than `layer` for a hardlink to a file of a lower layer); none
    /// for folders that were only implied.
    pub entry: Option<(usize, &'t LayerEntry)>,
    /// The same as places: the layer, and the entry's number in it.
    pub source: Option<(usize, usize)>,
    /// The same for all names of a file; none for folders.
    pub inode: Option<usize>,
    /// Whether this is the one name that stands for the inode where each counts once.
    pub counts: bool,
}

/// Waste as it comes up, layer by layer.
#[derive(Default)]
pub(crate) struct Wasted {
    by_cause: Causes,
    bytes: u64,
    by_path: HashMap<NodeId, WastedPath>,
    /// Bytes of all those paths.
    path_bytes: u64,
}

/// A link to a deep folder makes long paths out of short names.
const MAX_PATH_BYTES: u64 = 1 << 30;

impl Wasted {
    /// Takes in what lost its last name in the layer just stacked. Fails where the paths become too long to be kept.
    pub(crate) fn after_layer(&mut self, union: &Union<'_>) -> Result<(), LayerFault> {
        for inode in &union.lost {
            let Some(inode) = union.inodes.get(*inode as usize).filter(|inode| inode.names == 0) else { continue };
            let Some(entry) = union.entry(inode.source).filter(|entry| entry.kind == FileKind::Regular) else {
                continue;
            };
            let cause = cause(union, inode.home, entry);
            self.by_cause.add(cause, entry.size);
            self.bytes = self.bytes.saturating_add(entry.size);
            let path = self.by_path.entry(inode.home).or_default();
            path.causes.add(cause, entry.size);
            path.bytes = path.bytes.saturating_add(entry.size);
            path.compressed_bytes = path.compressed_bytes.saturating_add(entry.compressed_bytes);
            path.count += 1;
            path.layers.push(inode.source.0 as usize);
            if path.path.is_empty() {
                path.path = union.names.path(inode.home);
                self.path_bytes = self.path_bytes.saturating_add(path.path.len() as u64);
            }
            if self.path_bytes > MAX_PATH_BYTES {
                return Err(LayerFault::TooLarge { what: "bytes of wasted paths", limit: MAX_PATH_BYTES });
            }
        }
        Ok(())
    }

    pub(crate) fn finish(self, total_file_bytes: u64) -> Waste {
        let mut paths: Vec<WastedPath> = self.by_path.into_values().filter(|path| path.bytes > 0).collect();
        for path in &mut paths {
            path.layers.sort_unstable();
            path.layers.dedup();
        }
        let order = |one: &WastedPath, other: &WastedPath| {
            other.bytes.cmp(&one.bytes).then_with(|| path_bytes(&one.path).cmp(&path_bytes(&other.path)))
        };
        paths.sort_unstable_by(order);
        let final_bytes = total_file_bytes.saturating_sub(self.bytes);
        Waste { total_file_bytes, final_bytes, wasted_bytes: self.bytes, by_cause: self.by_cause, paths }
    }
}

/// What stands at the path now tells why the payload there is gone.
fn cause(union: &Union<'_>, home: NodeId, entry: &LayerEntry) -> Cause {
    let now = match union.names.node(home).place {
        Place::Leaf(inode) => union.inodes.get(inode as usize).and_then(|inode| union.entry(inode.source)),
        Place::Nothing | Place::Folder(_) => None,
    };
    match now.filter(|now| now.kind == FileKind::Regular) {
        None => Cause::Deleted,
        Some(now) if !same_content(entry, now) => Cause::Overwritten,
        Some(now) if same_meta(entry, now) => Cause::Duplicate,
        Some(_) => Cause::MetadataOnly,
    }
}
