//! The world under what the plan has so far: what its ignore file leaves out is not sent any more, and programs that it links
//! statically need no library.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jettison_dockerfile::ignore::Matcher;
use jettison_facts::{Observations, World};
use jettison_image::{Elf, FileKind, ImageConfig, ImageSummary};
use jettison_model::{Digest, ImageRef};

use crate::transforms::Effect;

/// A world seen through one more ignore file.
pub(crate) struct Sent<'w> {
    /// The world under the ignore file in force.
    pub inner: &'w dyn World,
    /// The plan's own.
    pub matcher: Matcher,
    /// What was seen of the baseline, where the plan changes what that means.
    pub observed: Option<Arc<Observations>>,
}

/// `observed` as the image will be: programs that get linked statically name no dynamic linker and no library, and what is left
/// behind is not there. None if nothing of it changes.
pub(crate) fn as_planned(observed: &Observations, effect: &Effect) -> Option<Observations> {
    if effect.linked_statically.is_empty() && effect.left_behind.is_empty() {
        return None;
    }
    let mut image = (*observed.image).clone();
    for path in &effect.linked_statically {
        let target = match image.files.get(path).map(|file| &file.kind) {
            Some(FileKind::Hardlink(target)) => Some(target.clone()),
            _ => None,
        };
        for path in target.iter().chain([path]) {
            if let Some(file) = image.files.get_mut(path) {
                let machine = file.elf.as_ref().map_or(0, |elf| elf.machine);
                file.elf = Some(Box::new(Elf { machine, ..Elf::default() }));
            }
        }
    }
    for path in &effect.left_behind {
        image.files.remove(path);
        image.texts.remove(path);
    }
    own_what_is_left(&mut image, &effect.left_behind);
    Some(Observations { image: Arc::new(image), ..observed.clone() })
}

/// Further names of files that are gone become files of their own: the first by path, the others names of that one.
fn own_what_is_left(image: &mut ImageSummary, gone: &[String]) {
    let gone: BTreeSet<&String> = gone.iter().collect();
    let mut heirs: BTreeMap<String, String> = BTreeMap::new();
    for (path, file) in &mut image.files {
        let FileKind::Hardlink(target) = &file.kind else { continue };
        if !gone.contains(target) {
            continue;
        }
        file.kind = match heirs.get(target) {
            Some(heir) => FileKind::Hardlink(heir.clone()),
            None => {
                heirs.insert(target.clone(), path.clone());
                FileKind::Regular
            }
        };
    }
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
        self.observed.clone().or_else(|| self.inner.observed())
    }
}
