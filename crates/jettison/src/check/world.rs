//! The build contexts of a run, each walked at most once and only when a rule asks. Nothing is pulled, resolved or started here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use jettison_dockerfile::ignore::{IgnoreFile, Matcher};
use jettison_facts::{Observations, World};
use jettison_image::ImageSummary;
use jettison_model::{Digest, ImageRef};

use crate::input::beside;
use crate::world::SentFiles;

/// A context folder and the ignore file in force.
type Name = (PathBuf, Option<PathBuf>);

/// The contexts that were asked about.
#[derive(Default)]
pub(super) struct Contexts {
    known: Mutex<BTreeMap<Name, Arc<OnceLock<Option<SentFiles>>>>>,
}

impl Contexts {
    /// The world of a Dockerfile that is built with the folder `context`.
    pub(super) fn of(&self, context: &Path, dockerfile: Option<&Path>) -> ContextWorld {
        let own = dockerfile.map(|path| beside(path, ".dockerignore")).filter(|path| path.is_file());
        let shared = || Some(context.join(".dockerignore")).filter(|path| path.is_file());
        let name = (context.to_owned(), own.or_else(shared));
        let files = match self.known.lock() {
            Ok(mut known) => known.entry(name.clone()).or_default().clone(),
            Err(_) => Arc::default(),
        };
        ContextWorld { name, files }
    }
}

/// What a context holds, as far as a rule asks.
pub(super) struct ContextWorld {
    name: Name,
    files: Arc<OnceLock<Option<SentFiles>>>,
}

impl ContextWorld {
    fn files(&self) -> Option<&SentFiles> {
        self.files.get_or_init(|| walk(&self.name)).as_ref()
    }
}

/// None where the folder or its ignore file cannot be read: then nothing is known.
fn walk((context, ignore): &Name) -> Option<SentFiles> {
    let ignore = match ignore {
        Some(path) => IgnoreFile::parse(&std::fs::read(path).ok()?),
        None => IgnoreFile::default(),
    };
    let snapshot = jettison_context::walk(context, &Matcher::new(&ignore)).ok()?;
    Some(SentFiles::new(&snapshot))
}

impl World for ContextWorld {
    fn paths(&self, glob: &str, with_ignored: bool) -> Option<Vec<String>> {
        Some(self.files()?.paths(glob, with_ignored))
    }
    fn size(&self, prefix: &str) -> Option<u64> {
        Some(self.files()?.size(prefix))
    }
    fn read(&self, path: &str, max: usize) -> Option<Vec<u8>> {
        self.files()?.read(path, max)
    }
    fn is_executable(&self, path: &str) -> Option<bool> {
        self.files()?.is_executable(path)
    }
    fn base(&self, _: &ImageRef) -> Option<Arc<ImageSummary>> {
        None
    }
    fn resolved(&self, _: &ImageRef) -> Option<Digest> {
        None
    }
    fn churn(&self, _: &str) -> Option<u32> {
        None
    }
    fn observed(&self) -> Option<Arc<Observations>> {
        None
    }
}
