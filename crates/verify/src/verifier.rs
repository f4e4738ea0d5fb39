//! The prover: cheap checks before dear ones, the first that fails convicts. Keeps what the original showed, for comparing.

use std::collections::BTreeSet;
use std::sync::Arc;

use jettison_context::Snapshot;
use jettison_engine::Cleanup;
use jettison_facts::Observations;
use jettison_optimize::{Baseline, Check, Conviction, Level, Measurements, ProveError, Prover, Verdict};
use jettison_plan::{Files, Obligation};

use crate::build::{Bench, Built, Order, keep_log, matcher, time_limit};
use crate::checks::{Duties, Original, static_checks};
use crate::inventory::{Inventory, ecosystems_in, inventory};
use crate::look::Look;
use crate::running::{Running, Stage, judge};
use crate::warm::{Attempt, Rebuild, Warm};
use crate::{Progress, VerifierOptions, failure, smoke, tree, warm};

/// Proves candidates on a real engine. Everything it made is removed when it is dropped; logs stay.
pub struct Verifier {
    options: VerifierOptions,
    progress: Box<dyn FnMut(Progress<'_>)>,
    bench: Bench,
    stage: Stage,
    smokes: usize,
    original: Option<Known>,
    /// Takes away everything of this run at the end, however it ends.
    _cleanup: Cleanup,
}

/// What is known of the original.
struct Known {
    look: Look,
    unsteady: BTreeSet<String>,
    ecosystems: BTreeSet<String>,
    running: Running,
    smoke: bool,
    /// The file that is edited, and what its rebuild showed.
    edit: Option<WarmResult>,
}

/// A warm rebuild in figures.
#[derive(Clone, Debug)]
struct WarmResult {
    file: String,
    seconds: f64,
    executed: usize,
    executed_runs: usize,
    arrived: Option<bool>,
}

impl WarmResult {
    fn of(warm: &Warm) -> Self {
        Self {
            file: warm.edited.path.clone(),
            seconds: warm.outcome.seconds,
            executed: warm.outcome.executed,
            executed_runs: warm.executed_runs(),
            arrived: warm.edited.arrived(&warm.look),
        }
    }
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

    fn rebuild(&mut self, rebuild: &Rebuild<'_>) -> Result<Attempt, ProveError> {
        warm::rebuild(&self.options, &mut self.bench, rebuild, &mut *self.progress)
    }

