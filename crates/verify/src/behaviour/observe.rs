//! Runs an image on a network of its own with no way out, lets the sidecar look, collects what is left, removes everything.
//! Also the control: the same probes where no app is.

use std::time::{Duration, Instant};

use jettison_engine::process::cleanup_mode;
use jettison_engine::{ContainerState, Engine, Limits, RunRequest};

use super::wire::{Event, Plan, Request, bytes_of, events};
use super::{Answer, Behaviour, Error, ProbeRequest, Session, health};

const MAX_LOGS: usize = 256 * 1024;
const MAX_BODY: usize = 1024 * 1024;
const MAX_BODIES: usize = 16 * 1024 * 1024;
const MAX_REPORT: usize = 128 * 1024 * 1024;
const MAX_LINKS: usize = 6;
const REQUEST_LIMIT: Duration = Duration::from_secs(15);
const PROBES_LIMIT: Duration = Duration::from_secs(180);

/// Beyond its own limits, for starting it on a busy engine.
const SIDECAR_GRACE: Duration = Duration::from_secs(60);

/// How often the app is looked at while the sidecar works.
const GLANCE: Duration = Duration::from_secs(2);

const SIDECAR_LIMITS: Limits = Limits { memory: 512 << 20, cpus: 1.0, pids: 64 };

/// Runs `image` once and sends the probes. Everything made for it is removed, also when it fails.
pub fn observe(session: &Session<'_>, image: &str, probes: &[ProbeRequest]) -> Result<Behaviour, Error> {
    let mut made = Made::new(session.engine);
    let network = session.engine.create_network(session.run)?;
    made.networks.push(network.clone());
    let name = session.run.name("app");
    let request = RunRequest {
        image: image.to_owned(),
        run: session.run.0.clone(),
        name: Some(name.clone()),
        network: Some(network),
        limits: session.limits,
        platform: session.platform.clone(),
        ..RunRequest::default()
    };
    let app = made.start(&request)?;
    let state = session.engine.state(&app)?;
    if !state.running && state.status == "created" {
        return Ok(Behaviour { exit_code: state.exit_code, error: Some(state.error), ..Behaviour::default() });
    }
    let started = Instant::now();
    let mut behaviour = Behaviour { started: true, identity: names_of(&app, &name), ..Behaviour::default() };
    look(session, &mut made, &app, probes, &mut behaviour)?;
    stay(session, &app, started)?;
    if session.engine.state(&app)?.running {
        behaviour.health = health::ask(session.engine, image, &app)?;
    }
    collect(session.engine, &app, &mut behaviour)?;
    Ok(behaviour)
}

/// The same probes in a sidecar on no network at all: every one must fail.
pub fn control(session: &Session<'_>, probes: &[ProbeRequest]) -> Result<(), Error> {
    let Some(sidecar) = &session.sidecar else { return Ok(()) };
    let mut made = Made::new(session.engine);
    let name = session.run.name("control");
    let plan = plan(session, probes, true);
    let container = made.start(&sidecar_request(session, sidecar, name, "none", &plan))?;
    let limit = PROBES_LIMIT + SIDECAR_GRACE;
    let state = session.engine.wait(&container, limit)?;
    let report = events(&session.engine.logs(&container, MAX_REPORT)?);
    if !report.iter().any(|event| matches!(event, Event::Done { .. })) {
        return Err(no_report(session.engine, &container, &state));
    }
    let answered = report.iter().find_map(|event| match event {
        Event::Answer { request, status, error, .. } if status.is_some() || error.is_none() => Some(request),
        _ => None,
    });
    match answered {
        Some(request) => Err(Error::Control { answer: format!("{} {}", request.method, request.path) }),
        None => Ok(()),
    }
}

