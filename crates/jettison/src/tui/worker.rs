//! The thread that reads images and answers what the screen asks of them. The screen never waits for it: everything goes over
//! two channels, and of trees and reasons only what was asked last is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use jettison_facts::provenance::shown_instruction;
use jettison_image::LayerIndex;
use jettison_transport::Progress as Read;

use super::desk::Desk;
use super::overview::{Overview, Side, Which};
use super::state::{Event, FileRequest, Told};
use crate::cli::ExploreArgs;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::images::{Looked, Opened, Opener, difference, document, matched};
use crate::terminal::{Progress, Seen};

/// What the screen asks.
#[derive(Debug)]
pub enum Request {
    /// A tree.
    Tree(Which),
    /// Why a path or package is there.
    Why(String),
    /// The beginning of a file.
    Read {
        /// Its number: an answer to an earlier one is not shown.
        job: u64,
        /// Which file.
        request: FileRequest,
    },
    /// A file, to be written.
    Write {
        /// Which file.
        request: FileRequest,
        /// Where to.
        to: std::path::PathBuf,
        /// Over what is there.
        replace: bool,
    },
}

/// Where the thread tells.
#[derive(Clone)]
pub struct Teller(pub Sender<Event>);

impl Teller {
    /// A screen that has gone does not listen any more.
    pub fn tell(&self, told: Told) {
        let _ = self.0.send(Event::Told(told));
    }
}

/// Starts the thread; where to ask it.
pub fn start(args: ExploreArgs, environment: Environment, teller: Teller) -> Sender<Request> {
    let (ask, requests) = channel();
    thread::spawn(move || {
        if let Err(failure) = work(&args, &environment, &teller, &requests) {
            teller.tell(Told::Failed(failure));
        }
    });
    ask
}

/// Grows the tree of a layer that has just arrived, beside the reading of the others.
pub fn alone(at: usize, layer: Arc<LayerIndex>, teller: Teller) {
    thread::spawn(move || {
        let tree = super::grow::alone(&layer).map(Arc::new).map_err(|error| error.to_string());
        teller.tell(Told::Tree(Which::Arrived(at), tree));
    });
}

fn work(
    args: &ExploreArgs,
    environment: &Environment,
    teller: &Teller,
    requests: &Receiver<Request>,
) -> Result<(), Failure> {
    let mut opened = Vec::new();
    for (at, typed) in args.images().into_iter().enumerate() {
        teller.tell(Told::Opening(at));
        opened.push(open(args, environment, teller, typed)?);
    }
    teller.tell(Told::Doing("looking into it".to_owned()));
    teller.tell(Told::Bytes { read: 0, whole: 0 });
    let last = opened.len().saturating_sub(1);
    let given = |at: usize| args.dockerfile.as_deref().filter(|_| at == last);
    let found: Vec<_> = opened
        .iter()
        .enumerate()
        .map(|(at, opened)| matched(&opened.image, given(at)))
        .collect::<Result<_, Failure>>()?;
    let layers: Vec<Vec<&LayerIndex>> = opened.iter().map(|opened| opened.image.indexes()).collect();
    let looked = opened
        .iter()
        .zip(&layers)
        .zip(&found)
        .map(|((opened, layers), matched)| Looked::new(opened, layers, matched))
        .collect::<Result<Vec<_>, Failure>>()?;
    let sides =
        || opened.iter().zip(&looked).zip(&found).map(|((opened, looked), matched)| side(opened, looked, matched));
    let mut sides: Vec<Side> = sides().collect();
    let image = sides.pop().unwrap_or_default();
    let before = match (sides.pop(), &opened[..]) {
        (Some(side), [a, b]) => Some((side, difference(a, b, &[])?)),
        _ => None,
    };
    teller.tell(Told::Loaded(Arc::new(Overview { image, before })));
    let progress = Progress::new(environment, true, false);
    let opener = Opener { args: &args.open, environment, progress: &progress, ends_at_once: false };
    Desk::new(&opened, &looked, &layers, opener).serve(requests, teller);
    Ok(())
}

fn side(opened: &Opened, looked: &Looked<'_>, matched: &crate::images::Matched) -> Side {
    let mut steps = document::history(opened, &looked.stack().layers, matched);
    steps.reverse();
    Side {
        report: looked.document(0),
        layers: opened.image.layers.iter().map(|layer| layer.index.clone()).collect(),
        steps,
    }
}

fn open(args: &ExploreArgs, environment: &Environment, teller: &Teller, typed: &str) -> Result<Opened, Failure> {
    let watcher = Watcher { teller: teller.clone(), read: AtomicU64::new(0), whole: AtomicU64::new(0) };
    let progress = Progress::watched(environment, Box::new(move |seen| watcher.see(seen)));
    let opener = Opener { args: &args.open, environment, progress: &progress, ends_at_once: false };
    opener.open(typed)
}

/// Tells the screen how far the reading is, in steps that are worth drawing.
struct Watcher {
    teller: Teller,
    read: AtomicU64,
    whole: AtomicU64,
}

impl Watcher {
    const STEP: u64 = 2 << 20;

    fn see(&self, seen: Seen<'_>) {
        match seen {
            Seen::Doing(doing) => self.teller.tell(Told::Doing(doing.to_owned())),
            Seen::Reading(Read::Chosen { config, layers }) => {
                let whole = layers.iter().try_fold(0u64, |sum, layer| Some(sum.saturating_add((*layer)?)));
                self.whole.store(whole.unwrap_or(0), Ordering::Relaxed);
                let entries = config.history.iter().filter(|entry| !entry.empty_layer);
                let instructions: Vec<String> = entries.map(|entry| shown_instruction(&entry.created_by)).collect();
                if instructions.len() == layers.len() {
                    self.teller.tell(Told::Instructions(instructions));
                }
            }
            Seen::Reading(Read::Read { bytes, .. }) => {
                let before = self.read.fetch_add(bytes, Ordering::Relaxed);
                let read = before.saturating_add(bytes);
                if before / Self::STEP != read / Self::STEP {
                    self.teller.tell(Told::Bytes { read, whole: self.whole.load(Ordering::Relaxed) });
                }
            }
            Seen::Reading(Read::Arrived { index }) => {
                self.teller.tell(Told::Layer { place: None, index: Arc::clone(index) });
            }
            Seen::Reading(Read::Layer { place, layer }) => {
                self.teller.tell(Told::Layer { place: Some(place), index: layer.index.clone() });
            }
        }
    }
}
