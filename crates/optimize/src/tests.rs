//! The search over a planner and a prover made of rules: each step adds its line to the Dockerfile.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::time::Duration;

use jettison_facts::{Observations, World};
use jettison_image::{ImageSummary, Sizes};
use jettison_model::{Digest, ImageRef};
use jettison_plan::{Files, Obligation, Proposal, Status, Step, StepReport, Without};

use crate::bisect::Planner;
use crate::fake::{Call, FakeProver};
use crate::search::{Start, search};
use crate::{Bounds, Conviction, Ending, Event, Measurements, Outcome, ProveError};

/// A world that knows nothing.
struct Unknown;

impl World for Unknown {
    fn paths(&self, _: &str, _: bool) -> Option<Vec<String>> {
        None
    }
    fn size(&self, _: &str) -> Option<u64> {
        None
    }
    fn read(&self, _: &str, _: usize) -> Option<Vec<u8>> {
        None
    }
    fn base(&self, _: &ImageRef) -> Option<std::sync::Arc<ImageSummary>> {
        None
    }
    fn resolved(&self, _: &ImageRef) -> Option<Digest> {
        None
    }
    fn churn(&self, _: &str) -> Option<u32> {
        None
    }
    fn observed(&self) -> Option<std::sync::Arc<Observations>> {
        None
    }
}

/// Steps in canonical order; `needs` names a step without which one does not apply, `instead_of` one beside which it does not.
#[derive(Default)]
struct Rung {
    id: &'static str,
    needs: Option<&'static str>,
    instead_of: Option<&'static str>,
}

struct Steps(Vec<Rung>);

impl Steps {
    fn new(ids: &[&'static str]) -> Self {
        Self(ids.iter().map(|&id| Rung { id, ..Rung::default() }).collect())
    }
}

impl Planner for Steps {
    fn propose(&self, without: &Without, world: &dyn World) -> Proposal {
        assert!(world.observed().is_some(), "plans are made after the baseline");
        let mut applied = BTreeSet::new();
        let mut proposal = Proposal { files: original(), ..Proposal::default() };
        for rung in &self.0 {
            let fits = rung.needs.is_none_or(|needed| applied.contains(needed))
                && rung.instead_of.is_none_or(|other| !applied.contains(other));
            let status = match (without.contains(&step(rung.id)), fits) {
                (true, _) => Status::Dropped,
                (_, false) => Status::NotApplicable,
                _ => Status::Applied,
            };
            if status == Status::Applied {
                applied.insert(rung.id);
                proposal.files.dockerfile.extend(format!("{}\n", rung.id).bytes());
            }
            proposal.steps.push(report(rung.id, status));
        }
        proposal
    }
}

fn step(id: &str) -> Step {
    Step { id: id.to_owned(), part: None }
}

fn report(id: &str, status: Status) -> StepReport {
    let obligations = vec![Obligation::SameBehaviour { answers: true }];
    let (title, reason) = (String::new(), "plan's words".to_owned());
    StepReport { step: step(id), title, status, reason, place: None, estimate: None, obligations }
}

fn original() -> Files {
    Files { dockerfile: b"FROM app\n".to_vec(), ignore: None }
}

fn has(files: &Files, id: &str) -> bool {
    String::from_utf8_lossy(&files.dockerfile).lines().any(|line| line == id)
}

/// A prover whose images shrink by 100 bytes a step.
fn prover() -> FakeProver {
    let mut prover = FakeProver::new(&original());
    prover.numbers = Box::new(|files| {
        let steps = files.dockerfile.iter().filter(|byte| **byte == b'\n').count() as u64 - 1;
        Measurements { sizes: Sizes { unpacked: 10_000 - 100 * steps, ..Sizes::default() }, ..Measurements::default() }
    });
    prover.baseline.measurements = (prover.numbers)(&original());
    prover
}

fn conviction(reason: &str) -> Conviction {
    let log = Some(("builds/4".to_owned(), 212));
    Conviction { phase: "answers".to_owned(), reason: reason.to_owned(), log, line: None }
}

/// Fails where one of `guilty` is applied, and says which.
fn fails_with(guilty: &'static [&'static str]) -> crate::fake::Rule {
    Box::new(|files| guilty.iter().find(|id| has(files, id)).map(|id| conviction(&format!("{id} breaks it"))))
}

