//! The part of a final tree that matters for what runs: links, programs, libraries, scripts and the small texts that were kept.
//! A summary of just those answers where a program is found and what it loads, whatever else the image holds.

use crate::packages::is_database;
use crate::{File, FileKind, ImageConfig, ImageSummary, LayerEntry, Listing, Row};

impl Listing<'_> {
    /// What can run, as a summary of an image with this config: `files` has links, ELF files and what may be executed, `texts` the
    /// small texts that were kept; folders, packages and sizes are left out.
    pub fn runnable(&self, config: &ImageConfig) -> ImageSummary {
        let mut summary = ImageSummary { config: config.clone(), ..ImageSummary::default() };
        for row in self.rows() {
            let text = row.entry.and_then(LayerEntry::payload).filter(|_| !is_database(row.path));
            if let Some(text) = text.and_then(|bytes| std::str::from_utf8(bytes).ok()) {
                summary.texts.insert(row.path.to_owned(), text.to_owned());
            }
            if let Some(file) = row.entry.filter(|entry| matters(entry)).and_then(|_| file(&row)) {
                summary.files.insert(row.path.to_owned(), file);
            }
        }
        summary
    }
}

fn matters(entry: &LayerEntry) -> bool {
    matches!(entry.kind, FileKind::Symlink(_)) || entry.elf().is_some() || entry.mode & 0o111 != 0
}

fn file(row: &Row<'_, '_>) -> Option<File> {
    let entry = row.entry.filter(|_| !row.is_folder())?;
    Some(File {
        kind: entry.kind.clone(),
        size: entry.size,
        mode: entry.mode,
        uid: entry.uid,
        gid: entry.gid,
        layer: row.layer,
        content: None,
        elf: entry.elf().cloned().map(Box::new),
        shebang: entry.shebang().map(str::to_owned),
    })
}
