//! The obligations of several steps as one candidate's, and the level they ask for. DESIGN §6, `verified`.

use std::collections::BTreeSet;

use jettison_plan::{Obligation, Proposal, Status};

use crate::{Baseline, Level};

/// What must hold of a candidate with all of the proposal's applied steps: exceptions are united, since each step excuses
/// its own changes; everything else is asked for once. A step that says nothing of files or config excuses nothing.
pub fn merged_obligations(proposal: &Proposal) -> Vec<Obligation> {
    let (mut config, mut files, mut answers) = (None::<BTreeSet<String>>, None::<BTreeSet<String>>, None::<bool>);
    let mut merged = BTreeSet::from([Obligation::Builds]);
    let applied = proposal.steps.iter().filter(|report| report.status == Status::Applied);
    for obligation in applied.flat_map(|report| &report.obligations) {
        match obligation {
            Obligation::SameConfigExcept(fields) => config.get_or_insert_default().extend(fields.iter().cloned()),
            Obligation::SameFilesExcept(prefixes) => files.get_or_insert_default().extend(prefixes.iter().cloned()),
            Obligation::SameBehaviour { answers: asked } => *answers.get_or_insert(false) |= asked,
            other => {
                merged.insert(other.clone());
            }
        }
    }
    merged.extend(config.map(|fields| Obligation::SameConfigExcept(fields.into_iter().collect())));
    merged.extend(files.map(|prefixes| Obligation::SameFilesExcept(prefixes.into_iter().collect())));
    merged.extend(answers.map(|answers| Obligation::SameBehaviour { answers }));
    merged.into_iter().collect()
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
    fn exceptions_are_united_and_dropped_steps_ask_for_nothing() {
        let steps = vec![
            step(
                Status::Applied,
                vec![Obligation::Builds, fields(&["User"]), Obligation::SameBehaviour { answers: false }],
            ),
            step(Status::Applied, vec![fields(&["Cmd", "User"]), Obligation::SameBehaviour { answers: true }]),
            step(Status::Dropped, vec![Obligation::NonRoot]),
        ];
        let proposal = Proposal { steps, ..Proposal::default() };
        let expected = [Obligation::Builds, fields(&["Cmd", "User"]), Obligation::SameBehaviour { answers: true }];
        assert_eq!(merged_obligations(&proposal), expected);
    }

    #[test]
    fn every_candidate_must_build() {
        assert_eq!(merged_obligations(&Proposal::default()), [Obligation::Builds]);
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
