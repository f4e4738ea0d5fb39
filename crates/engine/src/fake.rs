//! An engine in memory for tests of what stands above: outcomes come from closures, calls are recorded, and what it made
//! is there to be swept, so that a test sees what was left behind.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    BuildFailure, BuildOutcome, BuildRequest, ContainerState, Engine, EngineInfo, Error, Leftovers, RUN_LABEL, RunId,
    RunRequest,
};

type OnBuild = Box<dyn Fn(&BuildRequest) -> Result<FakeBuild, Error> + Send + Sync>;
type OnRun = Box<dyn Fn(&RunRequest) -> Result<FakeContainer, Error> + Send + Sync>;

/// What a build gives.
#[derive(Clone, Debug, Default)]
pub struct FakeBuild {
    /// The outcome; if it is a success, the image exists afterwards.
    pub outcome: BuildOutcome,
    /// The image, where one was made.
    pub image: FakeImage,
}

/// An image on the fake engine.
#[derive(Clone, Debug, Default)]
pub struct FakeImage {
    /// Its id; one is made up if empty.
    pub id: String,
    /// What `inspect` says, beside `Id` and `RepoTags`.
    pub document: Value,
    /// What `save` gives.
    pub archive: Vec<u8>,
}

/// A container on the fake engine.
#[derive(Clone, Debug, Default)]
pub struct FakeContainer {
    /// Its states, one a question; the last one stays.
    pub states: Vec<ContainerState>,
    /// Its logs.
    pub logs: String,
    /// What it changed in its file system.
    pub changes: Vec<(char, String)>,
    /// Container port → port on 127.0.0.1.
    pub ports: BTreeMap<u16, u16>,
    /// First words of a command line → exit code and output; nothing fitting is 127.
    pub exec: Vec<(String, (i32, String))>,
    run: String,
}

impl FakeContainer {
    /// One that runs and goes on running.
    pub fn running() -> Self {
        let state = ContainerState { status: "running".into(), running: true, ..ContainerState::default() };
        Self { states: vec![state], ..Self::default() }
    }

    /// One that has ended with this code, having said this.
    pub fn exited(code: i32, logs: &str) -> Self {
        let state = ContainerState { status: "exited".into(), exit_code: Some(code), ..ContainerState::default() };
        Self { states: vec![state], logs: logs.into(), ..Self::default() }
    }
}

/// The fake. Without closures every build succeeds and every container runs.
pub struct FakeEngine {
    info: EngineInfo,
    on_build: OnBuild,
    on_run: OnRun,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    images: BTreeMap<String, FakeImage>,
    containers: BTreeMap<String, FakeContainer>,
    networks: BTreeMap<String, String>,
    calls: Vec<String>,
    made: usize,
}

impl State {
    fn next(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}{}", self.made)
    }
}

impl Default for FakeEngine {
    fn default() -> Self {
        Self::new()
    }
}

impl FakeEngine {
    /// Like a local docker with BuildKit.
    pub fn new() -> Self {
        let info = EngineInfo {
            name: "docker".into(),
            version: "28.0.0".into(),
            platform: "linux/amd64".into(),
            buildkit: true,
            runs: true,
            remote: false,
            rootless: false,
        };
        Self {
            info,
            on_build: Box::new(|_| Ok(FakeBuild { outcome: succeeded(), image: FakeImage::default() })),
            on_run: Box::new(|_| Ok(FakeContainer::running())),
            state: Mutex::default(),
        }
    }

    /// Another kind of engine.
    pub fn with_info(mut self, info: EngineInfo) -> Self {
        self.info = info;
        self
    }

    /// How builds go.
    pub fn on_build(
        mut self,
        answer: impl Fn(&BuildRequest) -> Result<FakeBuild, Error> + Send + Sync + 'static,
    ) -> Self {
        self.on_build = Box::new(answer);
        self
    }

    /// What containers do.
    pub fn on_run(
        mut self,
        answer: impl Fn(&RunRequest) -> Result<FakeContainer, Error> + Send + Sync + 'static,
    ) -> Self {
        self.on_run = Box::new(answer);
        self
    }

    /// An image that is there from the start.
    pub fn with_image(self, reference: &str, image: FakeImage) -> Self {
        self.lock().images.insert(reference.into(), image);
        self
    }

    /// What was asked, in order: `build TAG`, `run IMAGE`, `remove_container ID`, …
    pub fn calls(&self) -> Vec<String> {
        self.lock().calls.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn called(&self, text: String) -> MutexGuard<'_, State> {
        let mut state = self.lock();
        state.calls.push(text);
        state
    }

