//! One side's numbers, all measured, put together from what was seen.

use std::collections::BTreeSet;

use jettison_context::Snapshot;
use jettison_facts::Observations;
use jettison_optimize::Measurements;

use crate::inventory::Inventory;
use crate::look::Look;
use crate::running::Running;
use crate::warm::Warm;

/// The parts of one side's numbers.
pub(crate) struct Sides<'a> {
    pub look: &'a Look,
    pub snapshot: &'a Snapshot,
    pub running: Option<&'a Running>,
    pub warm: Option<&'a WarmResult>,
}

impl Sides<'_> {
    pub(crate) fn measurements(&self, found: Inventory, cold_seconds: f64) -> Measurements {
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

/// A warm rebuild in figures.
#[derive(Clone, Debug)]
pub(crate) struct WarmResult {
    pub file: String,
    pub seconds: f64,
    pub executed: usize,
    pub executed_runs: usize,
    pub arrived: Option<bool>,
    /// Files made from the edited one that carry its marker.
    pub emitted: Vec<String>,
}

impl WarmResult {
    pub(crate) fn of(warm: &Warm) -> Self {
        Self {
            file: warm.edited.path.clone(),
            seconds: warm.outcome.seconds,
            executed: warm.outcome.executed,
            executed_runs: warm.executed_runs(),
            arrived: warm.edited.arrived(&warm.look),
            emitted: warm.edited.emitted(&warm.look).into_iter().map(str::to_owned).collect(),
        }
    }

    /// As [`WarmResult::of`], for a candidate: where the original's rebuild carried the marker into a file, the candidate's file
    /// of that name must carry it too.
    pub(crate) fn beside(warm: &Warm, original: &WarmResult) -> Self {
        let texts = &warm.look.summary.texts;
        let after = Self::of(warm);
        let lacks = |path: &String| texts.contains_key(path) && !after.emitted.contains(path);
        let arrived = after.arrived.or_else(|| original.emitted.iter().any(lacks).then_some(false));
        Self { arrived, ..after }
    }
}

pub(crate) fn observations(look: &Look, running: &Running) -> Observations {
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
pub(crate) fn unsteady(first: &Look, second: &Look) -> BTreeSet<String> {
    let gone = first.app_files().filter(|(path, _)| !second.summary.files.contains_key(*path));
    gone.map(|(path, _)| path.to_owned()).collect()
}

/// Ports to publish: those it listened on, else those it says it would.
pub(crate) fn ports_of(observed: &[u16], look: &Look) -> Vec<u16> {
    if !observed.is_empty() {
        return observed.to_vec();
    }
    let exposed = look.summary.config.exposed_ports.iter();
    exposed.filter_map(|port| port.strip_suffix("/tcp").unwrap_or(port).parse().ok()).collect()
}
