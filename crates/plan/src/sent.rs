//! The world under the ignore file that the plan has so far: what it leaves out is not sent any more.

use std::sync::Arc;

use jettison_dockerfile::ignore::Matcher;
use jettison_facts::{Observations, World};
use jettison_image::{ImageConfig, ImageSummary};
use jettison_model::{Digest, ImageRef};

/// A world seen through one more ignore file.
pub(crate) struct Sent<'w> {
    /// The world under the ignore file in force.
    pub inner: &'w dyn World,
    /// The plan's own.
    pub matcher: Matcher,
}

impl World for Sent<'_> {
    fn paths(&self, glob: &str, with_ignored: bool) -> Option<Vec<String>> {
        let mut paths = self.inner.paths(glob, with_ignored)?;
        if !with_ignored {
            paths.retain(|path| !self.matcher.is_ignored(path));
        }
        Some(paths)
    }

    fn size(&self, prefix: &str) -> Option<u64> {
        self.inner.size(prefix)
    }

    fn read(&self, path: &str, max: usize) -> Option<Vec<u8>> {
        self.inner.read(path, max)
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
        self.inner.observed()
    }
}
