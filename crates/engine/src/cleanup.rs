//! What of ours is left on an engine, and taking it away. Never touches what does not carry our label, nor what belongs to
//! a run that may still be alive.
//!
//! Images that we build carry the label in their config (`--label`): comparisons leave it out. A name that the user gives
//! to such an image is the user's and stays.

mod run_id;

use std::sync::Arc;

pub use run_id::RunId;
use run_id::{Life, now};

use crate::{Engine, Error, process};

/// The label that everything of ours carries; its value is the run's id.
pub const RUN_LABEL: &str = "jettison.run";

/// What other machines (or other PID namespaces) left on a shared engine is taken away after this many seconds: nobody here
/// can see whether its run still lives.
const FOREIGN_AGE: u64 = 24 * 3600;

/// Something of ours on the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftovers {
    /// Whose.
    pub run: RunId,
    /// `container`, `network`, `image`, `volume`.
    pub kind: &'static str,
    /// Id or name.
    pub id: String,
}

/// What a sweep did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Gone.
    pub removed: Vec<Leftovers>,
    /// Still there, and the engine's words.
    pub failed: Vec<(Leftovers, String)>,
}

/// Removes containers, networks, volumes and images of `ours` and of dead runs. Runs that live, or that may live on another
/// machine and are younger than a day, keep theirs.
pub fn sweep(engine: &dyn Engine, ours: &RunId) -> Result<Swept, Error> {
    remove(engine, |run| run == ours || is_dead(run))
}

fn is_dead(run: &RunId) -> bool {
    match run.life() {
        Life::Dead => true,
        Life::Elsewhere { started } => now().saturating_sub(started) > FOREIGN_AGE,
        Life::Alive | Life::NotOurs => false,
    }
}

fn remove(engine: &dyn Engine, chosen: impl Fn(&RunId) -> bool) -> Result<Swept, Error> {
    let mut leftovers = engine.leftovers()?;
    leftovers.retain(|leftover| chosen(&leftover.run));
    // What is in use cannot be removed: containers hold all the others.
    leftovers.sort_by_key(|leftover| match leftover.kind {
        "container" => 0,
        "network" => 1,
        "volume" => 2,
        _ => 3,
    });
    let mut swept = Swept::default();
    // What holds others (a container whose network is shared) cannot go before them: as long as something goes, again.
    loop {
        let before = leftovers.len();
        swept.failed.clear();
        for leftover in std::mem::take(&mut leftovers) {
            match remove_one(engine, &leftover) {
                Ok(()) => swept.removed.push(leftover),
                Err(Error::Interrupted) => return Err(Error::Interrupted),
                Err(error) => {
                    swept.failed.push((leftover.clone(), error.to_string()));
                    leftovers.push(leftover);
                }
            }
        }
        if leftovers.is_empty() || leftovers.len() == before {
            return Ok(swept);
        }
    }
}

fn remove_one(engine: &dyn Engine, leftover: &Leftovers) -> Result<(), Error> {
    match leftover.kind {
        "container" => engine.remove_container(&leftover.id),
        "network" => engine.remove_network(&leftover.id),
        "volume" => engine.remove_volume(&leftover.id),
        _ => engine.remove_image(&leftover.id),
    }
}

/// Removes everything of one run when dropped, also after the user asked to stop and while a panic unwinds.
pub struct Cleanup {
    engine: Arc<dyn Engine>,
    run: RunId,
    done: bool,
}

impl Cleanup {
    /// For this run on this engine.
    pub fn new(engine: Arc<dyn Engine>, run: RunId) -> Self {
        Self { engine, run, done: false }
    }

    /// Cleans now, and says what could not be removed.
    pub fn finish(mut self) -> Result<Swept, Error> {
        self.done = true;
        self.clean()
    }

    fn clean(&self) -> Result<Swept, Error> {
        let _despite_interrupt = process::cleanup_mode();
        remove(self.engine.as_ref(), |run| *run == self.run)
    }
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        if !self.done {
            // What cannot be removed now is removed by the next run.
            let _ = self.clean();
        }
    }
}
