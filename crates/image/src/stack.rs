//! Layers stacked: the final tree name by name, what it has, what each layer did, what is wasted. A view: entries are
//! borrowed from the layer indexes, nothing is copied but the names of one walk at a time.

use std::collections::HashMap;

use crate::union::{Union, What};
use crate::{Error, Image, LayerCounts, LayerIndex, Noted, TreeCounts, TreeName, Waste};

/// A stack of layers.
pub struct Stack<'a> {
    union: Union<'a>,
    /// Which bytes cannot be reached.
    pub waste: Waste,
    /// What each layer did, lowest first.
    pub layers: Vec<LayerCounts>,
    /// What the final tree has.
    pub tree: TreeCounts,
    /// What is odd, once per class and layer.
    pub noted: Vec<Noted>,
}

impl Image {
    /// The layers' indexes, lowest first.
    pub fn indexes(&self) -> Vec<&LayerIndex> {
        self.layers.iter().map(|layer| &*layer.index).collect()
    }
}

impl<'a> Stack<'a> {
    /// Stacks layers, lowest first (see [`Image::indexes`]). Fails if an entry's parent never resolves.
    pub fn new(layers: &'a [&'a LayerIndex]) -> Result<Self, Error> {
        let union = Union::stack(layers)?;
        Ok(Self {
            union,
            waste: Waste::default(),
            layers: vec![LayerCounts::default(); layers.len()],
            tree: TreeCounts::default(),
            noted: Vec::new(),
        })
    }

    /// Shows every name of the final tree to `visit`, parents before children, each folder's children by name (as bytes).
    pub fn each(&self, visit: &mut dyn FnMut(TreeName<'_>)) {
        let mut first: HashMap<usize, bool> = HashMap::new();
        for name in self.union.names() {
            if let What::Leaf(inode, _, own) = name.what {
                *first.entry(inode).or_default() |= own;
            }
        }
        for name in self.union.names() {
            let (source, inode, own) = match name.what {
                What::Folder(source) => (source, None, false),
                What::Leaf(inode, source, own) => (Some(source), Some(inode), own),
            };
            let entry = source.and_then(|(layer, at)| Some((layer, self.union.entry((layer, at))?)));
            let counts = inode.is_some_and(|inode| own || first.insert(inode, true) == Some(false));
            visit(TreeName { path: &name.path, layer: name.layer, entry, inode, counts });
        }
    }
}
