//! The prover: cheap checks before dear ones, the first that fails convicts. Keeps what the original showed, for comparing.

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use jettison_context::Snapshot;
use jettison_engine::Cleanup;
use jettison_optimize::{Baseline, Measurements, ProveError, Prover, Verdict};
use jettison_plan::{Files, Obligation};

use crate::build::{Bench, Built, Order, matcher, time_limit};
use crate::checks::Duties;
use crate::inventory::{ecosystems_in, inventory};
use crate::look::Look;
use crate::numbers::{Sides, WarmResult, observations, ports_of, unsteady};
use crate::running::{Running, Stage};
use crate::verdict::failed_build;
use crate::warm::{Attempt, Rebuild, Rebuilt};
use crate::{Progress, VerifierOptions, failure, tree, warm};

/// Proves candidates on a real engine. Everything it made is removed when it is dropped; logs stay.
pub struct Verifier {
    pub(crate) options: VerifierOptions,
    progress: Box<dyn FnMut(Progress<'_>)>,
    bench: Bench,
    pub(crate) stage: Stage,
    pub(crate) smokes: usize,
    original: Option<Known>,
    /// Takes away everything of this run at the end, however it ends.
    _cleanup: Cleanup,
}

/// What is known of the original.
pub(crate) struct Known {
    pub look: Look,
    pub unsteady: BTreeSet<String>,
    pub ecosystems: BTreeSet<String>,
    pub running: Running,
    pub smoke: bool,
    /// The file that is edited, and what its rebuild showed.
    pub edit: Option<WarmResult>,
}

impl Verifier {
    /// A prover; `progress` is told what it does.
    pub fn new(options: VerifierOptions, progress: Box<dyn FnMut(Progress<'_>)>) -> Self {
        let cleanup = Cleanup::new(options.engine.clone(), options.run.clone());
        Self {
            options,
            progress,
            bench: Bench::new(),
            stage: Stage::default(),
            smokes: 0,
            original: None,
            _cleanup: cleanup,
        }
    }

    fn snapshot(&self, ignore: Option<&[u8]>) -> Result<Snapshot, ProveError> {
        jettison_context::walk(&self.options.context, &matcher(ignore))
            .map_err(|error| failure::other(error.to_string(), None))
    }

    fn build(&mut self, phase: &str, files: &Files, namespace: &str, cold: bool) -> Result<Built, ProveError> {
        let context = self.options.context.clone();
        let order = Order { phase, files, context: &context, namespace, cold };
        self.bench.build(&self.options, &order, &mut *self.progress)
    }

    pub(crate) fn rebuild(&mut self, rebuild: &Rebuild<'_>) -> Result<Attempt, ProveError> {
        warm::rebuild(&self.options, &mut self.bench, rebuild, &mut *self.progress)
    }

    /// Tells that `work` is done under the name `phase`, and how long it took.
    pub(crate) fn phase<T>(
        &mut self,
        phase: &str,
        work: impl FnOnce(&mut Self) -> Result<T, ProveError>,
        detail: impl FnOnce(&T) -> String,
    ) -> Result<T, ProveError> {
        time_limit(&self.options)?;
        (self.progress)(Progress::Started { phase });
        let start = std::time::Instant::now();
        let done = work(self)?;
        (self.progress)(Progress::Done { phase, seconds: start.elapsed().as_secs_f64(), detail: &detail(&done) });
        Ok(done)
    }

    pub(crate) fn original(&self) -> Result<&Known, ProveError> {
        self.original
            .as_ref()
            .ok_or_else(|| failure::other("the original was not built before a candidate".to_owned(), None))
    }

    /// The warm rebuild of the original, and why there is none.
    fn warm_original(
        &mut self,
        look: &Look,
        files: &Files,
        snapshot: &Snapshot,
    ) -> Result<(Option<Rebuilt>, Option<String>), ProveError> {
        let Some(file) = warm::choose(&self.options, snapshot, look) else {
            return Ok((None, Some("rebuild after an edit: no source file was found to edit".to_owned())));
        };
        let namespace = self.options.run.0.clone();
        let phase = "baseline: warm rebuild";
        match self.rebuild(&Rebuild { phase, files, snapshot, file: &file, namespace: &namespace })? {
            Attempt::Built(rebuilt) => Ok((Some(*rebuilt), None)),
            Attempt::Failed(outcome, log) => {
                let conviction = failure::build_conviction(&outcome, &log);
                let why = format!("rebuild after an edit: with a comment added to `{file}` {}", conviction.reason);
                Ok((None, Some(why)))
            }
            Attempt::Impossible(why) => Ok((None, Some(format!("rebuild after an edit: {why}")))),
        }
    }

    /// Runs the original, twice; its smoke command, once.
    fn run_original(
        &mut self,
        tag: &str,
        warm: Option<&Rebuilt>,
        snapshot: &Snapshot,
        look: &Look,
    ) -> Result<Running, ProveError> {
        let second = warm.map(|warm| (warm.tag.as_str(), warm.edited.marker.as_str()));
        let run = |this: &mut Self| this.stage.original(&this.options, (tag, second), snapshot, &look.summary.config);
        let mut running = self.phase("baseline: run", run, what_it_did)?;
        let Some(behaviour) = &running.behaviour else { return Ok(running) };
        running.not_checked.push("outbound calls".to_owned());
        running.not_checked.push(format!("behaviour after {} s", behaviour_seconds(&self.options)));
        let ports = behaviour.ports.clone();
        let Some(command) = self.options.smoke.clone() else { return Ok(running) };
        if self.options.engine.info().remote {
            running
                .not_checked
                .push("the smoke command: the engine is remote, its ports are not on this machine".to_owned());
            return Ok(running);
        }
        let (smoke, _) = self.smoke("baseline: smoke command", &command, tag, &ports_of(&ports, look))?;
        if !smoke.passed {
            let output =
                smoke.output.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect::<Vec<_>>();
            let last = output.len().saturating_sub(12);
            return Err(ProveError::SmokeBaseline { output: output.get(last..).unwrap_or_default().to_vec() });
        }
        running.reachable = 5;
        Ok(running)
    }

    fn look(&mut self, phase: &str, tag: &str, files: &Files, reference: Option<&str>) -> Result<Look, ProveError> {
        let work = |this: &mut Self| Look::at(&this.options, tag, &files.dockerfile, reference);
        self.phase(phase, work, |look| format!("{} layers", look.summary.layers.len()))
    }
}

impl Prover for Verifier {
    fn baseline(&mut self) -> Result<Baseline, ProveError> {
        let files = Files { dockerfile: self.options.dockerfile.clone(), ignore: self.options.ignore.clone() };
        let snapshot = self.snapshot(files.ignore.as_deref())?;
        let namespace = self.options.run.0.clone();
        let built = self.build("baseline: cold build", &files, &namespace, true)?;
        if !built.outcome.success {
            let next = format!("{} build {}", self.options.engine.info().name, self.options.context.display());
            return Err(failure::baseline_build(&built.outcome, &next));
        }
        let reference = self.options.final_base.clone();
        let look = self.look("baseline: image", &built.tag, &files, reference.as_deref())?;
        let (rebuilt, no_warm) = self.warm_original(&look, &files, &snapshot)?;
        // Reading a large image takes as long as watching it run does, and neither is timed.
        let options = self.options.clone();
        let (warm_look, running) = thread::scope(|scope| {
            let at = |tag| {
                let (options, files) = (&options, &files);
                move || Look::at(options, tag, &files.dockerfile, options.final_base.as_deref())
            };
            let warm_look = rebuilt.as_ref().map(|rebuilt| scope.spawn(at(&rebuilt.tag)));
            let running = self.run_original(&built.tag, rebuilt.as_ref(), &snapshot, &look);
            (warm_look.map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))), running)
        });
        let mut running = running?;
        running.not_checked.extend(no_warm);
        let warm = rebuilt.zip(warm_look.transpose()?).map(|(rebuilt, look)| rebuilt.seen(look));

