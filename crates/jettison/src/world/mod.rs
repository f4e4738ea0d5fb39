//! What the pure middle may ask of the outside, answered lazily: the walked context, local or pulled base images, the registry,
//! git's history.

mod files;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use jettison_context::{CHURN_COMMITS, GIT_LOG_ARGS, Snapshot, parse_git_log};
use jettison_engine::{Engine, process};
use jettison_facts::{Observations, World};
use jettison_image::{ImageConfig, ImageSummary};
use jettison_model::{Digest, ImageRef};
use jettison_transport::Registry;

pub use files::SentFiles;

/// The real world of one run.
pub struct LiveWorld {
    files: SentFiles,
    engine: Option<Arc<dyn Engine>>,
    registry: Registry,
    bases: Mutex<BTreeMap<String, Option<Arc<ImageSummary>>>>,
    configs: Mutex<BTreeMap<String, Option<ImageConfig>>>,
    churn: OnceLock<BTreeMap<String, u32>>,
    on_base: Box<dyn Fn(&str) + Sync>,
}

impl LiveWorld {
    /// The world of a context; without an engine nothing is known of base images. `on_base` is told what is looked at or pulled.
    pub fn new(
        snapshot: &Snapshot,
        engine: Option<Arc<dyn Engine>>,
        registry: Registry,
        on_base: Box<dyn Fn(&str) + Sync>,
    ) -> Self {
        Self {
            files: SentFiles::new(snapshot),
            engine,
            registry,
            bases: Mutex::default(),
            configs: Mutex::default(),
            churn: OnceLock::new(),
            on_base,
        }
    }

    fn look(&self, reference: &str) -> Option<Arc<ImageSummary>> {
        let engine = self.engine.as_deref()?;
        if engine.image_id(reference).ok().flatten().is_none() {
            (self.on_base)(&format!("pulling {reference} once, to see what it holds"));
            engine.pull(reference).ok()?;
        }
        (self.on_base)(&format!("looking into {reference}"));
        let mut archive = engine.save(reference).ok()?;
        jettison_transport::read_docker_archive(&mut *archive).ok().map(Arc::new)
    }
}

impl World for LiveWorld {
    fn paths(&self, glob: &str, with_ignored: bool) -> Option<Vec<String>> {
        Some(self.files.paths(glob, with_ignored))
    }

    fn size(&self, prefix: &str) -> Option<u64> {
        Some(self.files.size(prefix))
    }

    fn read(&self, path: &str, max: usize) -> Option<Vec<u8>> {
        self.files.read(path, max)
    }

    fn base(&self, reference: &ImageRef) -> Option<Arc<ImageSummary>> {
        let name = reference.to_string();
        if let Some(known) = self.bases.lock().ok()?.get(&name) {
            return known.clone();
        }
        let found = self.look(&name);
        self.bases.lock().ok()?.insert(name, found.clone());
        found
    }

    fn base_config(&self, reference: &ImageRef) -> Option<ImageConfig> {
        let name = reference.to_string();
        if let Some(known) = self.configs.lock().ok()?.get(&name) {
            return known.clone();
        }
        let inspected = self.engine.as_deref().and_then(|engine| engine.inspect_image(&name).ok());
        let config = inspected.and_then(|value| ImageConfig::parse(&name, value.to_string().as_bytes()).ok());
        self.configs.lock().ok()?.insert(name, config.clone());
        config
    }

    fn resolved(&self, reference: &ImageRef) -> Option<Digest> {
        self.registry.resolve(reference).ok()
    }

    fn churn(&self, path: &str) -> Option<u32> {
        let history = self.churn.get_or_init(|| {
            let git = process::Command::new("git").args(GIT_LOG_ARGS).cwd(self.files.root()).output();
            git.ok()
                .filter(|output| output.end.success())
                .map(|output| parse_git_log(&String::from_utf8_lossy(&output.stdout)))
                .unwrap_or_default()
        });
        (!history.is_empty()).then(|| history.get(path).copied().unwrap_or(0).min(CHURN_COMMITS as u32))
    }

    fn observed(&self) -> Option<Arc<Observations>> {
        None
    }
}