    fn container<T>(&self, id: &str, question: &str, answer: impl FnOnce(&mut FakeContainer) -> T) -> Result<T, Error> {
        let mut state = self.called(format!("{question} {id}"));
        let missing = || Error::Command {
            command: format!("docker {question} {id}"),
            reason: format!("No such container: {id}"),
        };
        state.containers.get_mut(id).map(answer).ok_or_else(missing)
    }
}

/// A build that went well.
pub fn succeeded() -> BuildOutcome {
    BuildOutcome { success: true, ..BuildOutcome::default() }
}

/// A build in which the RUN at this line failed after printing `log`.
pub fn failed(line: u32, instruction: &str, log: &[&str]) -> BuildOutcome {
    let failure = BuildFailure {
        line: Some(line),
        instruction: Some(instruction.into()),
        exit_code: Some(1),
        message: format!("`{instruction}` did not complete successfully: exit code: 1"),
        log_line: log.len().saturating_sub(1),
        ..BuildFailure::default()
    };
    BuildOutcome {
        log: log.iter().map(|line| line.to_string()).collect(),
        failure: Some(failure),
        ..BuildOutcome::default()
    }
}

fn not_found(reference: &str) -> Error {
    Error::NotFound { reference: reference.into(), reason: "No such image".into() }
}

impl Engine for FakeEngine {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    fn build(&self, request: &BuildRequest, on_line: &mut dyn FnMut(&str)) -> Result<BuildOutcome, Error> {
        drop(self.called(format!("build {}", request.tag)));
        let FakeBuild { outcome, mut image } = (self.on_build)(request)?;
        outcome.log.iter().for_each(|line| on_line(line));
        if outcome.success {
            let mut state = self.lock();
            if image.id.is_empty() {
                image.id = state.next("sha256:");
            }
            if !request.run.is_empty() {
                if !image.document.is_object() {
                    image.document = json!({});
                }
                if image.document.get("Config").is_none_or(|config| !config.is_object()) {
                    image.document["Config"] = json!({});
                }
                image.document["Config"]["Labels"][RUN_LABEL] = json!(request.run);
            }
            state.images.insert(request.tag.clone(), image);
        }
        Ok(outcome)
    }

    fn image_id(&self, reference: &str) -> Result<Option<String>, Error> {
        Ok(self.called(format!("image_id {reference}")).images.get(reference).map(|image| image.id.clone()))
    }

    fn inspect_image(&self, reference: &str) -> Result<Value, Error> {
        let state = self.called(format!("inspect_image {reference}"));
        let image = state.images.get(reference).ok_or_else(|| not_found(reference))?;
        let mut document = if image.document.is_object() { image.document.clone() } else { json!({}) };
        document["Id"] = json!(image.id);
        document["RepoTags"] = json!([reference]);
        Ok(document)
    }

    fn image_names(&self) -> Result<Vec<String>, Error> {
        Ok(self.called("image_names".to_owned()).images.keys().cloned().collect())
    }

    fn pull(&self, reference: &str) -> Result<(), Error> {
        let state = self.called(format!("pull {reference}"));
        state.images.contains_key(reference).then_some(()).ok_or_else(|| not_found(reference))
    }

    fn save(&self, reference: &str) -> Result<Box<dyn Read + Send>, Error> {
        let state = self.called(format!("save {reference}"));
        let image = state.images.get(reference).ok_or_else(|| not_found(reference))?;
        Ok(Box::new(Cursor::new(image.archive.clone())))
    }

    fn import(&self, run: &RunId, tag: &str, rootfs: &mut dyn Read, entrypoint: &[&str]) -> Result<(), Error> {
        let mut archive = Vec::new();
        let what = || "root file system".to_string();
        rootfs.read_to_end(&mut archive).map_err(|source| Error::Io { what: what(), source })?;
        let mut state = self.called(format!("import {tag}"));
        let id = state.next("sha256:");
        let document = json!({"Config": {"Entrypoint": entrypoint, "Labels": {RUN_LABEL: run.0}}});
        state.images.insert(tag.into(), FakeImage { id, document, archive });
        Ok(())
    }

    fn run(&self, request: &RunRequest) -> Result<String, Error> {
        drop(self.called(format!("run {}", request.image)));
        let mut container = (self.on_run)(request)?;
        container.run = request.run.clone();
        let mut state = self.lock();
        let id = state.next("c");
        state.containers.insert(id.clone(), container);
        Ok(id)
    }

    fn state(&self, container: &str) -> Result<ContainerState, Error> {
        self.container(container, "state", |container| {
            if container.states.len() > 1 {
                return container.states.remove(0);
            }
            container.states.first().cloned().unwrap_or_default()
        })
    }

