//! Baseline → plan → candidate, measured as it is proven → on failure bisect to the guilty step, drop it, go on.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use jettison_facts::{Observed, World};
use jettison_plan::{Files, Input, Proposal, Status, Step, StepReport, Without};

use crate::bisect::{Planner, guilty, mentioned, restricted};
use crate::budget::{Budget, Stop};
use crate::prober::{How, Prober};
use crate::{Baseline, Conviction, Measurements, ProveError, Prover, Verdict, gains, obligations_of, required_level};

/// Limits of a search.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Builds of candidates, the final measurement not counted.
    pub max_builds: usize,
    /// Of the whole search.
    pub time_limit: Option<Duration>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { max_builds: 20, time_limit: None }
    }
}

/// What the search tells while it works.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// The baseline is done.
    Baseline(&'a Baseline),
    /// A plan is made (after the baseline).
    Planned(&'a Proposal),
    /// A candidate is about to be built: number, steps in it, whether this is bisection.
    Candidate {
        /// From 1.
        number: usize,
        /// How many steps it has.
        steps: usize,
        /// Looking for the guilty one.
        bisecting: bool,
    },
    /// It was checked.
    Checked(&'a Verdict),
    /// A step was convicted and dropped.
    Dropped(&'a StepReport),
    /// What was proven before is about to be measured.
    Measuring,
}

/// How a search ended, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A better candidate, proven at the level it needs.
    Verified,
    /// A better candidate whose obligations hold, at a level below what it needs (or cut short before it was measured).
    Unverified,
    /// No step applies, or what survived gains nothing.
    NothingToGain,
    /// There were candidates and none could be proven.
    NothingProven,
}

/// How a search ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// In a word.
    pub ending: Ending,
    /// The original.
    pub baseline: Baseline,
    /// The proposal that survived (its files equal the input where nothing is left to gain).
    pub proposal: Proposal,
    /// Its numbers, measured like the baseline's; none if nothing survived or nothing was to gain.
    pub result: Option<Measurements>,
    /// The final verdict; none likewise.
    pub verdict: Option<Verdict>,
    /// Every obligation held and the level suffices (DESIGN §6, `verified`).
    pub verified: bool,
    /// Candidate builds made.
    pub builds: usize,
    /// Ended by a bound before it was done.
    pub cut_short: Option<String>,
    /// Convicted steps with the evidence: those known before, then those of this search in the order of conviction.
    pub convicted: Vec<(Step, String)>,
    /// Unpacked bytes that applied steps changed, for those where two built candidates differ by just that step.
    pub measured: BTreeMap<Step, i64>,
}

/// Runs the search. Decisions depend on bytes, step counts and pass or fail, never on seconds. `known` are steps that a
/// proof of these very files has convicted, with the evidence: they are left out from the start.
pub fn optimize(
    input: &Input,
    known: &[(Step, String)],
    world: &dyn World,
    prover: &mut dyn Prover,
    bounds: Bounds,
    on_event: &mut dyn FnMut(Event<'_>),
) -> Result<Outcome, ProveError> {
    let started = Instant::now();
    let original = Files { dockerfile: input.dockerfile.clone(), ignore: input.ignore.clone() };
    search(&Transforms(input), Start { original, known }, world, prover, bounds, &|| started.elapsed(), on_event)
}

/// Where a search starts from.
pub(crate) struct Start<'a> {
    pub(crate) original: Files,
    /// Steps convicted by an earlier search, and the evidence.
    pub(crate) known: &'a [(Step, String)],
}

struct Transforms<'a>(&'a Input);

impl Planner for Transforms<'_> {
    fn propose(&self, without: &Without, world: &dyn World) -> Proposal {
        jettison_plan::propose(self.0, world, without)
    }
}

