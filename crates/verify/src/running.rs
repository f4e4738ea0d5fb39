//! Running images and comparing what they do, as far as this engine can: the sidecar, the control, the mask, the level that can
//! be reached. What cannot be looked at lowers the level and is said; it is never a verdict.

use jettison_context::Snapshot;
use jettison_engine::EngineInfo;
use jettison_image::ImageConfig;
use jettison_optimize::{Check, Conviction, Level, ProveError};

use crate::behaviour::{self, Behaviour, Error, Mask, ProbeRequest, Session};
use crate::build::keep_log;
use crate::{VerifierOptions, failure};

/// What the original does, to compare with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Running {
    /// What one run showed; none if nothing can be run here.
    pub behaviour: Option<Behaviour>,
    pub mask: Mask,
    pub probes: Vec<ProbeRequest>,
    pub sidecar: Option<String>,
    /// 1 to 4.
    pub reachable: Level,
    /// One clause each.
    pub not_checked: Vec<String>,
}

impl Running {
    /// Requests whose answers are compared; their checks are the ones with a method's name.
    pub(crate) fn compared(&self) -> usize {
        let Some(one) = &self.behaviour else { return 0 };
        let (_, checks) = behaviour::compare(one, one, &self.mask);
        checks.iter().filter(|check| check.name.starts_with(|first: char| first.is_ascii_uppercase())).count()
    }
}

/// Runs images one after the other and keeps their logs, numbered.
#[derive(Default)]
pub(crate) struct Stage {
    runs: usize,
    /// The original stays up and listens nowhere: nobody waits for a port again.
    silent: bool,
}

impl Stage {
    /// Runs `image` once; its behaviour and the name of its log.
    pub(crate) fn observe(
        &mut self,
        options: &VerifierOptions,
        sidecar: Option<&str>,
        image: &str,
        probes: &[ProbeRequest],
    ) -> Result<(Behaviour, String), Error> {
        self.runs += 1;
        let mut session = session(options, sidecar);
        if self.silent {
            session.ready_timeout = session.settle;
        }
        // A sidecar that was not heard is no verdict about the app: it gets a second chance.
        let behaviour = match behaviour::observe(&session, image, probes) {
            Err(Error::NoReport { .. }) => behaviour::observe(&session, image, probes)?,
            outcome => outcome?,
        };
        let name = format!("runs/{}", self.runs);
        // A log that cannot be kept is no reason to give the run up: the disk's state shows at the next build.
        let _ = keep_log(options, &name, &behaviour.logs);
        Ok((behaviour, name))
    }

    /// Looks at the original: on `first`, and on `second` (another build of it) where there is one to tell what differs by
    /// itself. A second run that shows `marker` shows the edit, not chance: then it is another run of the first.
    pub(crate) fn original(
        &mut self,
        options: &VerifierOptions,
        (first, second): (&str, Option<(&str, &str)>),
        snapshot: &Snapshot,
        config: &ImageConfig,
    ) -> Result<Running, ProveError> {
        let info = options.engine.info();
        let mut running = Running { reachable: 1, ..Running::default() };
        if !info.runs {
            running
                .not_checked
                .push(format!("everything at run time: {} runs no containers; docker and podman do", info.name));
            return Ok(running);
        }
        running.probes = behaviour::discover(snapshot, &|path, max| read(snapshot, path, max), config);
        self.make_sidecar(options, &mut running)?;
        let Some(one) = self.first_look(options, first, &mut running)? else { return Ok(running) };
        if cannot_run(&one, info, config) {
            let image = format!("{}/{}", config.os, config.architecture);
            running.not_checked.push(format!("everything at run time: {} does not run {image}", info.platform));
            return Ok(running);
        }
        self.silent = one.probed && one.stayed_up && one.ports.is_empty();
        let sidecar = running.sidecar.clone();
        let mut look = |image: &str| self.observe(options, sidecar.as_deref(), image, &running.probes);
        let mut two = look(second.map_or(first, |(image, _)| image)).map_err(failure::observing)?.0;
        if second.is_some_and(|(_, marker)| shows(&two, marker)) {
            two = look(first).map_err(failure::observing)?.0;
        }
        running.mask = behaviour::mask(&one, &two);
        let (reachable, reasons) = behaviour::reachable(&one, &running.mask);
        running.reachable = reachable;
        running.not_checked.extend(reasons);
        running.behaviour = Some(one);
        Ok(running)
    }

    /// The first run of the original. If the sidecar cannot look although the app runs, it is done without.
    fn first_look(
        &mut self,
        options: &VerifierOptions,
        image: &str,
        running: &mut Running,
    ) -> Result<Option<Behaviour>, ProveError> {
        match self.observe(options, running.sidecar.as_deref(), image, &running.probes) {
            Ok((behaviour, _)) => Ok(Some(behaviour)),
            Err(Error::Engine(error)) => Err(failure::engine(error)),
            Err(error) if running.sidecar.is_some() => {
                without_sidecar(running, &error);
                let again = self.observe(options, None, image, &running.probes);
                again.map(|(behaviour, _)| Some(behaviour)).map_err(failure::observing)
            }
            Err(error) => Err(failure::observing(error)),
        }
    }