    fn wait(&self, container: &str, _limit: Duration) -> Result<ContainerState, Error> {
        self.container(container, "wait", |container| container.states.last().cloned().unwrap_or_default())
    }

    fn logs(&self, container: &str, max: usize) -> Result<String, Error> {
        self.container(container, "logs", |container| {
            let bytes = container.logs.as_bytes();
            String::from_utf8_lossy(bytes.get(bytes.len().saturating_sub(max)..).unwrap_or_default()).into_owned()
        })
    }

    fn changes(&self, container: &str) -> Result<Vec<(char, String)>, Error> {
        self.container(container, "changes", |container| container.changes.clone())
    }

    fn published_port(&self, container: &str, container_port: u16) -> Result<Option<u16>, Error> {
        self.container(container, "published_port", |container| container.ports.get(&container_port).copied())
    }

    fn exec(&self, container: &str, argv: &[&str], _limit: Duration) -> Result<(i32, String), Error> {
        let line = argv.join(" ");
        self.container(container, "exec", |container| {
            let fitting = container.exec.iter().find(|(words, _)| line.starts_with(words.as_str()));
            fitting.map_or_else(|| (127, format!("{line}: not found")), |(_, answer)| answer.clone())
        })
    }

    fn stop(&self, container: &str) -> Result<(), Error> {
        self.container(container, "stop", |container| {
            container.states = FakeContainer::exited(137, "").states;
        })
    }

    fn remove_container(&self, container: &str) -> Result<(), Error> {
        self.called(format!("remove_container {container}")).containers.remove(container);
        Ok(())
    }

    fn create_network(&self, run: &RunId) -> Result<String, Error> {
        let mut state = self.called("create_network".into());
        let name = state.next("net");
        state.networks.insert(name.clone(), run.0.clone());
        Ok(name)
    }

    fn remove_network(&self, name: &str) -> Result<(), Error> {
        self.called(format!("remove_network {name}")).networks.remove(name);
        Ok(())
    }

    fn remove_image(&self, reference: &str) -> Result<(), Error> {
        self.called(format!("remove_image {reference}")).images.remove(reference);
        Ok(())
    }

    fn leftovers(&self) -> Result<Vec<Leftovers>, Error> {
        let state = self.lock();
        let entry = |kind, id: &String, run: &str| Leftovers { run: RunId(run.into()), kind, id: id.clone() };
        let containers = state.containers.iter().map(|(id, container)| entry("container", id, &container.run));
        let networks = state.networks.iter().map(|(name, run)| entry("network", name, run));
        let images = state.images.iter().filter_map(|(name, image)| {
            let run = image.document.get("Config")?.get("Labels")?.get(RUN_LABEL)?.as_str()?;
            Some(entry("image", name, run))
        });
        Ok(containers.chain(networks).chain(images).collect())
    }

    fn cache_bytes(&self) -> Option<u64> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cleanup, sweep};
    use std::sync::Arc;

    fn dead(run: &RunId) -> RunId {
        let mut parts: Vec<_> = run.0.split('-').map(str::to_string).collect();
        parts[1] = "1".into();
        RunId(parts.join("-"))
    }

    #[test]
    fn a_sweep_takes_ours_and_the_dead_and_leaves_the_living() {
        let engine = FakeEngine::new();
        let (ours, alive) = (RunId::new(), RunId::new());
        for run in [&ours, &alive, &dead(&ours), &RunId("somebody".into())] {
            engine.create_network(run).unwrap();
        }
        let swept = sweep(&engine, &ours).unwrap();
        assert_eq!(swept.removed.len(), 2);
        let left: Vec<_> = engine.leftovers().unwrap().into_iter().map(|leftover| leftover.run).collect();
        assert_eq!(left, [alive, RunId("somebody".into())]);
    }

    #[test]
    fn the_guard_removes_containers_before_what_they_hold() {
        let engine = Arc::new(FakeEngine::new());
        let run = RunId::new();
        let guard = Cleanup::new(engine.clone(), run.clone());
        engine.create_network(&run).unwrap();
        let tag = run.image("x");
        let build = BuildRequest { tag: tag.clone(), run: run.0.clone(), ..BuildRequest::default() };
        engine.build(&build, &mut |_| {}).unwrap();
        engine.run(&RunRequest { image: tag.clone(), run: run.0.clone(), ..RunRequest::default() }).unwrap();
        drop(guard);
        assert!(engine.leftovers().unwrap().is_empty());
        let calls = engine.calls();
        assert_eq!(
            calls[calls.len() - 3..],
            ["remove_container c3", "remove_network net1", &format!("remove_image {tag}")]
        );
    }
}
