//! Images as the commands that look into them get them: opened from wherever they are, with what the source says of them.

mod analysis;
pub mod building;
mod content;
mod difference;
pub mod document;
mod engines;
mod failures;
mod mirrors;
mod nearest;
mod reasons;
mod recipe;
mod registries;

use std::sync::atomic::{AtomicU64, Ordering};

use jettison_engine::process;
use jettison_image::{Image, Limits};
use jettison_model::ByteSize;
use jettison_report::image::ImageHead;
use jettison_transport::{OpenError, OpenOptions, Progress as Told, Source};

use crate::cli::OpenArgs;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::terminal::Progress;

pub use analysis::Looked;
pub use difference::difference;
pub use failures::broken;
pub use recipe::{Matched, matched};
pub use registries::registry;

/// An image, and what its source says of it.
pub struct Opened {
    /// As it was read.
    pub image: Image,
    /// As it was typed.
    pub typed: String,
    /// Where it was found: `docker-archive`, `oci`, `docker`, …
    pub source: &'static str,
    /// What the engine says of it (`image inspect`).
    pub inspected: Option<serde_json::Value>,
}

/// What opens images.
#[derive(Clone, Copy)]
pub struct Opener<'a> {
    /// How.
    pub args: &'a OpenArgs,
    /// Whose certificates and home.
    pub environment: &'a Environment,
    /// Where to tell.
    pub progress: &'a Progress,
    /// Nothing has to be cleaned up: Ctrl-C ends the program at once.
    pub ends_at_once: bool,
}

impl Opener<'_> {
    /// Opens what was typed: a file, a folder, stdin, an image of an engine or a registry.
    pub fn open(&self, typed: &str) -> Result<Opened, Failure> {
        let source = Source::parse(typed).map_err(|error| failures::unnamed(typed, &error))?;
        let (image, word, inspected) = match &source {
            Source::DockerArchive(_) | Source::OciArchive(_) | Source::OciDir { .. } | Source::Stdin => {
                self.progress.begin("image", "reading");
                let image = self.read(&|options| jettison_transport::open(&source, options), typed)?;
                (image, word(&source), None)
            }
            Source::Docker(reference) => engines::open(self, Some("docker"), reference)?,
            Source::Podman(reference) => engines::open(self, Some("podman"), reference)?,
            Source::Registry(reference) => (registries::open(self, reference)?, "registry", None),
            Source::Named(reference) => self.named(reference)?,
        };
        self.progress.clear();
        Ok(Opened { image, typed: typed.to_owned(), source: word, inspected })
    }

    /// Engine first, then registry, and which it was is said.
    fn named(&self, reference: &jettison_model::ImageRef) -> Result<Found, Failure> {
        let found = match engines::open(self, None, reference) {
            Ok(found) => found,
            Err(engines::Why::Absent(nowhere)) => (registries::instead(self, reference, nowhere)?, "registry", None),
            Err(engines::Why::Failed(failure)) => return Err(failure),
        };
        self.progress.note("image", &format!("{reference} from {}", found.1));
        Ok(found)
    }

    /// Reads with what the options say and tells how far it is.
    fn read(&self, open: &dyn Fn(&OpenOptions<'_>) -> Result<Image, OpenError>, typed: &str) -> Result<Image, Failure> {
        let limits = self.limits();
        let meter = Meter::default();
        let progress = |told: Told<'_>| {
            self.end_if_interrupted();
            self.progress.reading(told);
            meter.tell(told, self.progress);
        };
        let options = OpenOptions {
            platform: self.args.platform.as_ref(),
            reference: self.args.reference.as_deref(),
            limits: &limits,
            verify: !self.args.no_verify_digests,
            jobs: self.args.jobs.unwrap_or(0),
            progress: &progress,
            ..OpenOptions::default()
        };
        open(&options).map_err(|error| {
            if process::interrupted() { Failure::interrupted() } else { failures::unopened(typed, error) }
        })
    }

    /// Ctrl-C ends the program here, where nothing has to be cleaned up.
    fn end_if_interrupted(&self) {
        if self.ends_at_once && process::interrupted() {
            self.progress.clear();
            std::process::exit(i32::from(Failure::interrupted().code));
        }
    }

    fn limits(&self) -> Limits {
        let usual = Limits { gzip_bytes: 0, ..Limits::DEFAULT };
        self.args.max_layer_size.map_or(usual, |ByteSize(most)| Limits { unpacked_bytes: most, ..usual })
    }
}

/// An image, the word for where it was, what its engine says.
type Found = (Image, &'static str, Option<serde_json::Value>);

fn word(source: &Source) -> &'static str {
    match source {
        Source::DockerArchive(_) => "docker-archive",
        Source::OciArchive(_) => "oci-archive",
        Source::OciDir { .. } => "oci",
        Source::Stdin => "stdin",
        Source::Docker(_) => "docker",
        Source::Podman(_) => "podman",
        Source::Registry(_) => "registry",
        Source::Named(_) => "engine",
    }
}

/// How far the reading is.
#[derive(Default)]
struct Meter {
    read: AtomicU64,
    shown: AtomicU64,
    whole: AtomicU64,
}

impl Meter {
    /// Shown in steps of so many bytes.
    const STEP: u64 = 4 << 20;

    fn tell(&self, told: Told<'_>, progress: &Progress) {
        match told {
            Told::Chosen { layers, .. } => {
                let whole = layers.iter().copied().try_fold(0u64, |sum, layer| Some(sum.saturating_add(layer?)));
                self.whole.store(whole.unwrap_or(0), Ordering::Relaxed);
            }
            Told::Read { bytes, .. } => {
                let read = self.read.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
                if read.saturating_sub(self.shown.load(Ordering::Relaxed)) >= Self::STEP {
                    self.shown.store(read, Ordering::Relaxed);
                    let whole = self.whole.load(Ordering::Relaxed);
                    let of = if whole > 0 { format!(" of {}", ByteSize(whole)) } else { String::new() };
                    progress.moving(&format!("{}{of}", ByteSize(read)));
                }
            }
            Told::Layer { .. } | Told::Arrived { .. } => {}
        }
    }
}

impl Opened {
    /// Its head for documents.
    pub fn head(&self) -> ImageHead {
        let config = &self.image.config;
        let text = |name: &str| config.raw.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
        ImageHead {
            reference: self.typed.clone(),
            source: self.source.to_owned(),
            digest: self.image.digest.as_ref().map(ToString::to_string),
            config_digest: Some(self.image.config_digest.to_string()),
            media_type: Some(self.image.media_type.clone()).filter(|text| !text.is_empty()),
            platform: self.image.platform().map(|platform| platform.to_string()).unwrap_or_default(),
            created: text("created"),
            user: config.user.clone(),
            entrypoint: config.entrypoint.clone().unwrap_or_default(),
            cmd: config.cmd.clone().unwrap_or_default(),
            env: config.env.iter().map(|(name, value)| format!("{name}={value}")).collect(),
            exposed_ports: config.exposed_ports.clone(),
            working_dir: config.workdir.clone(),
        }
    }

    /// Whether its layers are blobs with a size of their own; old docker archives have none.
    pub fn has_blobs(&self) -> bool {
        self.image.digest.is_some()
    }
}
