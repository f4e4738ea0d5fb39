//! How the pure middle learns about the outside. Every answer may be `None`: unknown; then a rule or transform says nothing
//! or less.

use std::sync::Arc;

use jettison_image::{ImageConfig, ImageSummary};
use jettison_model::{Digest, ImageRef};

/// The outside, as far as it may be asked. Paths are relative to the context, with `/`, as the builder receives them under
/// the ignore file in force.
pub trait World {
    /// Files (not folders) of the context that match `glob` (ignore-file syntax; `**` for all), sorted. `ignored` files too if
    /// `with_ignored`.
    fn paths(&self, glob: &str, with_ignored: bool) -> Option<Vec<String>>;

    /// Bytes of all files at or below `prefix` (`""` = all) that the builder receives.
    fn size(&self, prefix: &str) -> Option<u64>;

    /// The first `max` bytes of a file; none if it is not there, not readable or unknown.
    fn read(&self, path: &str, max: usize) -> Option<Vec<u8>>;

    /// Whether a file of the context may be executed; none if it is not there or that is unknown.
    fn is_executable(&self, path: &str) -> Option<bool> {
        let _ = path;
        None
    }

    /// What a base image holds; the implementation may look at a local copy or pull.
    fn base(&self, reference: &ImageRef) -> Option<Arc<ImageSummary>>;

    /// The configuration of a base image alone: cheaper to ask than what it holds.
    fn base_config(&self, reference: &ImageRef) -> Option<ImageConfig> {
        self.base(reference).map(|image| image.config.clone())
    }

    /// The digest that a reference has now.
    fn resolved(&self, reference: &ImageRef) -> Option<Digest>;

    /// Commits that touched the path, among the last ones looked at.
    fn churn(&self, path: &str) -> Option<u32>;

    /// What was seen of the baseline, once it has been built and run.
    fn observed(&self) -> Option<Arc<Observations>>;
}

/// A world of which nothing is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nowhere;

impl World for Nowhere {
    fn paths(&self, _: &str, _: bool) -> Option<Vec<String>> {
        None
    }
    fn size(&self, _: &str) -> Option<u64> {
        None
    }
    fn read(&self, _: &str, _: usize) -> Option<Vec<u8>> {
        None
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

/// The baseline image and what its run showed.
#[derive(Clone, Debug, Default)]
pub struct Observations {
    /// The baseline image.
    pub image: Arc<ImageSummary>,
    /// How many of its layers come from the final stage's base image (its FROM): files of lower layers are the base's.
    pub base_layers: usize,
    /// Absolute paths created or changed while it ran (start and probes), files and folders.
    pub written: Vec<String>,
    /// TCP ports it listened on, on any address but loopback.
    pub ports: Vec<u16>,
    /// Resolved paths of the programs that ran in the container (`/proc/*/exe`), where known.
    pub programs: Vec<String>,
    /// Whether it kept running; else it ended by itself.
    pub stayed_up: bool,
}

impl Observations {
    /// Whether the file at `path` was put there by the app's own instructions, not by the base.
    pub fn is_app_layer(&self, layer: usize) -> bool {
        layer >= self.base_layers
    }
}

/// Another world plus what was observed.
pub struct Observed<'w> {
    /// The world behind.
    pub inner: &'w dyn World,
    /// What it lacked.
    pub observations: Arc<Observations>,
}

impl World for Observed<'_> {
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
        self.inner.resolved(reference)
    }
    fn churn(&self, path: &str) -> Option<u32> {
        self.inner.churn(path)
    }
    fn observed(&self) -> Option<Arc<Observations>> {
        Some(self.observations.clone())
    }
}