fn start() -> Start<'static> {
    Start { original: original(), known: &[] }
}

fn convicted(outcome: &Outcome) -> Vec<&str> {
    outcome.convicted.iter().map(|(step, _)| step.id.as_str()).collect()
}

fn run(planner: &Steps, prover: &mut FakeProver, bounds: Bounds) -> Result<Outcome, ProveError> {
    search(planner, start(), &Unknown, prover, bounds, &|| Duration::ZERO, &mut |_| {})
}

fn optimize(planner: &Steps, prover: &mut FakeProver) -> Outcome {
    let outcome = run(planner, prover, Bounds { max_builds: 100, time_limit: None }).unwrap();
    let (proven, measured) = (prover.proven_files(), prover.measured_files());
    for built in [&proven, &measured] {
        let distinct: BTreeSet<_> = built.iter().map(|files| &files.dockerfile).collect();
        assert_eq!(built.len(), distinct.len(), "the same files were built twice");
        assert!(built.iter().all(|files| **files != original()), "the original was built as a candidate");
    }
    let first = |(at, call): (usize, &Call)| match call {
        Call::Baseline => false,
        Call::Prove(..) => true,
        // what was proven before is measured without being counted once more
        Call::Measure(files, _) => {
            !prover.calls[..at].iter().any(|call| matches!(call, Call::Prove(_, proven, _) if proven == files))
        }
    };
    assert_eq!(outcome.builds, prover.calls.iter().enumerate().filter(|call| first(*call)).count());
    outcome
}

fn ids(steps: &[Step]) -> Vec<&str> {
    steps.iter().map(|step| step.id.as_str()).collect()
}

const SIX: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

#[test]
fn keeps_everything_when_everything_holds() {
    let mut prover = prover();
    let outcome = optimize(&Steps::new(&SIX), &mut prover);
    assert_eq!(outcome.ending, Ending::Verified);
    assert!(outcome.verified);
    assert_eq!(ids(&outcome.proposal.applied()), SIX);
    assert_eq!(outcome.builds, 1);
    assert_eq!(outcome.result.unwrap().sizes.unpacked, 9_400);
    assert!(matches!(prover.calls[..], [Call::Baseline, Call::Measure(..)]), "built once");
}

#[test]
fn drops_a_single_guilty_step_at_every_position() {
    for guilty in SIX {
        let mut prover = prover();
        prover.fails = Box::new(move |files| has(files, guilty).then(|| conviction("GET /report: 500 instead of 200")));
        let outcome = optimize(&Steps::new(&SIX), &mut prover);
        assert_eq!(convicted(&outcome), [guilty]);
        assert_eq!(outcome.ending, Ending::Verified);
        assert_eq!(outcome.proposal.applied().len(), 5);
        assert!(outcome.builds <= 8, "{guilty}: {} builds", outcome.builds);
        let report = outcome.proposal.steps.iter().find(|report| report.step.id == guilty).unwrap();
        assert_eq!(report.status, Status::Dropped);
        assert_eq!(report.reason, "GET /report: 500 instead of 200 (log: builds/4, line 212)");
    }
}

#[test]
fn asks_the_last_and_boldest_step_first() {
    let mut prover = prover();
    prover.fails = fails_with(&["f"]);
    let outcome = optimize(&Steps::new(&SIX), &mut prover);
    assert_eq!(convicted(&outcome), ["f"]);
    assert_eq!(outcome.builds, 3, "all, cold and with caches, and all but the last");
}

#[test]
fn drops_two_guilty_steps_with_the_evidence_of_each() {
    for (first, second) in [(0, 1), (0, 5), (2, 3), (4, 5)] {
        let mut prover = prover();
        prover.fails = Box::new(move |files| {
            [SIX[first], SIX[second]].iter().find(|id| has(files, id)).map(|id| conviction(&format!("{id} breaks it")))
        });
        let outcome = optimize(&Steps::new(&SIX), &mut prover);
        assert_eq!(convicted(&outcome), [SIX[first], SIX[second]]);
        assert_eq!(outcome.proposal.applied().len(), 4);
        for report in outcome.proposal.steps.iter().filter(|report| report.status == Status::Dropped) {
            assert!(report.reason.starts_with(&format!("{} breaks it", report.step.id)), "{}", report.reason);
        }
    }
}

