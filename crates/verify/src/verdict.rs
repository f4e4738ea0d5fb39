//! What a built candidate must show, cheap checks before dear ones; the first that fails convicts it.

use jettison_context::Snapshot;
use jettison_optimize::{Check, Conviction, Level, ProveError, Verdict};
use jettison_plan::Files;

use crate::build::{Built, keep_log};
use crate::checks::{Duties, Original, static_checks};
use crate::inventory::inventory;
use crate::look::Look;
use crate::numbers::{WarmResult, ports_of};
use crate::running::{judge, out_of_time};
use crate::warm::{Attempt, Rebuild};
use crate::{Verifier, failure, smoke};

impl Verifier {
    /// Everything that a built candidate must show, cheap checks first.
    pub(crate) fn judge(
        &mut self,
        label: &str,
        tag: &str,
        look: &Look,
        duties: &Duties,
    ) -> Result<Verdict, ProveError> {
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
            if !out_of_time(&behaviour, &running) {
                return Ok(judge(&running, &behaviour, &log));
            }
            // Too slow once may be this machine's doing; twice is the candidate's.
            let again = this.stage.observe(&this.options, running.sidecar.as_deref(), tag, &running.probes);
            let (behaviour, log) = again.map_err(failure::observing)?;
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
        Ok(Some(failure::run_conviction("smoke", reason, (&log, &smoke.output), "")))
    }

    /// A candidate's warm rebuild, held against the original's.
    pub(crate) fn judge_warm(
        &mut self,
        label: &str,
        files: &Files,
        snapshot: &Snapshot,
        namespace: &str,
        duties: &Duties,
        verdict: &mut Verdict,
    ) -> Result<Option<WarmResult>, ProveError> {
        let Some(before) = self.original()?.edit.clone() else { return Ok(None) };
        let phase = &format!("{label}: warm rebuild");
        let rebuild = Rebuild { phase, files, snapshot, file: &before.file, namespace };
        let (mut result, mut check, mut conviction) = self.rebuilt(&rebuild, &before, duties)?;
        if result.as_ref().is_some_and(|after| executes_more(&before, after, duties)) {
            // An engine that others use loses cached steps now and then; twice is the candidate's doing.
            (result, check, conviction) = self.rebuilt(&rebuild, &before, duties)?;
        }
        if !check.passed {
            verdict.holds = false;
            verdict.conviction = Some(conviction);
        }
        verdict.checks.push(check);
        Ok(result)
    }

    fn rebuilt(
        &mut self,
        rebuild: &Rebuild<'_>,
        before: &WarmResult,
        duties: &Duties,
    ) -> Result<(Option<WarmResult>, Check, Conviction), ProveError> {
        let failed = |detail| Check { name: "edit arrives".to_owned(), passed: false, detail };
        Ok(match self.rebuild(rebuild)? {
            Attempt::Built(rebuilt) => {
                let look = Look::at(&self.options, &rebuilt.tag, &rebuild.files.dockerfile, None)?;
                let after = WarmResult::beside(&rebuilt.seen(look), before);
                let check = edit_check(before, &after, duties);
                let conviction = failure::plain("edit", check.detail.clone());
                (Some(after), check, conviction)
            }
            Attempt::Failed(outcome, log) => {
                let mut conviction = failure::build_conviction(&outcome, &log);
                conviction.phase = "edit".to_owned();
                (None, failed(format!("`{}` edited: {}", before.file, conviction.reason)), conviction)
            }
            Attempt::Impossible(why) => (None, failed(why.clone()), failure::plain("edit", why)),
        })
    }

    /// Runs the smoke command; how it went and the name of its log.
    pub(crate) fn smoke(
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
}

fn builds() -> Check {
    Check { name: "builds".to_owned(), passed: true, detail: "an image was made".to_owned() }
}

/// The verdict on a candidate that does not build; an error where that says nothing about the candidate.
pub(crate) fn failed_build(built: &Built) -> Result<Option<Verdict>, ProveError> {
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

/// Whether more is executed after an edit, where less was promised.
fn executes_more(before: &WarmResult, after: &WarmResult, duties: &Duties) -> bool {
    duties.edit_arrives && after.executed_runs > before.executed_runs
}

/// Whether the candidate's edit arrived wherever the original's did, and no more was executed for it.
fn edit_check(before: &WarmResult, after: &WarmResult, duties: &Duties) -> Check {
    let stale = after.arrived == Some(false) && before.arrived == Some(true);
    let more = executes_more(before, after, duties);
    let steps = format!("{} RUN steps executed, {} before", after.executed_runs, before.executed_runs);
    let detail = match (stale, more, after.arrived) {
        (true, ..) => {
            format!("the edit of `{}` is not in the rebuilt image, which still holds what was there", after.file)
        }
        (_, true, _) => format!("more is executed after an edit: {steps}"),
        (.., Some(true)) => format!("the edit of `{}` is in the image; {steps}", after.file),
        _ => format!("the edit of `{}` cannot be told from the image; {steps}", after.file),
    };
    Check { name: "edit arrives".to_owned(), passed: !stale && !more, detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warm(arrived: Option<bool>, executed_runs: usize) -> WarmResult {
        WarmResult { file: "app.py".to_owned(), seconds: 1.0, executed: 9, executed_runs, arrived, emitted: Vec::new() }
    }

    #[test]
    fn a_stale_rebuild_is_a_failure_only_where_the_original_is_fresh() {
        let duties = Duties::default();
        assert!(!edit_check(&warm(Some(true), 3), &warm(Some(false), 1), &duties).passed);
        assert!(edit_check(&warm(None, 3), &warm(Some(false), 1), &duties).passed);
        assert!(edit_check(&warm(Some(true), 3), &warm(None, 1), &duties).passed);
    }

    #[test]
    fn executing_more_after_an_edit_fails_only_where_less_was_promised() {
        let promised = Duties { edit_arrives: true, ..Duties::default() };
        assert!(!edit_check(&warm(None, 1), &warm(None, 2), &promised).passed);
        assert!(edit_check(&warm(None, 1), &warm(None, 2), &Duties::default()).passed);
        assert!(edit_check(&warm(None, 2), &warm(None, 2), &promised).passed);
    }
}
