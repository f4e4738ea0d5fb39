//! `--pin`: a world that also knows which digest a tag has now. Registries are asked for nothing else, and once a reference.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jettison_facts::{Observations, World};
use jettison_image::{ImageConfig, ImageSummary};
use jettison_model::{Digest, ImageRef};
use jettison_transport::Registry;

/// The digests of a run.
pub struct Pins {
    registry: Mutex<Registry>,
    known: Mutex<BTreeMap<String, Option<Digest>>>,
    failed: Mutex<Vec<String>>,
}

impl Pins {
    /// Asks by this client.
    pub fn new(registry: Registry) -> Self {
        Self { registry: Mutex::new(registry), known: Mutex::default(), failed: Mutex::default() }
    }

    /// Why tags have no digest here.
    pub fn failures(&self) -> Vec<String> {
        self.failed.lock().map(|failed| failed.clone()).unwrap_or_default()
    }

    fn resolved(&self, reference: &ImageRef) -> Option<Digest> {
        let name = reference.to_string();
        // held while it is asked, so that nobody asks twice
        let registry = self.registry.lock().ok()?;
        if let Some(known) = self.known.lock().ok()?.get(&name) {
            return known.clone();
        }
        let answer = registry.resolve(reference);
        if let (Err(error), Ok(mut failed)) = (&answer, self.failed.lock()) {
            failed.push(format!("{name} cannot be pinned: {error}"));
        }
        let digest = answer.ok();
        self.known.lock().ok()?.insert(name, digest.clone());
        digest
    }
}

/// Another world, and the digests.
pub(super) struct Pinned<'a> {
    pub(super) inner: &'a dyn World,
    pub(super) pins: &'a Pins,
}

impl World for Pinned<'_> {
    fn paths(&self, glob: &str, with_ignored: bool) -> Option<Vec<String>> {
        self.inner.paths(glob, with_ignored)
    }
    fn size(&self, prefix: &str) -> Option<u64> {
        self.inner.size(prefix)
    }
    fn read(&self, path: &str, max: usize) -> Option<Vec<u8>> {
        self.inner.read(path, max)
    }
    fn is_executable(&self, path: &str) -> Option<bool> {
        self.inner.is_executable(path)
    }
    fn base(&self, reference: &ImageRef) -> Option<Arc<ImageSummary>> {
        self.inner.base(reference)
    }
    fn base_config(&self, reference: &ImageRef) -> Option<ImageConfig> {
        self.inner.base_config(reference)
    }
    fn resolved(&self, reference: &ImageRef) -> Option<Digest> {
        self.pins.resolved(reference)
    }
    fn churn(&self, path: &str) -> Option<u32> {
        self.inner.churn(path)
    }
    fn observed(&self) -> Option<Arc<Observations>> {
        self.inner.observed()
    }
}