#[test]
fn keeps_exactly_the_innocent_for_every_set_of_guilty_steps() {
    for guilty in 0_u32..64 {
        let is_guilty = move |index: usize| guilty >> index & 1 == 1;
        let mut prover = prover();
        prover.fails = Box::new(move |files| {
            (0..6).find(|index| is_guilty(*index) && has(files, SIX[*index])).map(|index| conviction(SIX[index]))
        });
        let outcome = optimize(&Steps::new(&SIX), &mut prover);
        let innocent: Vec<&str> = (0..6).filter(|index| !is_guilty(*index)).map(|index| SIX[index]).collect();
        assert_eq!(ids(&outcome.proposal.applied()), innocent);
        assert_eq!(outcome.convicted.len(), 6 - innocent.len());
        assert!(outcome.builds <= 1 + 6 * outcome.convicted.len(), "{guilty:b}: {} builds", outcome.builds);
    }
}

#[test]
fn convicts_the_later_of_two_steps_that_fail_only_together() {
    let mut prover = prover();
    prover.fails = Box::new(|files| (has(files, "b") && has(files, "e")).then(|| conviction("b beside e")));
    let outcome = optimize(&Steps::new(&SIX), &mut prover);
    assert_eq!(convicted(&outcome), ["e"]);
    assert_eq!(outcome.ending, Ending::Verified);
}

#[test]
fn survives_a_later_step_that_repairs_an_earlier_one() {
    let mut prover = prover();
    prover.fails = Box::new(|files| {
        let broken = has(files, "a") && !has(files, "c");
        (broken || has(files, "f")).then(|| conviction("broken"))
    });
    let outcome = optimize(&Steps::new(&SIX), &mut prover);
    assert_eq!(outcome.ending, Ending::Verified);
    assert!(convicted(&outcome).contains(&"f"));
}

#[test]
fn ends_with_nothing_when_all_steps_are_guilty() {
    let mut prover = prover();
    prover.fails = fails_with(&SIX);
    let outcome = optimize(&Steps::new(&SIX), &mut prover);
    assert_eq!(outcome.ending, Ending::NothingProven);
    assert!(!outcome.verified && outcome.result.is_none() && outcome.verdict.is_none());
    assert_eq!(convicted(&outcome), SIX);
    assert_eq!(outcome.proposal.files, original());
}

#[test]
fn says_nothing_left_to_gain_without_building() {
    let mut prover = prover();
    let outcome = optimize(&Steps::new(&[]), &mut prover);
    assert_eq!(outcome.ending, Ending::NothingToGain);
    assert_eq!(prover.calls, [Call::Baseline]);
}

#[test]
fn tries_the_next_rung_when_a_base_is_convicted() {
    let ladder = Steps(vec![
        Rung { id: "ignore", ..Rung::default() },
        Rung { id: "distroless", ..Rung::default() },
        Rung { id: "slim", instead_of: Some("distroless"), ..Rung::default() },
        Rung { id: "user", ..Rung::default() },
    ]);
    let mut prover = prover();
    prover.fails = fails_with(&["distroless"]);
    let outcome = optimize(&ladder, &mut prover);
    assert_eq!(ids(&outcome.proposal.applied()), ["ignore", "slim", "user"]);
    let mixed = |files: &&Files| has(files, "slim") && has(files, "distroless");
    assert!(![prover.proven_files(), prover.measured_files()].iter().flatten().any(mixed));
}

#[test]
fn steps_that_need_a_dropped_one_are_proposed_anew() {
    let planner = Steps(vec![
        Rung { id: "split", ..Rung::default() },
        Rung { id: "slim", needs: Some("split"), ..Rung::default() },
        Rung { id: "user", ..Rung::default() },
    ]);
    let mut prover = prover();
    prover.fails = fails_with(&["split"]);
    let outcome = optimize(&planner, &mut prover);
    assert_eq!(ids(&outcome.proposal.applied()), ["user"]);
    assert_eq!(convicted(&outcome), ["split"]);
}

#[test]
fn a_failing_measurement_convicts_the_step_that_only_measuring_shows() {
    for guilty in SIX {
        let mut prover = prover();
        prover.fails_measured = Box::new(move |files| has(files, guilty).then(|| conviction("cold builds only")));
        let outcome = run(&Steps::new(&SIX), &mut prover, Bounds::default()).unwrap();
        assert_eq!(convicted(&outcome), [guilty]);
        assert_eq!(outcome.ending, Ending::Verified);
        let measured: Vec<_> = prover.measured_files().iter().map(|files| files.dockerfile.clone()).collect();
        let distinct: BTreeSet<_> = measured.iter().collect();
        assert_eq!(measured.len(), distinct.len(), "the same files were measured twice");
    }
}

