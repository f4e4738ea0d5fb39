//! The union view over layer indexes: whiteouts, opaque folders, hardlinks, replaced types, symlinked parents.
//! OCI image-spec, layer.md; containerd's overlay.

use std::collections::{BTreeMap, HashMap};

use crate::{Error, File, FileKind, LayerFault, LayerIndex, Stack, TreeName};

/// The final tree of a stack of layers.
#[derive(Clone, Debug, Default)]
pub struct FileTree {
    /// By absolute path; the root is `/`. Of a file with several names one is `Regular` (its own, else the first by
    /// path), the others are `Hardlink`s to that one.
    pub files: BTreeMap<String, File>,
    /// Where entries with a kept payload are, by path.
    sources: BTreeMap<String, Payload>,
}

/// Where a kept payload is: layer, and place in it.
type Payload = (usize, usize);

/// Bytes of all paths of a tree: deep folders repeat their parents' names in each.
const MAX_PATH_BYTES: u64 = 1 << 30;

impl FileTree {
    /// Stacks layers, lowest first. Fails if an entry's parent never resolves.
    pub fn stack(layers: &[&LayerIndex]) -> Result<Self, Error> {
        let stack = Stack::new(layers)?;
        let (mut own, mut bytes) = (HashMap::new(), 0u64);
        stack.each(&mut |name| {
            bytes = bytes.saturating_add(name.path.len() as u64);
            if let Some(inode) = name.inode.filter(|_| name.counts && bytes <= MAX_PATH_BYTES) {
                own.insert(inode, name.path.to_owned());
            }
        });
        if bytes > MAX_PATH_BYTES {
            let reason = LayerFault::TooLarge { what: "bytes of paths", limit: MAX_PATH_BYTES };
            return Err(Error::Layer { place: None, layer: "of the final tree".to_owned(), reason });
        }
        let mut tree = Self::default();
        stack.each(&mut |name| tree.add(&name, &own));
        Ok(tree)
    }

    fn add(&mut self, name: &TreeName<'_>, own: &HashMap<usize, String>) {
        let Some((layer, entry)) = name.entry else {
            self.files.insert(name.path.to_owned(), implied_folder(name.layer));
            return;
        };
        let mut kind = entry.kind.clone();
        let mut layer = layer;
        if let Some(inode) = name.inode
            && kind == FileKind::Regular
            && let Some(own) = own.get(&inode).filter(|own| *own != name.path)
        {
            kind = FileKind::Hardlink(own.clone());
            layer = name.layer;
        }
        if let Some(source) = name.source.filter(|_| entry.payload().is_some()) {
            self.sources.insert(name.path.to_owned(), source);
        }
        let file = File {
            kind,
            size: entry.size,
            mode: entry.mode,
            uid: entry.uid,
            gid: entry.gid,
            layer,
            content: entry.content,
            elf: entry.elf().cloned().map(Box::new),
            shebang: entry.shebang().map(str::to_owned),
        };
        self.files.insert(name.path.to_owned(), file);
    }

    /// The kept payload at `path`, which must be a path of the tree.
    pub(crate) fn payload<'a>(&self, layers: &[&'a LayerIndex], path: &str) -> Option<&'a [u8]> {
        let (layer, at) = *self.sources.get(path)?;
        layers.get(layer)?.entries.get(at)?.payload()
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

/// As every engine makes a folder that no layer describes.
fn implied_folder(layer: usize) -> File {
    let kind = FileKind::Directory;
    File { kind, size: 0, mode: 0o755, uid: 0, gid: 0, layer, content: None, elf: None, shebang: None }
}
