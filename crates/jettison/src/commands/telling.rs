//! What the search tells, as lines of progress: one for the baseline, the plan, every candidate and every step that is dropped.

use std::sync::Arc;

use jettison_model::ByteSize;
use jettison_optimize::{Baseline, Event, Verdict};
use jettison_report::Evidence;
use jettison_report::text::seconds;

use crate::input::Input;
use crate::output::grouped;
use crate::terminal::{Phase, Progress};

/// Tells one search.
pub struct Teller {
    progress: Arc<Progress>,
    /// What is being tried: its name, and what is in it.
    trying: (&'static str, String),
}

impl Teller {
    /// For a search that is about to begin.
    pub fn new(progress: Arc<Progress>) -> Self {
        Self { progress, trying: ("candidate", String::new()) }
    }

    /// Tells one thing.
    pub fn tell(&mut self, event: &Event<'_>) {
        match event {
            Event::Baseline(baseline) => {
                self.progress.good("baseline", &baseline_line(baseline, &self.progress.phases()));
                self.progress.begin("plan", "");
            }
            Event::Planned(proposal) => {
                let applied = proposal.applied().len();
                let rest = proposal.steps.len().saturating_sub(applied);
                let applies = if applied == 1 { "1 step applies".to_owned() } else { format!("{applied} steps apply") };
                self.progress.good("plan", &format!("{applies}, {rest} do not"));
            }
            Event::Candidate { steps, bisecting, .. } => {
                let what = match (bisecting, steps) {
                    (false, 1) => "1 step".to_owned(),
                    (false, many) => format!("{many} steps"),
                    (true, 1) => "the first step alone".to_owned(),
                    (true, many) => format!("the first {many} steps alone"),
                };
                self.trying = ("candidate", what);
            }
            Event::Measuring => self.trying = ("winner", String::new()),
            Event::Checked(verdict) => self.checked(verdict),
            Event::Dropped(step) => self.progress.bad("dropped", &step.title),
        }
    }

    fn checked(&self, verdict: &Verdict) {
        let (name, what) = &self.trying;
        let mut parts: Vec<String> = Some(what.clone()).filter(|what| !what.is_empty()).into_iter().collect();
        parts.extend(times(&self.progress.phases()));
        match &verdict.conviction {
            None => {
                parts.extend(probes_equal(verdict));
                parts.push(format!("level {}", verdict.level));
                self.progress.good(name, &parts.join(" · "));
            }
            Some(conviction) => {
                parts.push(conviction.reason.clone());
                self.progress.bad(name, &parts.join(" · "));
            }
        }
    }
}

/// `Dockerfile (1 stage, 9 instructions), context 48.2 MB in 1,204 files`
pub fn read_line(input: &Input) -> String {
    let dockerfile = jettison_dockerfile::parse(input.dockerfile.clone());
    let instructions = dockerfile.instructions();
    let is_from = |keyword| keyword == jettison_dockerfile::Keyword::From;
    let stages = instructions.iter().filter(|instruction| is_from(instruction.keyword)).count();
    let size = ByteSize(input.snapshot.kept_bytes());
    format!(
        "{} ({}, {}), context {size} in {}",
        input.dockerfile_name,
        counted(stages, "stage"),
        counted(instructions.len(), "instruction"),
        counted(input.snapshot.kept_files(), "file")
    )
}

fn baseline_line(baseline: &Baseline, phases: &[Phase]) -> String {
    let mut parts = times(phases);
    if !baseline.observations.stayed_up {
        let run = phases.iter().find(|phase| phase.activity == "run");
        parts.push(run.map_or("not run".to_owned(), |phase| phase.detail.clone()));
        return parts.join(" · ");
    }
    parts.push("runs".to_owned());
    let ports: Vec<String> = baseline.measurements.ports.iter().map(|port| format!(":{port}")).collect();
    parts.push(if ports.is_empty() { "no port".to_owned() } else { format!("listens on {}", ports.join(", ")) });
    if baseline.probes > 0 {
        parts.push(format!("{} recorded", counted(baseline.probes, "probe")));
    }
    if baseline.reachable == 5 {
        parts.push("smoke command passes".to_owned());
    }
    parts.join(" · ")
}

/// `built in 41.3 s`, `rebuilt in 0.3 s`
fn times(phases: &[Phase]) -> Vec<String> {
    let told = |phase: &Phase| {
        let verb = match phase.activity.as_str() {
            "build" | "cold build" => "built",
            "warm rebuild" => "rebuilt",
            _ => return None,
        };
        Some(format!("{verb} in {}", seconds(phase.seconds, Evidence::Measured)))
    };
    phases.iter().filter_map(told).collect()
}

/// `6 of 6 probes equal`
fn probes_equal(verdict: &Verdict) -> Option<String> {
    // `GET /`; all other checks have names in lower case
    let is_request = |name: &str| name.starts_with(|first: char| first.is_ascii_uppercase());
    let requests = verdict.checks.iter().filter(|check| is_request(&check.name));
    let (all, equal) = requests.fold((0, 0), |(all, equal), check| (all + 1, equal + usize::from(check.passed)));
    (all > 0).then(|| format!("{equal} of {} equal", counted(all, "probe")))
}

/// `1 file`, `1,204 files`
fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}
