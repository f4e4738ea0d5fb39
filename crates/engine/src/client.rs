//! docker and podman: one client for both, because podman's command line is made after docker's. Where they differ the
//! flavour says how. Builds are in `docker` and `podman`, containers in `containers`, images in `images`.

use std::collections::HashMap;
use std::io::Read;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::process::{Command, Output};
use crate::{
    BuildOutcome, BuildRequest, ContainerState, Engine, EngineInfo, Error, Leftovers, RunId, RunRequest, docker,
    errors, images, podman,
};

/// Whose command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    Docker(docker::Builder),
    Podman,
}

/// For questions that an engine answers at once unless it hangs.
pub(crate) const QUICK: Duration = Duration::from_secs(60);
/// For what moves data.
pub(crate) const SLOW: Duration = Duration::from_secs(3600);

/// A docker or podman that answered.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) info: EngineInfo,
    pub(crate) flavour: Flavour,
    /// The most processors a container may be given.
    pub(crate) processors: Option<f64>,
    /// Limits found not to be enforceable here.
    pub(crate) unsupported: Mutex<Vec<&'static str>>,
    /// Containers whose program could not be started, and why.
    pub(crate) refused: Mutex<HashMap<String, String>>,
    warnings: Mutex<Vec<String>>,
}

impl Client {
    pub(crate) fn new(info: EngineInfo, flavour: Flavour, processors: Option<f64>) -> Self {
        Self {
            info,
            flavour,
            processors,
            unsupported: Mutex::default(),
            refused: Mutex::default(),
            warnings: Mutex::default(),
        }
    }

    pub(crate) fn is_podman(&self) -> bool {
        self.flavour == Flavour::Podman
    }

    /// `docker ARGS…`
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        Command::new(&self.info.name).args(args).time_limit(QUICK)
    }

    /// Runs a command; what is not success is an error, about this image if one is given.
    pub(crate) fn checked(&self, command: &Command, reference: Option<&str>) -> Result<Output, Error> {
        let output = command.output()?;
        if output.end.success() {
            return Ok(output);
        }
        Err(errors::classify(&self.info.name, command, output.end, &output.stderr, reference))
    }

    /// As [`Client::checked`], but what is gone already is fine.
    pub(crate) fn remove(&self, args: &[&str]) -> Result<(), Error> {
        let command = self.command(args);
        let output = command.output()?;
        if output.end.success() || is_gone(&output.error_text()) {
            return Ok(());
        }
        Err(errors::classify(&self.info.name, &command, output.end, &output.stderr, None))
    }

    pub(crate) fn warn(&self, text: String) {
        let mut warnings = locked(&self.warnings);
        if !warnings.contains(&text) {
            warnings.push(text);
        }
    }
}

/// A poisoned lock still holds good data here: every change is a single push.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_gone(stderr: &str) -> bool {
    let lower = stderr.to_lowercase();
    const NEEDLES: &[&str] = &[
        "no such",
        "not found",
        "image not known",
        "no container with name",
        "already in progress",
        "unable to find network",
    ];
    NEEDLES.iter().any(|needle| lower.contains(needle))
}

impl Engine for Client {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    fn build(&self, request: &BuildRequest, on_line: &mut dyn FnMut(&str)) -> Result<BuildOutcome, Error> {
        match self.flavour {
            Flavour::Docker(builder) => docker::build(builder, request, on_line),
            Flavour::Podman => podman::build("podman", request, on_line),
        }
    }

    fn image_id(&self, reference: &str) -> Result<Option<String>, Error> {
        self.find_image(reference)
    }

    fn inspect_image(&self, reference: &str) -> Result<serde_json::Value, Error> {
        self.image_document(reference)
    }

    fn image_names(&self) -> Result<Vec<String>, Error> {
        let format = "{{.Repository}}:{{.Tag}}";
        let command = self.command(&["image", "ls", "--format", format]).time_limit(QUICK);
        self.checked(&command, None).map(|output| images::names(&output.text()))
    }

    fn pull(&self, reference: &str) -> Result<(), Error> {
        let command = self.command(&["pull", "--quiet", reference]).time_limit(SLOW);
        self.checked(&command, Some(reference)).map(drop)
    }

    fn save(&self, reference: &str) -> Result<Box<dyn Read + Send>, Error> {
        self.save_image(reference)
    }

    fn import(&self, run: &RunId, tag: &str, rootfs: &mut dyn Read, entrypoint: &[&str]) -> Result<(), Error> {
        self.import_image(run, tag, rootfs, entrypoint)
    }

    fn run(&self, request: &RunRequest) -> Result<String, Error> {
        self.run_container(request)
    }

    fn state(&self, container: &str) -> Result<ContainerState, Error> {
        self.container_state(container)
    }

    fn wait(&self, container: &str, limit: Duration) -> Result<ContainerState, Error> {
        self.wait_for(container, limit)
    }

    fn logs(&self, container: &str, max: usize) -> Result<String, Error> {
        self.recent_logs(container, max)
    }

    fn changes(&self, container: &str) -> Result<Vec<(char, String)>, Error> {
        self.changed_paths(container)
    }

    fn published_port(&self, container: &str, container_port: u16) -> Result<Option<u16>, Error> {
        self.port_of(container, container_port)
    }

    fn exec(&self, container: &str, argv: &[&str], limit: Duration) -> Result<(i32, String), Error> {
        self.exec_in(container, argv, limit)
    }

    fn stop(&self, container: &str) -> Result<(), Error> {
        self.remove(&["stop", "-t", "3", container])
    }

    fn remove_container(&self, container: &str) -> Result<(), Error> {
        self.kill_and_remove(container)
    }

    fn create_network(&self, run: &RunId) -> Result<String, Error> {
        let name = run.name("net");
        let label = run.label();
        let command = self.command(&["network", "create", "--internal", "--label", &label, &name]);
        self.checked(&command, None).map(|_| name)
    }

    fn remove_network(&self, name: &str) -> Result<(), Error> {
        self.remove(&["network", "rm", name])
    }

    fn remove_image(&self, reference: &str) -> Result<(), Error> {
        self.remove(&["image", "rm", reference])
    }

    fn leftovers(&self) -> Result<Vec<Leftovers>, Error> {
        self.everything_labelled()
    }

    fn cache_bytes(&self) -> Option<u64> {
        match self.flavour {
            Flavour::Docker(builder) => docker::cache_bytes(builder),
            Flavour::Podman => None,
        }
    }

    fn remove_volume(&self, name: &str) -> Result<(), Error> {
        self.remove(&["volume", "rm", name])
    }

    fn warnings(&self) -> Vec<String> {
        locked(&self.warnings).clone()
    }
}
