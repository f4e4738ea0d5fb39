//! What an image is, seen once: its summary, where its base ends, and what its app layers hold.

use std::collections::BTreeSet;
use std::sync::Arc;

use jettison_image::{ContentHash, File, FileKind, ImageSummary};
use jettison_optimize::ProveError;

use crate::base::{BaseImage, Bottom, base_layers};
use crate::{VerifierOptions, failure};

/// An image and where its base ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Look {
    /// Everything known of it.
    pub summary: Arc<ImageSummary>,
    /// Layers of the base.
    pub base_layers: usize,
    /// What is known of the base.
    pub base: BaseImage,
}

impl Look {
    /// Reads the image `tag`, built from `dockerfile`, through the engine.
    pub(crate) fn at(
        options: &VerifierOptions,
        tag: &str,
        dockerfile: &[u8],
        reference: Option<&str>,
    ) -> Result<Self, ProveError> {
        let mut archive = options.engine.save(tag).map_err(failure::engine)?;
        let summary = options.images.read(&mut archive);
        let summary = summary.map_err(|error| failure::other(format!("image {tag}: {error}"), None))?;
        let arch = summary.config.architecture.clone();
        let mut bottom = Bottom::of(dockerfile, options.build.target.as_deref(), &options.build.build_args, &arch);
        if let Some(reference) = reference {
            bottom.reference = Some(reference.to_owned());
        }
        let base = bottom.reference.as_deref().and_then(|reference| BaseImage::ask(&*options.engine, reference));
        let base_layers = base_layers(&summary.config, &bottom, base.as_ref());
        Ok(Self { summary: Arc::new(summary), base_layers, base: base.unwrap_or_default() })
    }

    /// Paths of the final tree that the app's own instructions put there, folders left out.
    pub(crate) fn app_files(&self) -> impl Iterator<Item = (&str, &File)> {
        let own = |file: &File| file.layer >= self.base_layers && file.kind != FileKind::Directory;
        self.summary.files.iter().filter(move |(_, file)| own(file)).map(|(path, file)| (path.as_str(), file))
    }

    /// Files of the app's layers that a later layer hides: they are in the image all the same.
    pub(crate) fn hidden_app_files(&self) -> impl Iterator<Item = &str> {
        self.summary.layers.iter().skip(self.base_layers).flat_map(|layer| &layer.hidden).map(String::as_str)
    }

    /// Paths of emitted text files of the app that contain `needle`.
    pub(crate) fn emitted_with(&self, needle: &str) -> BTreeSet<&str> {
        let own = |path: &str| self.summary.files.get(path).is_some_and(|file| file.layer >= self.base_layers);
        let texts = self.summary.texts.iter().filter(|(path, text)| own(path) && text.contains(needle));
        texts.map(|(path, _)| path.as_str()).collect()
    }

    /// Whether one of the app's files has this content.
    pub(crate) fn holds(&self, content: &ContentHash) -> bool {
        self.app_files().any(|(_, file)| file.content.as_ref() == Some(content))
    }

    /// Name or uid that the image runs as; empty means root.
    pub(crate) fn user(&self) -> &str {
        self.summary.config.user.split(':').next().unwrap_or_default()
    }

    /// Whether it runs as root, whatever root is called.
    pub(crate) fn runs_as_root(&self) -> bool {
        let user = self.user();
        let uid = |name: &str| self.summary.users().into_iter().find(|(known, _)| known == name).map(|(_, uid)| uid);
        match user.parse::<u32>() {
            Ok(number) => number == 0,
            Err(_) => user.is_empty() || user == "root" || uid(user) == Some(0),
        }
    }
}

/// What compilers and bundlers emit and a marker in a comment may be found in.
pub(crate) fn is_emitted(path: &str) -> bool {
    const EMITTED: [&str; 6] = [".js", ".mjs", ".cjs", ".css", ".html", ".htm"];
    const FOREIGN: [&str; 3] = ["/node_modules/", "/site-packages/", "/usr/share/doc/"];
    EMITTED.iter().any(|end| path.ends_with(end)) && !FOREIGN.iter().any(|part| path.contains(part))
}