fn plan(session: &Session<'_>, probes: &[ProbeRequest], expect_nothing: bool) -> Plan {
    let millis = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    Plan {
        ready_ms: millis(session.ready_timeout),
        settle_ms: millis(session.settle),
        request_ms: millis(REQUEST_LIMIT),
        total_ms: millis(PROBES_LIMIT),
        max_body: MAX_BODY,
        max_bodies: MAX_BODIES,
        max_links: MAX_LINKS,
        expect_nothing,
        requests: probes.iter().map(Request::from).collect(),
    }
}

fn sidecar_request(session: &Session<'_>, sidecar: &str, name: String, network: &str, plan: &Plan) -> RunRequest {
    RunRequest {
        image: sidecar.to_owned(),
        run: session.run.0.clone(),
        name: Some(name),
        network: Some(network.to_owned()),
        command: vec![serde_json::to_string(plan).unwrap_or_default()],
        limits: SIDECAR_LIMITS,
        no_new_privileges: true,
        ..RunRequest::default()
    }
}

/// Lets the sidecar work beside the app and takes what it says into `behaviour`.
fn look(
    session: &Session<'_>,
    made: &mut Made<'_>,
    app: &str,
    probes: &[ProbeRequest],
    behaviour: &mut Behaviour,
) -> Result<(), Error> {
    let Some(sidecar) = &session.sidecar else { return Ok(()) };
    let plan = plan(session, probes, false);
    let Some(container) = start_beside(session, made, app, sidecar, &plan)? else { return Ok(()) };
    let state = wait_beside(session, &container, app)?;
    let report = events(&session.engine.logs(&container, MAX_REPORT)?);
    let whole = report.iter().any(|event| matches!(event, Event::Done { .. }));
    report.into_iter().for_each(|event| note(behaviour, event));
    // A sidecar among the app's processes ends with the app; then what it told before is all there is.
    if !whole && session.engine.state(app)?.running {
        return Err(no_report(session.engine, &container, &state));
    }
    Ok(())
}

/// Starts the sidecar in the app's network and, where the engine can, among its processes. None: the app had already ended.
fn start_beside(
    session: &Session<'_>,
    made: &mut Made<'_>,
    app: &str,
    sidecar: &str,
    plan: &Plan,
) -> Result<Option<String>, Error> {
    let place = format!("container:{app}");
    let mut failure = None;
    for pid in [Some(place.clone()), None] {
        let name = session.run.name("probe");
        let request = RunRequest { pid, ..sidecar_request(session, sidecar, name, &place, plan) };
        match made.start(&request) {
            Ok(container) => return Ok(Some(container)),
            Err(_) if !session.engine.state(app)?.running => return Ok(None),
            Err(error) => failure = Some(error),
        }
    }
    failure.map_or(Ok(None), |error| Err(error.into()))
}

/// Waits for the sidecar, but not longer than the app lives.
fn wait_beside(session: &Session<'_>, sidecar: &str, app: &str) -> Result<ContainerState, Error> {
    let limit = session.ready_timeout + session.settle * 2 + PROBES_LIMIT + SIDECAR_GRACE;
    let start = Instant::now();
    loop {
        let state = session.engine.wait(sidecar, GLANCE)?;
        if !state.running || start.elapsed() > limit {
            return Ok(state);
        }
        if !session.engine.state(app)?.running {
            return Ok(session.engine.wait(sidecar, GLANCE)?);
        }
    }
}

fn note(behaviour: &mut Behaviour, event: Event) {
    match event {
        Event::Listening { ports, loopback, addresses, never_ready } => {
            behaviour.probed = true;
            behaviour.ports = ports;
            behaviour.loopback_ports = loopback;
            behaviour.never_ready = never_ready;
            behaviour.identity.extend(addresses);
        }
        Event::Answer { request, status, content_type, body, truncated, location, error } => {
            let (request, body) = (ProbeRequest::from(request), bytes_of(&body));
            behaviour.answers.push(Answer { request, status, content_type, body, truncated, location, error });
        }
        Event::Done { programs } => behaviour.programs = programs,
    }
}

