//! What a candidate must show, and the level that it takes. DESIGN §6, `verified`.

use std::collections::BTreeSet;

use jettison_plan::{Obligation, Proposal, Status};

use crate::{Baseline, Level};

/// What must hold of a candidate with all of the proposal's applied steps, each once, in order. What several exceptions mean
/// together is the prover's business.
pub fn obligations_of(proposal: &Proposal) -> Vec<Obligation> {
    let applied = proposal.steps.iter().filter(|report| report.status == Status::Applied);
    let all: BTreeSet<&Obligation> =
        applied.flat_map(|report| &report.obligations).chain([&Obligation::Builds]).collect();
    all.into_iter().cloned().collect()
}

/// The level below which a candidate is not called verified: 2; 3 if the original listened on a port; 4 if a step needs equal
/// answers and the original gave answers to compare.
pub fn required_level(baseline: &Baseline, obligations: &[Obligation]) -> Level {
    if baseline.reachable >= 4 && obligations.contains(&Obligation::SameBehaviour { answers: true }) {
        return 4;
    }
    if baseline.observations.ports.is_empty() { 2 } else { 3 }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jettison_facts::Observations;
    use jettison_plan::{Step, StepReport};

    use super::*;
    use crate::Measurements;

    fn step(status: Status, obligations: Vec<Obligation>) -> StepReport {
        let step = Step { id: "any".to_owned(), part: None };
        StepReport {
            step,
            title: String::new(),
            status,
            reason: String::new(),
            place: None,
            estimate: None,
            obligations,
        }
    }

    fn fields(names: &[&str]) -> Obligation {
        Obligation::SameConfigExcept(names.iter().map(|&name| name.to_owned()).collect())
    }

    #[test]
    fn steps_ask_once_and_dropped_ones_for_nothing() {
        let answers = Obligation::SameBehaviour { answers: true };
        let steps = vec![
            step(Status::Applied, vec![Obligation::Builds, fields(&["User"]), answers.clone()]),
            step(Status::Applied, vec![fields(&["Cmd"]), answers.clone()]),
            step(Status::Dropped, vec![Obligation::NonRoot]),
        ];
        let proposal = Proposal { steps, ..Proposal::default() };
        assert_eq!(obligations_of(&proposal), [Obligation::Builds, fields(&["Cmd"]), fields(&["User"]), answers]);
    }

    #[test]
    fn every_candidate_must_build() {
        assert_eq!(obligations_of(&Proposal::default()), [Obligation::Builds]);
    }

    #[test]
    fn the_level_asked_for_grows_with_ports_and_answers() {
        let baseline = |reachable, ports: &[u16]| Baseline {
            measurements: Measurements::default(),
            observations: Arc::new(Observations { ports: ports.to_vec(), ..Observations::default() }),
            probes: 0,
            reachable,
            not_checked: Vec::new(),
        };
        let answers = [Obligation::SameBehaviour { answers: true }];
        assert_eq!(required_level(&baseline(2, &[]), &answers), 2, "a batch job");
        assert_eq!(required_level(&baseline(3, &[5432]), &answers), 3, "a port that speaks no HTTP");
        assert_eq!(required_level(&baseline(4, &[80]), &[]), 3, "no step needs answers");
        assert_eq!(required_level(&baseline(5, &[80]), &answers), 4);
    }
}