/// The search over any planner; `clock` counts from the start.
pub(crate) fn search(
    planner: &dyn Planner,
    start: Start<'_>,
    world: &dyn World,
    prover: &mut dyn Prover,
    bounds: Bounds,
    clock: &dyn Fn() -> Duration,
    on_event: &mut dyn FnMut(Event<'_>),
) -> Result<Outcome, ProveError> {
    let baseline = prover.baseline()?;
    on_event(Event::Baseline(&baseline));
    let budget = Budget::after_baseline(bounds, clock);
    let unpacked = baseline.measurements.sizes.unpacked;
    let prober = Prober::new(prover, budget, on_event, (start.original, baseline.reachable), unpacked);
    let world = Observed { inner: world, observations: baseline.observations.clone() };
    let without = start.known.iter().map(|(step, _)| step.clone()).collect();
    let known = start.known.iter().cloned().collect();
    let search = Search { planner, world, prober, without, known, convictions: Vec::new(), proven: Vec::new() };
    search.run(baseline)
}

/// A candidate that survived, with its numbers unless time ran out before they were taken.
struct Winner {
    proposal: Proposal,
    result: Option<Measurements>,
    verdict: Verdict,
}

struct Search<'a> {
    planner: &'a dyn Planner,
    world: Observed<'a>,
    prober: Prober<'a>,
    without: Without,
    /// What earlier searches convicted, and the evidence.
    known: BTreeMap<Step, String>,
    /// Convicted steps as reported, in the order of conviction.
    convictions: Vec<StepReport>,
    /// Candidates that were proven on the way, for a search that is cut short.
    proven: Vec<(Proposal, Verdict)>,
}

