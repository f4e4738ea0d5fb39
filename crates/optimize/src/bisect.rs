//! Finding the step that broke a candidate. Steps stand in canonical order, each applied on the result of those before it, so
//! the last step of a smallest failing prefix is guilty, alone or together with steps before it.

use std::collections::BTreeSet;

use jettison_facts::World;
use jettison_plan::{Proposal, Step, StepReport, Without};

use crate::Verdict;
use crate::budget::Stop;
use crate::prober::{How, Prober};

/// Who makes plans. `plan::propose` in earnest; tests have their own.
pub(crate) trait Planner {
    /// The plan that leaves out the steps `without`.
    fn propose(&self, without: &Without, world: &dyn World) -> Proposal;
}

/// The plan with no steps but `allowed`. Leaving steps out may bring up others (the next base of the ladder); they are left
/// out as well.
pub(crate) fn restricted(planner: &dyn Planner, world: &dyn World, without: &Without, allowed: &[Step]) -> Proposal {
    let mut without = without.clone();
    loop {
        let proposal = planner.propose(&without, world);
        let known = without.len();
        without.extend(proposal.applied().into_iter().filter(|step| !allowed.contains(step)));
        if without.len() == known {
            return proposal;
        }
    }
}

/// Looks for the guilty step of the failing `proposal` over its prefixes: in growing strides from the end, for the boldest steps
/// stand last, then by halves. Prefixes already known to hold are not tried again. `None` if it has no steps.
pub(crate) fn guilty(
    prober: &mut Prober<'_>,
    how: How,
    mut verdict: Verdict,
    proposal: &Proposal,
    prefix: &dyn Fn(&[Step]) -> Proposal,
    on_proven: &mut dyn FnMut(Proposal, Verdict),
) -> Result<Option<(StepReport, Verdict)>, Stop> {
    let steps = proposal.applied();
    let holds_already = |length: &usize| prober.known(how, &prefix(&steps[..*length])).is_some_and(|known| known.holds);
    let mut holds = (1..steps.len()).rev().find(holds_already).unwrap_or(0);
    let mut fails = steps.len();
    let mut stride = Some(1);
    while fails - holds > 1 {
        let middle = match stride {
            Some(stride) if stride <= (fails - holds) / 2 => fails - stride,
            _ => holds + (fails - holds) / 2,
        };
        let candidate = prefix(&steps[..middle]);
        let tried = prober.probe(how, &candidate)?;
        stride = stride.filter(|_| !tried.holds).map(|stride| stride * 2);
        if tried.holds {
            holds = middle;
            on_proven(candidate, tried);
        } else {
            (fails, verdict) = (middle, tried);
        }
    }
    let last = steps.get(holds..fails).and_then(<[Step]>::first);
    let report = last.and_then(|step| proposal.steps.iter().find(|report| report.step == *step));
    Ok(report.map(|report| (report.clone(), verdict)))
}

/// All steps of a proposal, whatever became of them.
pub(crate) fn mentioned(proposal: &Proposal) -> BTreeSet<&Step> {
    proposal.steps.iter().map(|report| &report.step).collect()
}
