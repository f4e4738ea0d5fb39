//! docker (buildx and plain), podman and buildah behind one trait: detect, build, save, run, inspect, remove.
//! The one place that starts processes. Decides nothing. Everything it makes carries the label `jettison.run=<id>`.

mod build;
mod buildah;
mod cleanup;
mod client;
mod containers;
mod detect;
mod docker;
mod errors;
#[cfg(feature = "test")]
pub mod fake;
mod images;
mod podman;
pub mod process;

pub use cleanup::{Cleanup, Leftovers, RUN_LABEL, RunId, Swept, sweep};
pub use detect::{EngineKind, detect};
pub use images::all_image_names;

use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

/// A container engine. Calls block; long ones report lines as they come. All are safe to call from several threads.
pub trait Engine: Send + Sync {
    /// Who it is.
    fn info(&self) -> &EngineInfo;

    /// Builds an image. `on_line` gets the build's output line by line (already without terminal codes).
    fn build(&self, request: &BuildRequest, on_line: &mut dyn FnMut(&str)) -> Result<BuildOutcome, Error>;

    /// The image's id if the engine has it locally.
    fn image_id(&self, reference: &str) -> Result<Option<String>, Error>;

    /// The image's config document as `image inspect` gives it (engine's own shape; one object).
    fn inspect_image(&self, reference: &str) -> Result<serde_json::Value, Error>;

    /// Names of the images that it has locally, `repository:tag`, sorted; untagged ones have none.
    fn image_names(&self) -> Result<Vec<String>, Error>;

    /// Pulls an image; `Error::NotFound` if there is none, `Error::RateLimited` for Docker Hub's limit.
    fn pull(&self, reference: &str) -> Result<(), Error>;

    /// A docker-archive stream of the image (`save`).
    fn save(&self, reference: &str) -> Result<Box<dyn Read + Send>, Error>;

    /// Makes an image `tag` (labelled with the run) from a plain tar of its root file system, with this entrypoint.
    fn import(&self, run: &RunId, tag: &str, rootfs: &mut dyn Read, entrypoint: &[&str]) -> Result<(), Error>;

    /// Creates and starts a container; its id.
    fn run(&self, request: &RunRequest) -> Result<String, Error>;

    /// State, exit code and started-at of a container.
    fn state(&self, container: &str) -> Result<ContainerState, Error>;

    /// Blocks until it exits or the time is over; the state then.
    fn wait(&self, container: &str, limit: Duration) -> Result<ContainerState, Error>;

    /// Stdout and stderr so far, interleaved, the last `max` bytes.
    fn logs(&self, container: &str, max: usize) -> Result<String, Error>;

    /// Paths changed in the running container relative to its image: `A`, `C` or `D` and the path.
    fn changes(&self, container: &str) -> Result<Vec<(char, String)>, Error>;

    /// Host port on 127.0.0.1 published for `container_port`/tcp.
    fn published_port(&self, container: &str, container_port: u16) -> Result<Option<u16>, Error>;

    /// Runs a program in a running container; exit code and output.
    fn exec(&self, container: &str, argv: &[&str], limit: Duration) -> Result<(i32, String), Error>;

    /// Stops (with a short grace) a container.
    fn stop(&self, container: &str) -> Result<(), Error>;

    /// Removes a container of ours, with its anonymous volumes.
    fn remove_container(&self, container: &str) -> Result<(), Error>;

    /// Creates an internal network (no way out) labelled with the run; its name.
    fn create_network(&self, run: &RunId) -> Result<String, Error>;

    /// Removes a network of ours.
    fn remove_network(&self, name: &str) -> Result<(), Error>;

    /// Untags and removes an image of ours.
    fn remove_image(&self, reference: &str) -> Result<(), Error>;

    /// Everything on the engine that carries our label: of this run, of dead runs, of living ones.
    fn leftovers(&self) -> Result<Vec<Leftovers>, Error>;

    /// Bytes the build cache takes, if the engine can say.
    fn cache_bytes(&self) -> Option<u64>;

    /// Removes a volume of ours.
    fn remove_volume(&self, name: &str) -> Result<(), Error> {
        let _ = name;
        Ok(())
    }

    /// What the user should know of how things were done: a limit that this host cannot enforce, an engine passed over. Each
    /// once, in the order met.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Who the engine is and what it can do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EngineInfo {
    /// `docker`, `podman`, `buildah`.
    pub name: String,
    /// The server's version.
    pub version: String,
    /// `linux/amd64`.
    pub platform: String,
    /// BuildKit: `--mount`, heredocs, `Dockerfile.dockerignore`, cache-mount namespaces.
    pub buildkit: bool,
    /// It can run containers and networks (buildah alone cannot).
    pub runs: bool,
    /// Remote: ports it publishes are not on this machine.
    pub remote: bool,
    /// Rootless.
    pub rootless: bool,
}

/// What to build.
#[derive(Clone, Debug, Default)]
pub struct BuildRequest {
    /// The build context; read only.
    pub context: PathBuf,
    /// The Dockerfile; `<Dockerfile>.dockerignore` beside it is used where `ignore_file` is none.
    pub dockerfile: PathBuf,
    /// The ignore file in force, for engines with `--ignorefile`.
    pub ignore_file: Option<PathBuf>,
    /// The image's name; see [`RunId::image`].
    pub tag: String,
    /// Labelled with this run, if not empty. The label is in the config of the built image: comparisons leave it out.
    pub run: String,
    /// Labels beside the run's.
    pub labels: Vec<(String, String)>,
    /// `--no-cache`, with a cache-mount namespace of its own where the engine has them.
    pub cold: Option<String>,
    /// `--target`.
    pub target: Option<String>,
    /// `--build-arg`.
    pub build_args: Vec<(String, Option<String>)>,
    /// `--build-context`.
    pub build_contexts: Vec<String>,
    /// `--secret`, as given.
    pub secrets: Vec<String>,
    /// `--ssh`, as given.
    pub ssh: Vec<String>,
    /// `--platform`.
    pub platform: Option<String>,
    /// `--builder` (buildx).
    pub builder: Option<String>,
    /// Killed after this long.
    pub time_limit: Option<Duration>,
}