impl Search<'_> {
    fn run(mut self, baseline: Baseline) -> Result<Outcome, ProveError> {
        let first = self.planner.propose(&self.without, &self.world);
        (self.prober.on_event)(Event::Planned(&first));
        match self.survivor(first) {
            Ok(winner) => Ok(self.outcome(baseline, winner, None)),
            Err(Stop::Failed(error)) => Err(error),
            Err(Stop::CutShort(why)) => {
                let winner = self.best_so_far()?;
                Ok(self.outcome(baseline, winner, Some(why)))
            }
        }
    }

    /// Measures a candidate, which proves it, and drops a guilty step each time it fails, until one holds or nothing is left. The
    /// first holds nearly always: it is not built once to be proven and once more to be measured.
    fn survivor(&mut self, first: Proposal) -> Result<Option<Winner>, Stop> {
        let mut proposal = first;
        loop {
            if proposal.files == self.prober.original.0 || proposal.applied().is_empty() {
                return Ok(None);
            }
            let (result, verdict) = self.prober.measure(&proposal, false)?;
            if verdict.holds {
                return Ok(Some(Winner { proposal, result: Some(result), verdict }));
            }
            let (how, verdict) = self.prober.failing(&proposal, verdict)?;
            self.drop_guilty(how, &proposal, verdict)?;
            proposal = self.planner.propose(&self.without, &self.world);
        }
    }

    fn drop_guilty(&mut self, how: How, proposal: &Proposal, verdict: Verdict) -> Result<(), Stop> {
        let (planner, world, without, proven) = (self.planner, &self.world, &self.without, &mut self.proven);
        let prefix = |allowed: &[Step]| restricted(planner, world, without, allowed);
        let found = guilty(&mut self.prober, how, verdict, proposal, &prefix, &mut |prefix, verdict| {
            proven.push((prefix, verdict));
        })?;
        let Some((mut report, verdict)) = found else { return Ok(()) };
        report.status = Status::Dropped;
        report.reason = evidence(&verdict);
        (self.prober.on_event)(Event::Dropped(&report));
        self.without.insert(report.step.clone());
        self.convictions.push(report);
        Ok(())
    }

    /// Of the candidates that were proven while bisecting, before the search was cut short: the one with the smallest image,
    /// then with the most steps, that also stands its measurement.
    fn best_so_far(&mut self) -> Result<Option<Winner>, ProveError> {
        let mut proven = std::mem::take(&mut self.proven);
        proven.retain(|(proposal, _)| proposal.files != self.prober.original.0);
        proven.sort_by_key(|(proposal, verdict)| {
            let unpacked = verdict.sizes.map_or(u64::MAX, |sizes| sizes.unpacked);
            (unpacked, std::cmp::Reverse(proposal.applied().len()))
        });
        for (proposal, verdict) in proven {
            match self.prober.measure(&proposal, false) {
                Ok((result, verdict)) if verdict.holds => {
                    return Ok(Some(Winner { proposal, result: Some(result), verdict }));
                }
                Ok(_) => {}
                Err(Stop::CutShort(_)) => return Ok(Some(Winner { proposal, result: None, verdict })),
                Err(Stop::Failed(error)) => return Err(error),
            }
        }
        Ok(None)
    }

    fn outcome(mut self, baseline: Baseline, winner: Option<Winner>, cut_short: Option<String>) -> Outcome {
        let fell_short = cut_short.is_some() || !self.convictions.is_empty();
        let winner = winner.filter(|winner| is_better(&baseline, winner));
        let ending = match &winner {
            Some(winner) if is_verified(&baseline, winner) => Ending::Verified,
            Some(_) => Ending::Unverified,
            None if fell_short => Ending::NothingProven,
            None => Ending::NothingToGain,
        };
        let (mut proposal, result, verdict) = match winner {
            Some(winner) => (winner.proposal, winner.result, Some(winner.verdict)),
            None => (self.nothing_applied(), None, None),
        };
        self.explain_drops(&mut proposal, cut_short.as_deref());
        Outcome {
            ending,
            measured: self.prober.measured_steps(&proposal.applied()),
            proposal,
            result,
            verdict,
            verified: ending == Ending::Verified,
            builds: self.prober.budget.builds,
            cut_short,
            convicted: self
                .known
                .into_iter()
                .chain(self.convictions.into_iter().map(|report| (report.step, report.reason)))
                .collect(),
            baseline,
        }
    }

    /// The plan without any step: the original's files, and what is said of each step.
    fn nothing_applied(&mut self) -> Proposal {
        let mut proposal = restricted(self.planner, &self.world, &self.without, &[]);
        proposal.files = self.prober.original.0.clone();
        proposal
    }

    /// Gives every dropped step its reason: the evidence against it, or that the search did not come to it.
    fn explain_drops(&mut self, proposal: &mut Proposal, cut_short: Option<&str>) {
        let unmentioned = |report: &&StepReport| !mentioned(proposal).contains(&report.step);
        let missing: Vec<StepReport> = self.convictions.iter().filter(unmentioned).cloned().collect();
        proposal.steps.extend(missing);
        for report in proposal.steps.iter_mut().filter(|report| report.status == Status::Dropped) {
            let convicted = self.convictions.iter().find(|convicted| convicted.step == report.step);
            report.reason = match (convicted, self.known.get(&report.step), cut_short) {
                (Some(convicted), ..) => convicted.reason.clone(),
                (None, Some(evidence), _) => evidence.clone(),
                (None, None, Some(why)) => format!("not proven: {why}"),
                (None, None, None) => "it gains nothing here".to_owned(),
            };
        }
    }
}

/// Whether the winner may be called an improvement. One that was not measured stands until it is.
fn is_better(baseline: &Baseline, winner: &Winner) -> bool {
    winner.result.as_ref().is_none_or(|result| !gains(&baseline.measurements, result).is_empty())
}

fn is_verified(baseline: &Baseline, winner: &Winner) -> bool {
    let required = required_level(baseline, &obligations_of(&winner.proposal));
    winner.result.is_some() && winner.verdict.holds && winner.verdict.level >= required
}

/// `GET /report: 500 instead of 200 (log: builds/4, line 212)`.
fn evidence(verdict: &Verdict) -> String {
    let failed =
        || verdict.checks.iter().find(|check| !check.passed).map(|check| format!("{}: {}", check.name, check.detail));
    let Some(Conviction { reason, log, .. }) = &verdict.conviction else {
        return failed().unwrap_or_else(|| "an obligation did not hold".to_owned());
    };
    match log {
        Some((name, line)) => format!("{reason} (log: {name}, line {line})"),
        None => reason.clone(),
    }
}
