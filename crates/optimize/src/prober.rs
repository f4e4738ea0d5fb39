//! Asks the prover, and never twice the same: verdicts are remembered by what was asked.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jettison_plan::{Files, Obligation, Proposal, Step};

use crate::budget::{Budget, Stop};
use crate::{Check, Conviction, Event, Level, Measurements, ProveError, Prover, Verdict, obligations_of};

/// How a candidate is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// Built with caches, run and compared.
    Proof,
    /// Measured like the baseline, for failures that only a cold or warm build shows.
    Measurement,
}

/// What was asked of a candidate, and the answer.
struct Answered<T> {
    obligations: Vec<Obligation>,
    answer: T,
}

/// Answers by files. The same files with other obligations are asked again.
type Memory<T> = HashMap<Files, Answered<T>>;

/// The prover with its memory, its budget and its listener.
pub(crate) struct Prober<'a> {
    pub(crate) prover: &'a mut dyn Prover,
    pub(crate) budget: Budget<'a>,
    pub(crate) on_event: &'a mut dyn FnMut(Event<'_>),
    /// The original, which needs no proof, and the level it shows of itself.
    pub(crate) original: (Files, Level),
    proofs: Memory<Verdict>,
    measurements: Memory<(Measurements, Verdict)>,
    unpacked: BTreeMap<BTreeSet<Step>, u64>,
}

impl<'a> Prober<'a> {
    pub(crate) fn new(
        prover: &'a mut dyn Prover,
        budget: Budget<'a>,
        on_event: &'a mut dyn FnMut(Event<'_>),
        original: (Files, Level),
        unpacked: u64,
    ) -> Self {
        let unpacked = BTreeMap::from([(BTreeSet::new(), unpacked)]);
        let (proofs, measurements) = (HashMap::new(), HashMap::new());
        Self { prover, budget, on_event, original, proofs, measurements, unpacked }
    }

    /// What is already known of a candidate.
    pub(crate) fn known(&self, how: How, proposal: &Proposal) -> Option<Verdict> {
        if proposal.files == self.original.0 {
            return Some(Verdict { level: self.original.1, holds: true, ..Verdict::default() });
        }
        let proof = recall(&self.proofs, proposal);
        if how == How::Proof || proof.is_some_and(|verdict| !verdict.holds) {
            return proof.cloned();
        }
        recall(&self.measurements, proposal).map(|(_, verdict)| verdict.clone())
    }

    /// Proves a candidate. One that needs an image that is not to be had fails; it does not end the search.
    pub(crate) fn prove(&mut self, proposal: &Proposal, bisecting: bool) -> Result<Verdict, Stop> {
        if let Some(verdict) = self.known(How::Proof, proposal) {
            return Ok(verdict);
        }
        let number = self.candidate(proposal, bisecting)?;
        let obligations = obligations_of(proposal);
        let verdict = match self.prover.prove(&format!("candidate {number}"), &proposal.files, &obligations) {
            Err(ProveError::BaseUnavailable { reference, reason, .. }) => without_base(&reference, &reason),
            other => other?,
        };
        (self.on_event)(Event::Checked(&verdict));
        self.note_size(proposal, &verdict);
        self.proofs.insert(proposal.files.clone(), Answered { obligations, answer: verdict.clone() });
        Ok(verdict)
    }

    /// Proves and measures a candidate; counted as a build unless it is known to hold.
    pub(crate) fn measure(&mut self, proposal: &Proposal, bisecting: bool) -> Result<(Measurements, Verdict), Stop> {
        if let Some(known) = recall(&self.measurements, proposal) {
            return Ok(known.clone());
        }
        let is_proven = recall(&self.proofs, proposal).is_some_and(|verdict| verdict.holds);
        let label = if is_proven && !bisecting {
            (self.on_event)(Event::Measuring);
            "winner".to_owned()
        } else {
            format!("candidate {}", self.candidate(proposal, bisecting)?)
        };
        let obligations = obligations_of(proposal);
        let answer = match self.prover.measure(&label, &proposal.files, &obligations) {
            Err(ProveError::BaseUnavailable { reference, reason, .. }) => {
                let verdict = without_base(&reference, &reason);
                let proof = Answered { obligations: obligations.clone(), answer: verdict.clone() };
                self.proofs.insert(proposal.files.clone(), proof);
                (Measurements::default(), verdict)
            }
            other => other?,
        };
        (self.on_event)(Event::Checked(&answer.1));
        self.note_size(proposal, &answer.1);
        self.measurements.insert(proposal.files.clone(), Answered { obligations, answer: answer.clone() });
        Ok(answer)
    }

    /// How a candidate that failed its measurement is to be tried from now on: with caches, which is quick, if it fails there as
    /// well. The rebuild after an edit is part of measuring only.
    pub(crate) fn failing(&mut self, proposal: &Proposal, verdict: Verdict) -> Result<(How, Verdict), Stop> {
        if verdict.conviction.as_ref().is_some_and(|conviction| conviction.phase == "edit") {
            return Ok((How::Measurement, verdict));
        }
        let proof = self.prove(proposal, false)?;
        Ok(if proof.holds { (How::Measurement, verdict) } else { (How::Proof, proof) })
    }

    /// The verdict on a candidate while looking for the guilty step.
    pub(crate) fn probe(&mut self, how: How, proposal: &Proposal) -> Result<Verdict, Stop> {
        match self.known(how, proposal) {
            Some(verdict) => Ok(verdict),
            None if how == How::Proof => self.prove(proposal, true),
            None => self.measure(proposal, true).map(|(_, verdict)| verdict),
        }
    }

    /// Bytes that single steps changed, where two built candidates differ by just that step; negative is a gain.
    pub(crate) fn measured_steps(&self, applied: &[Step]) -> BTreeMap<Step, i64> {
        applied.iter().filter_map(|step| Some((step.clone(), self.measured_step(step)?))).collect()
    }

    fn measured_step(&self, step: &Step) -> Option<i64> {
        let with = self.unpacked.iter().rev().filter(|(steps, _)| steps.contains(step));
        with.filter_map(|(steps, after)| {
            let without = steps.iter().filter(|other| *other != step).cloned().collect();
            self.unpacked.get(&without).map(|before: &u64| difference(*after, *before))
        })
        .next()
    }

    fn candidate(&mut self, proposal: &Proposal, bisecting: bool) -> Result<usize, Stop> {
        let number = self.budget.take()?;
        (self.on_event)(Event::Candidate { number, steps: proposal.applied().len(), bisecting });
        Ok(number)
    }

    fn note_size(&mut self, proposal: &Proposal, verdict: &Verdict) {
        if let Some(sizes) = verdict.sizes {
            self.unpacked.insert(proposal.applied().into_iter().collect(), sizes.unpacked);
        }
    }
}

fn recall<'m, T>(memory: &'m Memory<T>, proposal: &Proposal) -> Option<&'m T> {
    let known = memory.get(&proposal.files)?;
    (known.obligations == obligations_of(proposal)).then_some(&known.answer)
}

fn difference(after: u64, before: u64) -> i64 {
    let signed = |bytes| i64::try_from(bytes).unwrap_or(i64::MAX);
    signed(after).saturating_sub(signed(before))
}

fn without_base(reference: &str, reason: &str) -> Verdict {
    let reason = format!("base image {reference} is not available: {reason}");
    Verdict {
        checks: vec![Check { name: "builds".to_owned(), passed: false, detail: reason.clone() }],
        conviction: Some(Conviction { phase: "build".to_owned(), reason, ..Conviction::default() }),
        ..Verdict::default()
    }
}
