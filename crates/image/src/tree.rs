//! The union view over layer indexes: whiteouts, opaque folders, hardlinks, replaced types, symlinked parents.
//! OCI image-spec, layer.md; containerd's overlay.

use std::collections::{BTreeMap, HashMap};

use crate::union::{Name, Source, Union, What};
use crate::{Error, File, FileKind, LayerFault, LayerIndex};

/// The final tree of a stack of layers.
#[derive(Clone, Debug, Default)]
pub struct FileTree {
    /// By absolute path; the root is `/`. Of a file with several names one is `Regular` (its own, else the first by
    /// path), the others are `Hardlink`s to that one.
    pub files: BTreeMap<String, File>,
    /// Entries that have a kept payload, by path.
    sources: BTreeMap<String, Source>,
}

/// Bytes of all paths of a tree: deep folders repeat their parents' names in each.
const MAX_PATH_BYTES: u64 = 1 << 30;

impl FileTree {
    /// Stacks layers, lowest first. Fails if an entry's parent never resolves.
    pub fn stack(layers: &[&LayerIndex]) -> Result<Self, Error> {
        let union = Union::stack(layers)?;
        let (mut names, mut bytes) = (Vec::new(), 0u64);
        for name in union.names() {
            bytes = bytes.saturating_add(name.path.len() as u64);
            if bytes > MAX_PATH_BYTES {
                let reason = LayerFault::TooLarge { what: "bytes of paths", limit: MAX_PATH_BYTES };
                return Err(Error::Layer { layer: "of the final tree".to_owned(), reason });
            }
            names.push(name);
        }
        let own = own_names(&names);
        let mut tree = Self::default();
        for name in names {
            tree.add(&union, name, &own);
        }
        Ok(tree)
    }

    fn add(&mut self, union: &Union<'_>, name: Name, own: &HashMap<usize, String>) {
        let source = match name.what {
            What::Folder(None) => {
                self.files.insert(name.path, implied_folder(name.layer));
                return;
            }
            What::Folder(Some(source)) | What::Leaf(_, source, _) => source,
        };
        let Some(entry) = union.entry(source) else { return };
        let mut kind = entry.kind.clone();
        let mut layer = source.0;
        if let What::Leaf(inode, _, _) = name.what
            && kind == FileKind::Regular
            && let Some(own) = own.get(&inode).filter(|own| **own != name.path)
        {
            kind = FileKind::Hardlink(own.clone());
            layer = name.layer;
        }
        if entry.payload.is_some() {
            self.sources.insert(name.path.clone(), source);
        }
        let file = File {
            kind,
            size: entry.size,
            mode: entry.mode,
            uid: entry.uid,
            gid: entry.gid,
            layer,
            content: entry.content,
            elf: entry.elf.clone(),
            shebang: entry.shebang.clone(),
        };
        self.files.insert(name.path, file);
    }

    /// The kept payload at `path`, which must be a path of the tree.
    pub(crate) fn payload<'a>(&self, layers: &[&'a LayerIndex], path: &str) -> Option<&'a [u8]> {
        let (layer, at) = *self.sources.get(path)?;
        layers.get(layer)?.entries.get(at)?.payload.as_deref()
    }

    /// Paths that have a kept payload.
    pub(crate) fn kept(&self) -> impl Iterator<Item = &str> {
        self.sources.keys().map(String::as_str)
    }

    /// Regular-file bytes, hardlinks once.
    pub fn apparent_bytes(&self) -> u64 {
        let regular = self.files.values().filter(|file| file.kind == FileKind::Regular);
        regular.map(|file| file.size).fold(0, u64::saturating_add)
    }
}

/// For each inode the one name that counts: its own, else the first.
fn own_names(names: &[Name]) -> HashMap<usize, String> {
    let mut own = HashMap::new();
    for name in names {
        match name.what {
            What::Leaf(inode, _, true) => {
                own.insert(inode, name.path.clone());
            }
            What::Leaf(inode, _, false) => {
                own.entry(inode).or_insert_with(|| name.path.clone());
            }
            What::Folder(_) => {}
        }
    }
    own
}

/// As every engine makes a folder that no layer describes.
fn implied_folder(layer: usize) -> File {
    let kind = FileKind::Directory;
    File { kind, size: 0, mode: 0o755, uid: 0, gid: 0, layer, content: None, elf: None, shebang: None }
}
