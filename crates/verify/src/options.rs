//! What a [`crate::Verifier`] is told once: engine, inputs, limits, where to put what it writes. And what it tells while it works.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jettison_engine::{BuildRequest, Engine, Limits, RunId};
use jettison_transport::ArchiveReader;

/// Everything a proof needs to know.
#[derive(Clone)]
pub struct VerifierOptions {
    /// Who builds and runs.
    pub engine: Arc<dyn Engine>,
    /// What is made is labelled with it.
    pub run: RunId,
    /// The user's context; only ever read.
    pub context: PathBuf,
    /// The original Dockerfile's bytes.
    pub dockerfile: Vec<u8>,
    /// The ignore file in force for the original, if there is one.
    pub ignore: Option<Vec<u8>>,
    /// Expanded reference of the image at the bottom of the original's final stage; found from the Dockerfile if none.
    pub final_base: Option<String>,
    /// Passed on to every build.
    pub build: BuildOptions,
    /// `--smoke`: a command for `sh -c`.
    pub smoke: Option<String>,
    /// Of the app's containers.
    pub limits: Limits,
    /// Of one build.
    pub build_time_limit: Option<Duration>,
    /// Of one call of the smoke command.
    pub smoke_time_limit: Duration,
    /// When the whole run must be over.
    pub deadline: Option<Instant>,
    /// How long an app may take until it listens.
    pub ready_timeout: Duration,
    /// How long it must stay up, with its ports unchanged.
    pub settle: Duration,
    /// A private folder for temporary files; it is removed at the end.
    pub work: PathBuf,
    /// Where logs are kept: `builds/<n>.log`, `runs/<n>.log`, `smoke/<n>.log`.
    pub log_dir: PathBuf,
    /// The jettison binary, for the probe sidecar.
    pub probe_exe: PathBuf,
    /// Context-relative path of the file to edit for warm rebuilds; chosen by rule if none.
    pub edit_file: Option<String>,
    /// Reads what the engine saves, each layer once. Who looks at other images of the same engine shares it.
    pub images: Arc<ArchiveReader>,
}

/// What the user gave for builds.
#[derive(Clone, Debug, Default)]
pub struct BuildOptions {
    /// `--target`.
    pub target: Option<String>,
    /// `--build-arg`.
    pub build_args: Vec<(String, Option<String>)>,
    /// `--build-context`, as given.
    pub build_contexts: Vec<String>,
    /// `--secret`, as given.
    pub secrets: Vec<String>,
    /// `--ssh`, as given.
    pub ssh: Vec<String>,
    /// `--platform`.
    pub platform: Option<String>,
    /// `--builder`.
    pub builder: Option<String>,
}

impl BuildOptions {
    /// A request for a build of `dockerfile` in `context` with these options.
    pub(crate) fn request(&self, context: &Path, dockerfile: PathBuf, tag: String) -> BuildRequest {
        BuildRequest {
            context: context.to_owned(),
            dockerfile,
            tag,
            target: self.target.clone(),
            build_args: self.build_args.clone(),
            build_contexts: self.build_contexts.clone(),
            secrets: self.secrets.clone(),
            ssh: self.ssh.clone(),
            platform: self.platform.clone(),
            builder: self.builder.clone(),
            ..BuildRequest::default()
        }
    }
}

impl VerifierOptions {
    /// Options with the usual limits: builds and the run unbounded, 60 s until ready, 5 s to settle, 5 min for the smoke
    /// command.
    pub fn new(engine: Arc<dyn Engine>, run: RunId, context: PathBuf, dockerfile: Vec<u8>, work: PathBuf) -> Self {
        Self {
            engine,
            run,
            context,
            dockerfile,
            ignore: None,
            final_base: None,
            build: BuildOptions::default(),
            smoke: None,
            limits: Limits::default(),
            build_time_limit: None,
            smoke_time_limit: Duration::from_secs(300),
            deadline: None,
            ready_timeout: Duration::from_secs(60),
            settle: Duration::from_secs(5),
            log_dir: work.join("logs"),
            work,
            probe_exe: PathBuf::new(),
            edit_file: None,
            images: Arc::new(ArchiveReader::new(crate::look::is_emitted, jettison_image::Limits::default())),
        }
    }
}

/// What is told while it works, for the terminal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress<'a> {
    /// A phase starts: `baseline: cold build`.
    Started {
        /// Its name.
        phase: &'a str,
    },
    /// A line of the build's log.
    Line(&'a str),
    /// The phase that started last is over.
    Done {
        /// Its name.
        phase: &'a str,
        /// Wall time.
        seconds: f64,
        /// One clause, may be empty: `9 steps`, `listens on :8000`.
        detail: &'a str,
    },
}