    /// Makes the sidecar and shows that its probes fail where there is no app.
    fn make_sidecar(&mut self, options: &VerifierOptions, running: &mut Running) -> Result<(), ProveError> {
        match behaviour::make_sidecar(&*options.engine, &options.run, &options.probe_exe) {
            Ok(tag) => running.sidecar = Some(tag),
            Err(Error::Engine(error @ jettison_engine::Error::Interrupted)) => return Err(failure::engine(error)),
            Err(error) => {
                without_sidecar(running, &error);
                return Ok(());
            }
        }
        match behaviour::control(&session(options, running.sidecar.as_deref()), &running.probes) {
            Ok(()) => Ok(()),
            Err(Error::Engine(error @ jettison_engine::Error::Interrupted)) => Err(failure::engine(error)),
            Err(error) => {
                without_sidecar(running, &error);
                Ok(())
            }
        }
    }
}

/// A candidate's run held against the original's: level, checks, and what convicts it.
pub(crate) fn judge(
    original: &Running,
    candidate: &Behaviour,
    log_name: &str,
) -> (Level, Vec<Check>, Option<Conviction>) {
    let Some(baseline) = &original.behaviour else { return (1, Vec::new(), None) };
    let (level, checks) = behaviour::compare(baseline, candidate, &original.mask);
    let conviction = checks.iter().find(|check| !check.passed).map(|check| {
        let (phase, reason) = match check.name.as_str() {
            "starts" | "output" => ("start", check.detail.clone()),
            "ports" => ("ports", check.detail.clone()),
            name => ("answers", format!("{name}: {}", check.detail)),
        };
        // An app that did not start says why in its own log. One that answers otherwise has said a lot that it always says.
        let usual = if phase == "start" { "" } else { baseline.logs.as_str() };
        failure::run_conviction(phase, reason, (log_name, &candidate.logs), usual)
    });
    (level, checks, conviction)
}

/// Whether the candidate was too slow for us where the original was not.
pub(crate) fn out_of_time(candidate: &Behaviour, original: &Running) -> bool {
    let slow = |behaviour: &Behaviour| {
        let late = |error: &String| error.ends_with("in time");
        behaviour.never_ready || behaviour.answers.iter().filter_map(|answer| answer.error.as_ref()).any(late)
    };
    slow(candidate) && original.behaviour.as_ref().is_some_and(|behaviour| !slow(behaviour))
}

fn session<'a>(options: &'a VerifierOptions, sidecar: Option<&str>) -> Session<'a> {
    Session {
        engine: &*options.engine,
        run: &options.run,
        sidecar: sidecar.map(str::to_owned),
        limits: options.limits,
        platform: options.build.platform.clone(),
        ready_timeout: options.ready_timeout,
        settle: options.settle,
    }
}

fn without_sidecar(running: &mut Running, error: &Error) {
    running.sidecar = None;
    running.not_checked.push(format!("ports and answers: {error}"));
}

fn shows(behaviour: &Behaviour, marker: &str) -> bool {
    behaviour.answers.iter().any(|answer| answer.body.windows(marker.len()).any(|window| window == marker.as_bytes()))
}

/// Whether it is the machine that failed, not the app: the image is for another one.
fn cannot_run(behaviour: &Behaviour, info: &EngineInfo, config: &ImageConfig) -> bool {
    let own = info.platform.split('/').nth(1).unwrap_or_default();
    let foreign = !own.is_empty() && !config.architecture.is_empty() && own != config.architecture;
    let said = |text: &str| text.to_ascii_lowercase().contains("exec format error");
    foreign
        && !behaviour.stayed_up
        && (said(&behaviour.logs) || behaviour.error.as_deref().is_some_and(said) || !behaviour.started)
}

fn read(snapshot: &Snapshot, path: &str, max: usize) -> Option<Vec<u8>> {
    use std::io::Read;
    let mut contents = Vec::new();
    let limit = u64::try_from(max).unwrap_or(u64::MAX);
    std::fs::File::open(snapshot.root.join(path)).ok()?.take(limit).read_to_end(&mut contents).ok()?;
    Some(contents)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running(behaviour: Behaviour) -> Running {
        Running { behaviour: Some(behaviour), ..Running::default() }
    }

    #[test]
    fn slowness_counts_only_where_the_original_was_not_slow() {
        let slow = Behaviour { never_ready: true, ..Behaviour::default() };
        assert!(out_of_time(&slow, &running(Behaviour::default())));
        assert!(!out_of_time(&slow, &running(slow.clone())));
        assert!(!out_of_time(&Behaviour::default(), &running(Behaviour::default())));
    }

    #[test]
    fn a_foreign_machine_is_told_from_an_app_that_ends() {
        let info = EngineInfo { platform: "linux/amd64".to_owned(), ..EngineInfo::default() };
        let config = |arch: &str| ImageConfig { architecture: arch.to_owned(), ..ImageConfig::default() };
        let ended =
            Behaviour { started: true, logs: "exec /app: exec format error".to_owned(), ..Behaviour::default() };
        assert!(cannot_run(&ended, &info, &config("arm64")));
        assert!(!cannot_run(&ended, &info, &config("amd64")), "then the file is broken, and that is the app's");
        let emulated = Behaviour { started: true, stayed_up: true, ..Behaviour::default() };
        assert!(!cannot_run(&emulated, &info, &config("arm64")));
    }
}