        let data = jettison_ecosystems::load();
        let ecosystems = ecosystems_in(&snapshot, data);
        let found = inventory(&look, &ecosystems, data);
        let edit = warm.as_ref().map(WarmResult::of);
        let sides = Sides { look: &look, snapshot: &snapshot, running: Some(&running), warm: edit.as_ref() };
        let measurements = sides.measurements(found, built.outcome.seconds);
        let baseline = Baseline {
            measurements,
            observations: Arc::new(observations(&look, &running)),
            probes: running.compared(),
            reachable: running.reachable,
            not_checked: running.not_checked.clone(),
        };
        let unsteady = warm.as_ref().map(|warm| unsteady(&look, &warm.look)).unwrap_or_default();
        let smoke = running.reachable == 5;
        self.original = Some(Known { look, unsteady, ecosystems, running, smoke, edit });
        Ok(baseline)
    }

    fn prove(&mut self, label: &str, files: &Files, obligations: &[Obligation]) -> Result<Verdict, ProveError> {
        let namespace = self.options.run.0.clone();
        let built = self.build(&format!("{label}: build"), files, &namespace, false)?;
        if let Some(verdict) = failed_build(&built)? {
            return Ok(verdict);
        }
        let look = self.look(&format!("{label}: image"), &built.tag, files, None)?;
        self.judge(label, &built.tag, &look, &Duties::of(obligations))
    }

    fn measure(
        &mut self,
        label: &str,
        files: &Files,
        obligations: &[Obligation],
    ) -> Result<(Measurements, Verdict), ProveError> {
        let snapshot = self.snapshot(files.ignore.as_deref())?;
        let namespace = format!("{}-{}", self.options.run.0, self.bench.next());
        let built = self.build(&format!("{label}: cold build"), files, &namespace, true)?;
        if let Some(verdict) = failed_build(&built)? {
            return Ok((Measurements::default(), verdict));
        }
        let look = self.look(&format!("{label}: image"), &built.tag, files, None)?;
        let duties = Duties::of(obligations);
        let mut verdict = self.judge(label, &built.tag, &look, &duties)?;
        let warm = match verdict.holds {
            true => self.judge_warm(label, files, &snapshot, &namespace, &duties, &mut verdict)?,
            false => None,
        };
        let known = self.original()?;
        let found = inventory(&look, &known.ecosystems, jettison_ecosystems::load());
        // Ports were compared: what holds listens where the original does.
        let running = verdict.holds.then_some(&known.running);
        let sides = Sides { look: &look, snapshot: &snapshot, running, warm: warm.as_ref() };
        Ok((sides.measurements(found, built.outcome.seconds), verdict))
    }
}

impl Drop for Verifier {
    fn drop(&mut self) {
        tree::remove(&self.options.work);
    }
}

fn what_it_did(running: &Running) -> String {
    let Some(behaviour) = &running.behaviour else { return "not run".to_owned() };
    let ports: Vec<String> = behaviour.ports.iter().map(|port| format!(":{port}")).collect();
    match (behaviour.stayed_up, ports.is_empty()) {
        (true, false) => format!("listens on {}, {} probes recorded", ports.join(" "), behaviour.answers.len()),
        (true, true) => "runs, listens on no port".to_owned(),
        (false, _) => behaviour.exit_code.map_or("ends".to_owned(), |code| format!("ends with exit code {code}")),
    }
}

fn behaviour_seconds(options: &VerifierOptions) -> u64 {
    options.settle.as_secs().max(1)
}