    /// Tells that `work` is done under the name `phase`, and how long it took.
    fn phase<T>(
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

    fn original(&self) -> Result<&Known, ProveError> {
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
    ) -> Result<(Option<Warm>, Option<String>), ProveError> {
        let Some(file) = warm::choose(&self.options, snapshot, look) else {
            return Ok((None, Some("rebuild after an edit: no source file was found to edit".to_owned())));
        };
        let namespace = self.options.run.0.clone();
        let phase = "baseline: warm rebuild";
        match self.rebuild(&Rebuild { phase, files, snapshot, file: &file, namespace: &namespace })? {
            Attempt::Built(warm) => Ok((Some(*warm), None)),
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
        warm: Option<&Warm>,
        snapshot: &Snapshot,
        look: &Look,
    ) -> Result<Running, ProveError> {
        let second = warm.map(|warm| (warm.tag.as_str(), warm.marker.as_str()));
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

    fn smoke(
        &mut self,
        phase: &str,
        command: &str,
        tag: &str,
        ports: &[u16],
    ) -> Result<(smoke::Smoke, String), ProveError> {
        self.smokes += 1;
        let name = format!("smoke/{}", self.smokes);
        let work = |this: &mut Self| smoke::run(&this.options, command, tag, ports).map_err(failure::engine);
        let smoke = self.phase(phase, work, |smoke| smoke.detail.clone())?;
        keep_log(&self.options, &name, &smoke.output)?;
        Ok((smoke, name))
    }

    fn look(&mut self, phase: &str, tag: &str, files: &Files, reference: Option<&str>) -> Result<Look, ProveError> {
        let work = |this: &mut Self| Look::at(&this.options, tag, &files.dockerfile, reference);
        self.phase(phase, work, |look| format!("{} layers", look.summary.layers.len()))
    }

    /// Everything that a built candidate must show, cheap checks first.
    fn judge(&mut self, label: &str, tag: &str, look: &Look, duties: &Duties) -> Result<Verdict, ProveError> {
        let known = self.original()?;
        let found = inventory(look, &known.ecosystems, jettison_ecosystems::load());
        let programs =
            known.running.behaviour.as_ref().map(|behaviour| behaviour.programs.as_slice()).unwrap_or_default();
        let original = Original { look: &known.look, unsteady: &known.unsteady, programs };
        let (checks, conviction) = static_checks(&original, look, &found, duties);
        let mut verdict =
            Verdict { level: 1, checks: vec![builds()], sizes: Some(look.summary.sizes), ..Verdict::default() };
        verdict.checks.extend(checks);
        if conviction.is_some() {
            return Ok(Verdict { conviction, ..verdict });
        }
        verdict.conviction = self.judge_running(label, tag, &mut verdict)?;
        if verdict.conviction.is_none() {
            verdict.conviction = self.judge_smoke(label, tag, &mut verdict)?;
        }
        verdict.holds = verdict.conviction.is_none();
        Ok(verdict)
    }

    fn judge_running(
        &mut self,
        label: &str,
        tag: &str,
        verdict: &mut Verdict,
    ) -> Result<Option<Conviction>, ProveError> {
        let running = self.original()?.running.clone();
        if running.behaviour.is_none() {
            return Ok(None);
        }
        let work = |this: &mut Self| {
            let seen = this.stage.observe(&this.options, running.sidecar.as_deref(), tag, &running.probes);
            let (behaviour, log) = seen.map_err(failure::observing)?;
            Ok(judge(&running, &behaviour, &log))
        };
        let told = |(level, checks, _): &(Level, Vec<Check>, _)| {
            let passed = checks.iter().filter(|check| check.passed).count();
            format!("{passed} of {} equal, level {level}", checks.len())
        };
        let (level, checks, conviction) = self.phase(&format!("{label}: run"), work, told)?;
        verdict.level = level;
        verdict.checks.extend(checks);
        Ok(conviction)
    }

    fn judge_smoke(&mut self, label: &str, tag: &str, verdict: &mut Verdict) -> Result<Option<Conviction>, ProveError> {
        let known = self.original()?;
        let (Some(command), true) = (self.options.smoke.clone(), known.smoke) else { return Ok(None) };
        let ports = known.running.behaviour.as_ref().map(|behaviour| behaviour.ports.clone()).unwrap_or_default();
        let ports = ports_of(&ports, &known.look);
        let (smoke, log) = self.smoke(&format!("{label}: smoke command"), &command, tag, &ports)?;
        verdict.checks.push(Check { name: "smoke".to_owned(), passed: smoke.passed, detail: smoke.detail.clone() });
        if smoke.passed {
            verdict.level = 5;
            return Ok(None);
        }
        let reason = format!("the smoke command failed: {}", smoke.detail);
        Ok(Some(failure::run_conviction("smoke", reason, &log, &smoke.output)))
    }

    /// The winner's warm rebuild, held against the original's.
    fn judge_warm(
        &mut self,
        files: &Files,
        snapshot: &Snapshot,
        namespace: &str,
        duties: &Duties,
        verdict: &mut Verdict,
    ) -> Result<Option<WarmResult>, ProveError> {
        let Some(before) = self.original()?.edit.clone() else { return Ok(None) };
        let phase = "winner: warm rebuild";
        let attempt = self.rebuild(&Rebuild { phase, files, snapshot, file: &before.file, namespace })?;
        let (result, check, conviction) = match attempt {
            Attempt::Built(warm) => {
                let after = WarmResult::of(&warm);
                let check = edit_check(&before, &after, duties.edit_arrives);
                let conviction = failure::plain("edit", check.detail.clone());
                (Some(after), check, conviction)
            }
            Attempt::Failed(outcome, log) => {
                let mut conviction = failure::build_conviction(&outcome, &log);
                conviction.phase = "edit".to_owned();
                let detail = format!("`{}` edited: {}", before.file, conviction.reason);
                (None, Check { name: "edit arrives".to_owned(), passed: false, detail }, conviction)
            }
            Attempt::Impossible(why) => {
                let conviction = failure::plain("edit", why.clone());
                (None, Check { name: "edit arrives".to_owned(), passed: false, detail: why }, conviction)
            }
        };
        if !check.passed {
            verdict.holds = false;
            verdict.conviction = Some(conviction);
        }
        verdict.checks.push(check);
        Ok(result)
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
        let (warm, no_warm) = self.warm_original(&look, &files, &snapshot)?;
        let mut running = self.run_original(&built.tag, warm.as_ref(), &snapshot, &look)?;
        running.not_checked.extend(no_warm);

        let data = jettison_ecosystems::load();
        let ecosystems = ecosystems_in(&snapshot, data);
        let found = inventory(&look, &ecosystems, data);
        let edit = warm.as_ref().map(WarmResult::of);
        let sides = Sides { look: &look, snapshot: &snapshot, running: Some(&running), warm: edit.as_ref() };
        let measurements = sides.measurements(found, built.outcome.seconds);
        let baseline = Baseline {
            measurements,
            observations: Arc::new(observations(&look, &running)),
            probes: running.behaviour.as_ref().map_or(0, |behaviour| behaviour.answers.len()),
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

    fn measure(&mut self, files: &Files, obligations: &[Obligation]) -> Result<(Measurements, Verdict), ProveError> {
        let snapshot = self.snapshot(files.ignore.as_deref())?;
        let namespace = format!("{}-{}", self.options.run.0, self.bench.next());
        let built = self.build("winner: cold build", files, &namespace, true)?;
        if let Some(verdict) = failed_build(&built)? {
            return Ok((Measurements::default(), verdict));
        }
        let look = self.look("winner: image", &built.tag, files, None)?;
        let duties = Duties::of(obligations);
        let mut verdict = self.judge("winner", &built.tag, &look, &duties)?;
        let warm = match verdict.holds {
            true => self.judge_warm(files, &snapshot, &namespace, &duties, &mut verdict)?,
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

/// The parts of one side's numbers.
struct Sides<'a> {
    look: &'a Look,
    snapshot: &'a Snapshot,
    running: Option<&'a Running>,
    warm: Option<&'a WarmResult>,
}

impl Sides<'_> {
    fn measurements(&self, found: Inventory, cold_seconds: f64) -> Measurements {
        let summary = &self.look.summary;
        let ports =
            self.running.and_then(|running| running.behaviour.as_ref()).map(|behaviour| behaviour.ports.clone());
        Measurements {
            image_id: summary.digest.as_ref().map(|digest| digest.as_str().to_owned()).unwrap_or_default(),
            config: summary.config.clone(),
            sizes: summary.sizes,
            layers: summary.layers.len(),
            context_bytes: self.snapshot.kept_bytes(),
            context_files: self.snapshot.kept_files(),
            cold_build_seconds: Some(cold_seconds),
            warm_build_seconds: self.warm.map(|warm| warm.seconds),
            warm_executed: self.warm.map(|warm| warm.executed),
            warm_edit: self.warm.map(|warm| (warm.file.clone(), warm.arrived)),
            user: summary.config.user.clone(),
            ports: ports.unwrap_or_default(),
            secrets: found.secrets,
            junk: found.junk,
            junk_bytes: found.junk_bytes,
        }
    }
}

fn builds() -> Check {
    Check { name: "builds".to_owned(), passed: true, detail: "an image was made".to_owned() }
}

/// The verdict on a candidate that does not build; an error where that says nothing about the candidate.
fn failed_build(built: &Built) -> Result<Option<Verdict>, ProveError> {
    if built.outcome.success {
        return Ok(None);
    }
    if let Some(error) = built.outcome.failure.as_ref().and_then(failure::ends_the_run) {
        return Err(error);
    }
    let conviction = failure::build_conviction(&built.outcome, &built.log_name);
    let check = Check { passed: false, detail: conviction.reason.clone(), ..builds() };
    Ok(Some(Verdict { checks: vec![check], conviction: Some(conviction), ..Verdict::default() }))
}

/// Whether the winner's edit arrived wherever the original's did, and no more was executed for it.
fn edit_check(before: &WarmResult, after: &WarmResult, fewer: bool) -> Check {
    let stale = after.arrived == Some(false) && before.arrived == Some(true);
    let more = fewer && after.executed_runs > before.executed_runs;
    let steps = format!("{} RUN steps executed, {} before", after.executed_runs, before.executed_runs);
    let detail = match (stale, more, after.arrived) {
        (true, ..) => {
            format!("the edit of `{}` is not in the rebuilt image, which still holds the file as it was", after.file)
        }
        (_, true, _) => format!("more is executed after an edit: {steps}"),
        (.., Some(true)) => format!("the edit of `{}` is in the image; {steps}", after.file),
        _ => format!("the edit of `{}` cannot be told from the image; {steps}", after.file),
    };
    Check { name: "edit arrives".to_owned(), passed: !stale && !more, detail }
}

fn observations(look: &Look, running: &Running) -> Observations {
    let seen = running.behaviour.clone().unwrap_or_default();
    Observations {
        image: look.summary.clone(),
        base_layers: look.base_layers,
        written: seen.written,
        ports: seen.ports,
        programs: seen.programs,
        stayed_up: seen.stayed_up,
    }
}

/// The app's files that another build of the same put elsewhere: their names say nothing.
fn unsteady(first: &Look, second: &Look) -> BTreeSet<String> {
    let gone = first.app_files().filter(|(path, _)| !second.summary.files.contains_key(*path));
    gone.map(|(path, _)| path.to_owned()).collect()
}

/// Ports to publish: those it listened on, else those it says it would.
fn ports_of(observed: &[u16], look: &Look) -> Vec<u16> {
    if !observed.is_empty() {
        return observed.to_vec();
    }
    let exposed = look.summary.config.exposed_ports.iter();
    exposed.filter_map(|port| port.strip_suffix("/tcp").unwrap_or(port).parse().ok()).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn warm(arrived: Option<bool>, executed_runs: usize) -> WarmResult {
        WarmResult { file: "app.py".to_owned(), seconds: 1.0, executed: 9, executed_runs, arrived }
    }

    #[test]
    fn a_stale_rebuild_is_a_failure_only_where_the_original_is_fresh() {
        assert!(!edit_check(&warm(Some(true), 3), &warm(Some(false), 1), false).passed);
        assert!(edit_check(&warm(None, 3), &warm(Some(false), 1), false).passed);
        assert!(edit_check(&warm(Some(true), 3), &warm(None, 1), false).passed);
    }

    #[test]
    fn executing_more_after_an_edit_fails_only_where_less_was_promised() {
        assert!(!edit_check(&warm(None, 1), &warm(None, 2), true).passed);
        assert!(edit_check(&warm(None, 1), &warm(None, 2), false).passed);
        assert!(edit_check(&warm(None, 2), &warm(None, 2), true).passed);
    }
}