#[test]
fn an_edit_that_does_not_arrive_is_never_looked_for_in_proofs() {
    let mut prover = prover();
    prover.fails_measured = Box::new(|files| {
        let phase = "edit".to_owned();
        has(files, "c").then(|| Conviction { phase, ..conviction("the edit is not in the image") })
    });
    let outcome = run(&Steps::new(&SIX), &mut prover, Bounds::default()).unwrap();
    assert_eq!((convicted(&outcome), prover.proven_files().len()), (vec!["c"], 0));
}

#[test]
fn a_bound_on_builds_keeps_the_best_candidate_so_far() {
    let mut prover = prover();
    prover.fails = fails_with(&["e", "f"]);
    let bounds = Bounds { max_builds: 4, time_limit: None };
    let outcome = run(&Steps::new(&SIX), &mut prover, bounds).unwrap();
    assert_eq!(outcome.builds, 4);
    assert_eq!(outcome.cut_short.as_deref(), Some("the limit of 4 builds is reached"));
    assert_eq!(ids(&outcome.proposal.applied()), ["a", "b", "c"]);
    assert_eq!(outcome.ending, Ending::Verified, "what is kept was proven and measured");
    let last = outcome.proposal.steps.last().unwrap();
    assert_eq!((last.status, last.reason.as_str()), (Status::Dropped, "not proven: the limit of 4 builds is reached"));
}

#[test]
fn a_bound_before_anything_holds_changes_nothing() {
    let mut prover = prover();
    prover.fails = fails_with(&SIX);
    let outcome = run(&Steps::new(&SIX), &mut prover, Bounds { max_builds: 2, time_limit: None }).unwrap();
    assert_eq!(outcome.ending, Ending::NothingProven);
    assert!(outcome.cut_short.is_some());
    assert_eq!(outcome.proposal.files, original());
}

#[test]
fn keeps_time_back_for_the_measurement() {
    let mut prover = prover();
    prover.fails = fails_with(&["d"]);
    let ticks = Cell::new(0);
    let clock = || {
        ticks.set(ticks.get() + 10);
        Duration::from_secs(ticks.get())
    };
    let bounds = Bounds { max_builds: 100, time_limit: Some(Duration::from_secs(65)) };
    let outcome = search(&Steps::new(&SIX), start(), &Unknown, &mut prover, bounds, &clock, &mut |_| {}).unwrap();
    assert_eq!(outcome.builds, 4, "at 20 to 50 s; at 60 s the 10 s that the baseline took are missing");
    assert_eq!(ids(&outcome.proposal.applied()), ["a", "b", "c"]);
    assert!(outcome.cut_short.is_some() && outcome.result.is_some() && outcome.verified);
}

