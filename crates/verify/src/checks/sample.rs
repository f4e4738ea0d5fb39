//! Images in memory for the checks' tests.

use std::sync::Arc;

use jettison_image::{Elf, File, FileKind, ImageSummary, Layer};

use crate::look::Look;

/// An image with a base layer and an app layer: `(path, layer)`, all regular files.
pub(crate) fn image(files: &[(&str, usize)]) -> Look {
    let files = files.iter().map(|(path, layer)| ((*path).to_owned(), file(*layer))).collect();
    let layers = vec![Layer::default(), Layer::default()];
    Look {
        summary: Arc::new(ImageSummary { files, layers, ..ImageSummary::default() }),
        base_layers: 1,
        ..Look::default()
    }
}

/// A regular file of that layer.
pub(crate) fn file(layer: usize) -> File {
    File {
        kind: FileKind::Regular,
        size: 1,
        mode: 0o644,
        uid: 0,
        gid: 0,
        layer,
        content: None,
        elf: None,
        shebang: None,
    }
}

/// Adds an ELF file that needs `needed`.
pub(crate) fn add_elf(look: &mut Look, path: &str, layer: usize, needed: &[&str]) {
    let elf = Elf { needed: needed.iter().map(|name| (*name).to_owned()).collect(), ..Elf::default() };
    let file = File { elf: Some(Box::new(elf)), mode: 0o755, ..file(layer) };
    Arc::make_mut(&mut look.summary).files.insert(path.to_owned(), file);
}