/// How a build went. A build that fails is an outcome, not an error.
#[derive(Clone, Debug, Default)]
pub struct BuildOutcome {
    /// Whether an image was made.
    pub success: bool,
    /// Whole log, one line each.
    pub log: Vec<String>,
    /// Wall time.
    pub seconds: f64,
    /// Bytes sent as build context, as the builder says; none if it does not.
    pub context_bytes: Option<u64>,
    /// Steps that were executed and that came from the cache, as the builder says.
    pub executed: usize,
    /// See `executed`.
    pub cached: usize,
    /// Steps, for the report: title, seconds, whether from the cache.
    pub steps: Vec<BuildStep>,
    /// Why it failed.
    pub failure: Option<BuildFailure>,
}

/// One step of a build.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BuildStep {
    /// `[build 3/5] RUN pip install …`
    pub title: String,
    /// Wall time, where known.
    pub seconds: Option<f64>,
    /// From the cache.
    pub cached: bool,
}

/// Where a build failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildFailure {
    /// 1-based line of the Dockerfile, where the builder says it.
    pub line: Option<u32>,
    /// The failing instruction.
    pub instruction: Option<String>,
    /// Of the RUN.
    pub exit_code: Option<i32>,
    /// The cause in one line.
    pub message: String,
    /// 0-based index of the line in [`BuildOutcome::log`] that says most.
    pub log_line: usize,
    /// A base image that could not be had.
    pub missing_base: Option<String>,
    /// The time limit struck.
    pub timed_out: bool,
    /// No space left on device.
    pub disk_full: bool,
}

/// What to run.
#[derive(Clone, Debug, Default)]
pub struct RunRequest {
    /// The image.
    pub image: String,
    /// Labelled with this run.
    pub run: String,
    /// Container name.
    pub name: Option<String>,
    /// Network: a name, `container:ID`, `none`; the engine's default if none.
    pub network: Option<String>,
    /// Container ports to publish on 127.0.0.1 at a free port.
    pub publish: Vec<u16>,
    /// Replaces the image's entrypoint.
    pub entrypoint: Option<String>,
    /// Replaces the image's cmd.
    pub command: Vec<String>,
    /// `NAME=value`.
    pub env: Vec<(String, String)>,
    /// PID namespace: `container:ID` to share that container's; its own if none.
    pub pid: Option<String>,
    /// Drops all capabilities; the engine's default set if not. Never more than that set, never privileged.
    pub cap_drop_all: bool,
    /// Forbids gaining privileges (setuid programs); off by default because it changes what the app may do.
    pub no_new_privileges: bool,
    /// Limits; see [`Limits`].
    pub limits: Limits,
    /// `linux/arm64`.
    pub platform: Option<String>,
}

/// What a container of ours may use. Where the host cannot enforce one of them, it is left out with a warning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Bytes of memory, no swap on top.
    pub memory: u64,
    /// Processors.
    pub cpus: f64,
    /// Processes and threads.
    pub pids: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 2 << 30, cpus: 2.0, pids: 512 }
    }
}

/// How a container is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContainerState {
    /// `created`, `running`, `exited`, `dead`, …
    pub status: String,
    /// Whether it runs.
    pub running: bool,
    /// After it exited.
    pub exit_code: Option<i32>,
    /// Killed for memory.
    pub oom_killed: bool,
    /// The engine's own error (program not found, …).
    pub error: String,
    /// `healthy`, `unhealthy`, `starting`, where it has a HEALTHCHECK.
    pub health: Option<String>,
}

/// Why the engine could not do what was asked. Texts name the thing and what to do next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// None installed or reachable.
    #[error("no engine found (looked for {looked_for})")]
    NoEngine {
        /// Names.
        looked_for: String,
        /// Why each was not usable, one line each.
        reasons: Vec<String>,
    },
    /// Found, but it does not answer.
    #[error("{engine} does not answer: {reason}")]
    Unreachable {
        /// `docker`
        engine: String,
        /// Its own words.
        reason: String,
    },
    /// No permission to its socket.
    #[error("no permission to use {engine}: {reason}")]
    Permission {
        /// `docker`
        engine: String,
        /// Its own words.
        reason: String,
    },
    /// The image is neither local nor to be had.
    #[error("image {reference} is not available: {reason}")]
    NotFound {
        /// As asked.
        reference: String,
        /// The registry's words.
        reason: String,
    },
    /// Docker Hub's limit of pulls.
    #[error("the registry's pull limit is reached for {reference}")]
    RateLimited {
        /// As asked.
        reference: String,
    },
    /// A command of the engine failed.
    #[error("{command}: {reason}")]
    Command {
        /// `docker save x`
        command: String,
        /// Last line of its stderr.
        reason: String,
    },
    /// The user asked to stop.
    #[error("interrupted")]
    Interrupted,
    /// Reading or starting a process failed.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// The cause.
        source: std::io::Error,
    },
}
