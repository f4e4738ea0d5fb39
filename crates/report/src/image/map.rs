//! Sizes as trees, for pictures: by directory, by layer, by package. Not part of any JSON document.

/// One box of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapNode {
    /// Last parts of the path; empty for the root and for folds.
    pub name: String,
    /// Bytes of everything in it.
    pub bytes: u64,
    /// Share of the blobs, where the source has them.
    pub compressed_bytes: Option<u64>,
    /// Place of the layer that brought most of it, from 0.
    pub layer: Option<usize>,
    /// Bytes in it that the final tree does not have.
    pub wasted_bytes: u64,
    /// Files in it.
    pub files: u64,
    /// It stands for what is too small to have a box of its own.
    pub is_fold: bool,
    /// Largest first.
    pub children: Vec<MapNode>,
}

/// The same bytes in three orders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SizeMaps {
    /// The final tree.
    pub directories: MapNode,
    /// Every layer's own files, those that later layers hide among them.
    pub layers: MapNode,
    /// The final tree by the package that owns a file.
    pub packages: MapNode,
}
