//! What goes in and out of the state: what happens, what the threads tell, what the world has to do.

use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::{KeyEvent, MouseEvent};
use jettison_image::LayerIndex;
use jettison_report::image::WhyReport;

use super::overview::{Overview, Which};
use super::tree::{Mark, Tree};
use crate::failure::Failure;

/// What happens.
#[derive(Debug)]
pub enum Event {
    /// A key.
    Key(KeyEvent),
    /// The mouse.
    Mouse(MouseEvent),
    /// Pasted text.
    Paste(String),
    /// The terminal has another size: columns and rows.
    Resize(u16, u16),
    /// Nothing for a moment.
    Tick,
    /// From the threads.
    Told(Told),
}

/// What the threads tell.
#[derive(Debug)]
pub enum Told {
    /// Another image is being opened; its place among those that were asked for.
    Opening(usize),
    /// What is being done.
    Doing(String),
    /// How much has been read, and of how much, if that is known.
    Bytes { read: u64, whole: u64 },
    /// The instructions of all layers, lowest first.
    Instructions(Vec<String>),
    /// A layer has been read.
    Layer { place: Option<usize>, index: Arc<LayerIndex> },
    /// Everything has been read.
    Loaded(Arc<Overview>),
    /// A tree that was asked for, or why there is none.
    Tree(Which, Result<Arc<Tree>, String>),
    /// Why a path or package is there.
    Why(String, Box<WhyReport>),
    /// The beginning of a file, and how long it is.
    File { job: u64, name: String, content: Result<(Vec<u8>, u64), String> },
    /// A file was written, or not.
    Written(Result<String, NotWritten>),
    /// It cannot go on.
    Failed(Failure),
}

/// Why a file was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotWritten {
    /// There is something of that name.
    There { request: FileRequest, to: PathBuf, what: String },
    /// Anything else, in words.
    Failed(String),
}

/// What the world has to do.
#[derive(Debug, PartialEq)]
pub enum Effect {
    /// End.
    Quit,
    /// End with an error.
    Fail(Failure),
    /// Grow a tree.
    Tree(Which),
    /// Grow the tree of a layer that has just arrived.
    Alone(usize, Arc<LayerKey>),
    /// Say why a path or package is there.
    Why(String),
    /// Read the beginning of a file.
    Read { job: u64, request: FileRequest },
    /// Write a file.
    Write { request: FileRequest, to: PathBuf, replace: bool },
    /// Put a text into the clipboard.
    Copy(String),
    /// Take the mouse or leave it to the terminal.
    Mouse(bool),
}

/// A layer as an effect carries it; equal if it is the same one.
#[derive(Debug)]
pub struct LayerKey(pub Arc<LayerIndex>);

impl PartialEq for LayerKey {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Which file is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRequest {
    /// In which tree.
    pub which: Which,
    /// Its path there.
    pub path: String,
    /// What became of it there.
    pub mark: Mark,
    /// Layer and place of its entry, where the tree knows it.
    pub source: Option<(u32, u32)>,
}