#[test]
fn a_winner_that_could_not_be_measured_is_not_called_verified() {
    let mut prover = prover();
    prover.fails = fails_with(&["f"]);
    prover.stop = Box::new(|calls| (calls == 4).then_some(ProveError::TimeLimit));
    let outcome = run(&Steps::new(&SIX), &mut prover, Bounds::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(outcome.ending, Ending::Verified, "the second try to measure succeeds");
    prover.calls.clear();
    prover.stop = Box::new(|calls| (calls >= 4).then_some(ProveError::TimeLimit));
    let outcome = run(&Steps::new(&SIX), &mut prover, Bounds::default()).unwrap();
    assert_eq!((outcome.ending, outcome.verified), (Ending::Unverified, false));
    assert_eq!(outcome.cut_short.as_deref(), Some("the time limit is over"));
    assert!(outcome.result.is_none() && outcome.verdict.is_some());
    assert_eq!(outcome.proposal.applied().len(), 5);
}

#[test]
fn an_interruption_ends_the_search_at_once() {
    let mut prover = prover();
    prover.fails = fails_with(&["c"]);
    prover.stop = Box::new(|calls| (calls == 2).then_some(ProveError::Interrupted));
    let error = run(&Steps::new(&SIX), &mut prover, Bounds::default()).unwrap_err();
    assert!(matches!(error, ProveError::Interrupted));
    assert_eq!(prover.calls.len(), 3);
}

#[test]
fn a_base_that_cannot_be_had_convicts_its_step() {
    let mut prover = prover();
    prover.stop = Box::new(|calls| {
        let reference = "python:3.12-slim".to_owned();
        (calls == 1).then_some(ProveError::BaseUnavailable { reference, reason: "not found".to_owned(), line: None })
    });
    let outcome = optimize(&Steps::new(&["slim"]), &mut prover);
    assert_eq!(convicted(&outcome), ["slim"]);
    assert_eq!(outcome.proposal.steps[0].reason, "base image python:3.12-slim is not available: not found");
}

#[test]
fn a_level_below_what_the_steps_need_is_not_verified() {
    let mut prover = prover();
    prover.baseline.reachable = 2;
    let outcome = optimize(&Steps::new(&SIX), &mut prover);
    assert_eq!((outcome.ending, outcome.verified), (Ending::Unverified, false));
    assert!(outcome.result.is_some());
}

#[test]
fn a_result_that_gains_nothing_is_no_improvement() {
    let mut prover = prover();
    let same = prover.baseline.measurements.clone();
    prover.numbers = Box::new(move |_| same.clone());
    let outcome = optimize(&Steps::new(&SIX), &mut prover);
    assert_eq!(outcome.ending, Ending::NothingToGain);
    assert_eq!(outcome.proposal.files, original());
    assert!(outcome.proposal.applied().is_empty() && outcome.result.is_none());
    assert_eq!(outcome.proposal.steps[0].reason, "it gains nothing here");
}

#[test]
fn tells_what_single_steps_changed_where_two_builds_show_it() {
    let mut prover = prover();
    let outcome = optimize(&Steps::new(&["only"]), &mut prover);
    assert_eq!(outcome.measured[&step("only")], -100);
}

#[test]
fn tells_what_it_does_while_it_works() {
    let mut prover = prover();
    prover.fails = fails_with(&["b"]);
    let mut told = Vec::new();
    let mut listen = |event: Event<'_>| {
        told.push(match event {
            Event::Baseline(_) => "baseline".to_owned(),
            Event::Planned(plan) => format!("{} steps", plan.applied().len()),
            Event::Candidate { number, steps, bisecting } => format!("build {number}: {steps} {bisecting}"),
            Event::Checked(verdict) => format!("holds {}", verdict.holds),
            Event::Dropped(report) => format!("dropped {}", report.step),
            Event::Measuring => "measuring".to_owned(),
        });
    };
    let planner = Steps::new(&["a", "b"]);
    let clock = || Duration::ZERO;
    search(&planner, start(), &Unknown, &mut prover, Bounds::default(), &clock, &mut listen).unwrap();
    let expected = [
        "baseline",
        "2 steps",
        "build 1: 2 false",
        "holds false",
        "build 2: 2 false",
        "holds false",
        "build 3: 1 true",
        "holds true",
        "dropped b",
        "measuring",
        "holds true",
    ];
    assert_eq!(told, expected);
}

#[test]
fn what_was_convicted_before_is_not_tried_again() {
    let known = [(Step { id: "b".to_owned(), part: None }, "GET /: body differs".to_owned())];
    let start = |known| Start { original: original(), known };
    let mut prover = prover();
    prover.fails = fails_with(&["b"]);
    let clock = || Duration::ZERO;
    let planner = Steps::new(&["a", "b"]);
    let bounds = Bounds::default();
    let outcome = search(&planner, start(&known), &Unknown, &mut prover, bounds, &clock, &mut |_| {}).unwrap();
    assert_eq!((outcome.ending, outcome.builds), (Ending::Verified, 1));
    let b = outcome.proposal.steps.iter().find(|report| report.step.id == "b").unwrap();
    assert_eq!((b.status, b.reason.as_str()), (Status::Dropped, "GET /: body differs"));
    assert_eq!(convicted(&outcome), ["b"], "and is remembered further");

    let alone = Steps::new(&["b"]);
    let outcome = search(&alone, start(&known), &Unknown, &mut prover, bounds, &clock, &mut |_| {}).unwrap();
    assert_eq!((outcome.ending, outcome.builds), (Ending::NothingToGain, 0));
}
