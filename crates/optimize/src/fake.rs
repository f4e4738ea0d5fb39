//! A prover that builds nothing: rules over the candidate's files decide, and every call is on record. For tests of whatever
//! uses a [`Prover`].

use std::sync::Arc;

use jettison_facts::Observations;
use jettison_image::Sizes;
use jettison_plan::{Files, Obligation};

use crate::{Baseline, Conviction, Measurements, ProveError, Prover, Verdict};

/// One call of the prover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// `baseline`.
    Baseline,
    /// `prove`: label and what was asked.
    Prove(String, Files, Vec<Obligation>),
    /// `measure`.
    Measure(Files, Vec<Obligation>),
}

/// Says what breaks a candidate; none if it holds.
pub type Rule = Box<dyn Fn(&Files) -> Option<Conviction>>;

/// A prover made of rules.
pub struct FakeProver {
    /// What `baseline` answers.
    pub baseline: Baseline,
    /// Against `prove` and `measure`.
    pub fails: Rule,
    /// Against `measure` only.
    pub fails_measured: Rule,
    /// A candidate's numbers.
    pub numbers: Box<dyn Fn(&Files) -> Measurements>,
    /// Called before each call but the baseline's, with the number of calls so far; its error is the answer.
    pub stop: Box<dyn Fn(usize) -> Option<ProveError>>,
    /// What was asked, in order.
    pub calls: Vec<Call>,
}

impl FakeProver {
    /// A prover for an app with answers to compare, of which every candidate holds. An image is as large as its Dockerfile.
    pub fn new(original: &Files) -> Self {
        let numbers = |files: &Files| {
            let unpacked = files.dockerfile.len() as u64;
            Measurements { sizes: Sizes { unpacked, ..Sizes::default() }, ..Measurements::default() }
        };
        let observations = Observations { ports: vec![8000], stayed_up: true, ..Observations::default() };
        Self {
            baseline: Baseline {
                measurements: numbers(original),
                observations: Arc::new(observations),
                probes: 3,
                reachable: 4,
                not_checked: Vec::new(),
            },
            fails: Box::new(|_| None),
            fails_measured: Box::new(|_| None),
            numbers: Box::new(numbers),
            stop: Box::new(|_| None),
            calls: Vec::new(),
        }
    }

    /// The files that were built to be proven only, in order.
    pub fn proven_files(&self) -> Vec<&Files> {
        self.calls
            .iter()
            .filter_map(|call| if let Call::Prove(_, files, _) = call { Some(files) } else { None })
            .collect()
    }

    /// The files that were measured, in order.
    pub fn measured_files(&self) -> Vec<&Files> {
        self.calls
            .iter()
            .filter_map(|call| if let Call::Measure(files, _) = call { Some(files) } else { None })
            .collect()
    }

    fn verdict(&self, files: &Files, conviction: Option<Conviction>) -> Verdict {
        Verdict {
            level: if conviction.is_none() { self.baseline.reachable } else { 1 },
            holds: conviction.is_none(),
            conviction,
            sizes: Some((self.numbers)(files).sizes),
            checks: Vec::new(),
        }
    }

    fn call(&mut self, call: Call) -> Result<(), ProveError> {
        let stopped = (self.stop)(self.calls.len());
        self.calls.push(call);
        stopped.map_or(Ok(()), Err)
    }
}

impl Prover for FakeProver {
    fn baseline(&mut self) -> Result<Baseline, ProveError> {
        self.calls.push(Call::Baseline);
        Ok(self.baseline.clone())
    }

    fn prove(&mut self, label: &str, files: &Files, obligations: &[Obligation]) -> Result<Verdict, ProveError> {
        self.call(Call::Prove(label.to_owned(), files.clone(), obligations.to_vec()))?;
        Ok(self.verdict(files, (self.fails)(files)))
    }

    fn measure(
        &mut self,
        _: &str,
        files: &Files,
        obligations: &[Obligation],
    ) -> Result<(Measurements, Verdict), ProveError> {
        self.call(Call::Measure(files.clone(), obligations.to_vec()))?;
        let conviction = (self.fails)(files).or_else(|| (self.fails_measured)(files));
        Ok(((self.numbers)(files), self.verdict(files, conviction)))
    }
}
