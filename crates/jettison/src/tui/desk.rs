//! What answers the screen's questions: trees, reasons, contents of files. On the worker's thread, beside the images.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread;

use jettison_image::{FileKind, LayerIndex};
use jettison_model::ByteSize;
use jettison_transport::FileAt;

use super::extract::{self, Refused};
use super::grow::{self, Alive};
use super::overview::Which;
use super::state::{FileRequest, NotWritten, Told};
use super::text::{name, plain};
use super::tree::{Mark, Tree};
use super::viewer::LIMIT;
use super::worker::{Request, Teller};
use crate::failure::Failure;
use crate::images::{Looked, Opened, Opener, broken};

/// The images and all that is known of them; the last is the one that is looked at.
pub struct Desk<'a> {
    opened: &'a [Opened],
    looked: &'a [Looked<'a>],
    layers: &'a [Vec<&'a LayerIndex>],
    alive: Vec<Alive>,
    opener: Opener<'a>,
}

impl<'a> Desk<'a> {
    /// For one image or two.
    pub fn new(
        opened: &'a [Opened],
        looked: &'a [Looked<'a>],
        layers: &'a [Vec<&'a LayerIndex>],
        opener: Opener<'a>,
    ) -> Self {
        let alive = looked.iter().map(|looked| Alive::new(&looked.analysis().listing)).collect();
        Self { opened, looked, layers, alive, opener }
    }

    /// Answers until nobody asks any more.
    pub fn serve(&self, requests: &Receiver<Request>, teller: &Teller) {
        thread::scope(|scope| {
            while let Ok(first) = requests.recv() {
                let (mut tree, mut why) = (None, None);
                for request in std::iter::once(first).chain(requests.try_iter()) {
                    match request {
                        Request::Tree(which) => tree = Some(which),
                        Request::Why(asked) => why = Some(asked),
                        // these may take long; the rest does not wait for them
                        Request::Read { job, request } => {
                            scope.spawn(move || teller.tell(self.read(job, &request)));
                        }
                        Request::Write { request, to, replace } => {
                            scope.spawn(move || teller.tell(Told::Written(self.write(request, to, replace))));
                        }
                    }
                }
                if let Some(which) = tree {
                    let tree = self.tree(which).map(Arc::new).map_err(|failure| failure.what);
                    teller.tell(Told::Tree(which, tree));
                }
                if let (Some(asked), Some(looked)) = (why, self.looked.last()) {
                    let report = looked.why(&asked);
                    teller.tell(Told::Why(asked, Box::new(report)));
                }
            }
        });
    }

    /// Which of the images a tree is of.
    fn side(&self, which: Which) -> usize {
        match which {
            Which::Before(_) | Which::PackageBefore(_) => 0,
            _ => self.opened.len().saturating_sub(1),
        }
    }

    /// Grows a tree.
    pub fn tree(&self, which: Which) -> Result<Tree, Failure> {
        let side = self.side(which);
        let gone = || Failure::new("there is no such image");
        let (Some(looked), Some(layers), Some(opened)) =
            (self.looked.get(side), self.layers.get(side), self.opened.get(side))
        else {
            return Err(gone());
        };
        let grown = match which {
            Which::Whole => match self.looked {
                [a, b] => Ok(grow::of_two(&a.analysis().listing, &b.analysis().listing)),
                _ => self.whole(looked, layers),
            },
            Which::Layer(place) | Which::Before(place) => {
                grow::of_layer(layers, place, self.alive.get(side).ok_or_else(gone)?)
            }
            Which::Package(at) | Which::PackageBefore(at) => Ok(package(looked, at)),
            Which::Arrived(_) => return Err(gone()),
        };
        grown.map_err(|error| broken(&opened.typed, &error))
    }

    /// Against the base image, where it is known; else against the lowest layer.
    fn whole(&self, looked: &Looked<'_>, layers: &[&LayerIndex]) -> Result<Tree, jettison_image::Error> {
        let known = (0..layers.len()).take_while(|layer| looked.analysis().is_base(*layer) == Some(true)).count();
        let (base, against) = match known {
            0 => (1, "since the lowest layer"),
            known if known == layers.len() => (known, ""),
            known => (known, "since the base image"),
        };
        let (tree, waste) = (&looked.analysis().listing, &looked.stack().waste);
        grow::whole(layers, tree, waste, base.min(layers.len()), against)
    }

    fn read(&self, job: u64, request: &FileRequest) -> Told {
        let content = self.find(request).and_then(|(side, at)| {
            let mut bytes = Vec::new();
            self.copy(side, at, LIMIT, &mut bytes)?;
            let size = at.index.entries.get(at.entry).map_or(0, |entry| entry.size);
            Ok((bytes, size))
        });
        Told::File { job, name: request.path.clone(), content }
    }

    fn write(&self, request: FileRequest, to: std::path::PathBuf, replace: bool) -> Result<String, NotWritten> {
        let (side, at) = self.find(&request).map_err(NotWritten::Failed)?;
        let entry = at.index.entries.get(at.entry);
        let is_program = entry.is_some_and(|entry| entry.mode & 0o111 != 0);
        let mut fill = |out: &mut dyn std::io::Write| self.copy(side, at, u64::MAX, out);
        match extract::write(&to, replace, is_program, &mut fill) {
            Ok(()) => {
                let size = ByteSize(entry.map_or(0, |entry| entry.size));
                Ok(format!("{} written to {}, {size}", name(&request.path), plain(&to.to_string_lossy())))
            }
            Err(Refused::There(what)) => Err(NotWritten::There { request, to, what }),
            Err(Refused::Failed(reason)) => Err(NotWritten::Failed(plain(&reason))),
        }
    }

    fn copy(&self, side: usize, at: FileAt<'_>, most: u64, out: &mut dyn std::io::Write) -> Result<(), String> {
        let opened = self.opened.get(side).ok_or("there is no such image")?;
        self.opener.content(opened, at, most, out).map_err(|failure| match failure.next {
            Some(next) => plain(&format!("{}; next: {next}", failure.what)),
            None => plain(&failure.what),
        })
    }

    /// The entry that holds a file's content: the one that the tree names, else the uppermost of that path.
    fn find(&self, request: &FileRequest) -> Result<(usize, FileAt<'a>), String> {
        let is_before = request.mark == Mark::Removed && request.which == Which::Whole && self.opened.len() > 1;
        let side = if is_before { 0 } else { self.side(request.which) };
        let layers = self.layers.get(side).ok_or("there is no such image")?;
        let at = match request.source {
            Some((layer, entry)) => Some((layer as usize, entry as usize)),
            None => uppermost(layers, below(request, layers.len()), &request.path),
        };
        let found = at.and_then(|(layer, entry)| Some(FileAt { layer, index: layers.get(layer)?, entry }));
        found.map(|at| (side, at)).ok_or_else(|| format!("no layer has {} under that name", name(&request.path)))
    }
}

/// How many of the layers may hold what is meant.
fn below(request: &FileRequest, layers: usize) -> usize {
    match request.which {
        Which::Layer(place) | Which::Before(place) if request.mark == Mark::Removed => place,
        _ => layers,
    }
}

fn uppermost(layers: &[&LayerIndex], below: usize, path: &str) -> Option<(usize, usize)> {
    let is_it = |entry: &jettison_image::LayerEntry| entry.kind == FileKind::Regular && entry.path == path;
    let found = |(place, layer): (usize, &&LayerIndex)| Some((place, layer.entries.iter().rposition(is_it)?));
    layers.iter().enumerate().take(below).rev().find_map(found)
}

/// The files of a package, by its place in the document.
fn package(looked: &Looked<'_>, at: usize) -> Tree {
    let inventory = &looked.analysis().inventory;
    let wanted = looked.package_order().get(at).copied();
    grow::of_rows(&looked.analysis().listing, &|row| wanted.is_some() && inventory.owner(row) == wanted)
}
