//! The union view over layer indexes: whiteouts, opaque folders, hardlinks, replaced types, symlinked parents.
//! OCI image-spec, layer.md; containerd's overlay.

use std::collections::BTreeMap;

use crate::{File, LayerIndex};

/// The final tree of a stack of layers.
#[derive(Clone, Debug, Default)]
pub struct FileTree {
    /// By absolute path.
    pub files: BTreeMap<String, File>,
}

impl FileTree {
    /// Stacks layers, lowest first.
    pub fn stack(layers: &[&LayerIndex]) -> Self {
        let _ = layers;
        todo!()
    }

    /// Regular-file bytes, hardlinks once.
    pub fn apparent_bytes(&self) -> u64 {
        todo!()
    }
}