/// An app that nobody probed is still given the settling time to fall over.
fn stay(session: &Session<'_>, app: &str, started: Instant) -> Result<(), Error> {
    let missing = session.settle.saturating_sub(started.elapsed());
    if !missing.is_zero() {
        session.engine.wait(app, missing)?;
    }
    Ok(())
}

fn collect(engine: &dyn Engine, app: &str, behaviour: &mut Behaviour) -> Result<(), Error> {
    let state = engine.state(app)?;
    behaviour.stayed_up = state.running;
    behaviour.exit_code = if state.running { None } else { state.exit_code };
    if state.oom_killed {
        behaviour.error = Some("killed for using more memory than the limit".into());
    } else if !state.error.is_empty() {
        behaviour.error = Some(state.error);
    }
    behaviour.logs = engine.logs(app, MAX_LOGS)?;
    // Not every engine can say; then nothing is known to be written.
    behaviour.written = written(engine.changes(app).unwrap_or_default());
    Ok(())
}

/// Paths that the app itself created or changed: not the engine's own, nor folders that only changed because of what is in them.
fn written(changes: Vec<(char, String)>) -> Vec<String> {
    let mut paths: Vec<(char, String)> =
        changes.into_iter().filter(|(kind, path)| *kind != 'D' && !is_engines(path)).collect();
    paths.sort_by(|a, b| a.1.cmp(&b.1));
    paths.dedup_by(|a, b| a.1 == b.1);
    let all: std::collections::BTreeSet<String> = paths.iter().map(|(_, path)| path.clone()).collect();
    let has_below = |path: &str| {
        let prefix = format!("{path}/");
        all.range(prefix.clone()..).next().is_some_and(|next| next.starts_with(&prefix))
    };
    paths.into_iter().filter(|(kind, path)| *kind == 'A' || !has_below(path)).map(|(_, path)| path).collect()
}

fn is_engines(path: &str) -> bool {
    let files = [
        "/.dockerenv",
        "/etc/hostname",
        "/etc/hosts",
        "/etc/mtab",
        "/etc/resolv.conf",
        "/run/.containerenv",
        "/run/secrets",
        "/etc",
    ];
    let folders = ["/dev", "/proc", "/sys"];
    files.contains(&path)
        || folders
            .iter()
            .any(|folder| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// What only this container is called: apps show their host name, which is the start of the id.
fn names_of(id: &str, name: &str) -> Vec<String> {
    let short = id.get(..12).map(str::to_owned);
    [Some(id.to_owned()), short, Some(name.to_owned())].into_iter().flatten().collect()
}

fn no_report(engine: &dyn Engine, container: &str, state: &ContainerState) -> Error {
    let logs = engine.logs(container, 4096).unwrap_or_default();
    let last = logs.lines().rev().find(|line| !line.trim().is_empty() && !line.starts_with('{')).map(str::to_owned);
    let code =
        state.exit_code.map_or("it still ran when its time was up".to_owned(), |code| format!("exit code {code}"));
    Error::NoReport { reason: last.unwrap_or(code) }
}

/// What was made; removed when dropped, newest first, whatever happened. What cannot be removed carries the run's label, so that
/// the next run finds it.
struct Made<'a> {
    engine: &'a dyn Engine,
    containers: Vec<String>,
    networks: Vec<String>,
}

impl<'a> Made<'a> {
    fn new(engine: &'a dyn Engine) -> Self {
        Self { engine, containers: Vec::new(), networks: Vec::new() }
    }

    fn start(&mut self, request: &RunRequest) -> Result<String, jettison_engine::Error> {
        let id = self.engine.run(request)?;
        self.containers.push(id.clone());
        Ok(id)
    }
}

impl Drop for Made<'_> {
    fn drop(&mut self) {
        let _despite_interrupt = cleanup_mode();
        for container in self.containers.iter().rev() {
            let _ = self.engine.remove_container(container);
        }
        for network in &self.networks {
            let _ = self.engine.remove_network(network);
        }
    }
}

#[cfg(test)]
mod tests;
