//! The tar stream on its way from the decompressor to the tar reader, in chunks. On the way it is hashed (the whole stream,
//! and the payload being read), counted, and its place in the stored blob is kept, chunk by chunk.

use std::io::{self, BufRead, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use sha2::{Digest as _, Sha256};

use crate::blob::Blob;
use crate::contents::{ContentHash, ContentHasher};
use crate::packages::Inspector;

/// Fits into a core's second-level cache with room to spare: what has been read is still there when it is hashed and parsed.
const CHUNK: usize = 128 * 1024;
/// Chunks on their way to a worker and back: what a stream holds at most is this many and two.
const QUEUE: usize = 16;

/// Something that wants every chunk of the stream, on a thread of its own.
pub(crate) struct Worker {
    chunks: SyncSender<Vec<u8>>,
    used: Receiver<Vec<u8>>,
}

/// The worker's end: chunks to read, and where they go back to.
pub(crate) struct Chunks {
    chunks: Receiver<Vec<u8>>,
    used: SyncSender<Vec<u8>>,
}

impl Worker {
    pub(crate) fn new() -> (Self, Chunks) {
        let (send, chunks) = sync_channel(QUEUE);
        let (used, back) = sync_channel(QUEUE + 2);
        (Self { chunks: send, used: back }, Chunks { chunks, used })
    }
}

impl Chunks {
    /// Shows every chunk to `see` until the stream is at its end.
    pub(crate) fn each(self, mut see: impl FnMut(&[u8])) {
        for chunk in self.chunks {
            see(&chunk);
            // Nobody takes it back once the stream has ended.
            let _ = self.used.try_send(chunk);
        }
    }
}

/// What becomes of the stream's chunks.
#[derive(Default)]
pub(crate) struct Seen {
    /// They are hashed when they are read.
    pub(crate) hash: Option<Sha256>,
    /// It gets them when they have been parsed.
    pub(crate) worker: Option<Worker>,
}

/// The stream.
pub(crate) struct Stream<'a> {
    blob: Blob<'a>,
    chunk: Vec<u8>,
    at: usize,
    seen: Seen,
    content: Option<ContentHasher>,
    /// Watches the payload being read.
    inspector: Inspector,
    /// Comes after the chunk.
    failure: Option<io::Error>,
    /// Bytes read, the whole chunk among them.
    total: u64,
    limit: u64,
    /// Bytes of the blob read before the chunk, and with it.
    stored: (u64, u64),
}

/// The stream is longer than its limit.
#[derive(Debug, thiserror::Error)]
#[error("the stream is longer than {0} bytes")]
pub(crate) struct TooLong(pub(crate) u64);

impl<'a> Stream<'a> {
    /// Fails with [`TooLong`] after `limit` bytes; what is in `chunk` does not matter.
    pub(crate) fn new(blob: Blob<'a>, seen: Seen, limit: u64, mut chunk: Vec<u8>) -> Self {
        chunk.clear();
        Self {
            blob,
            chunk,
            at: 0,
            seen,
            content: None,
            inspector: Inspector::Idle,
            failure: None,
            total: 0,
            limit,
            stored: (0, 0),
        }
    }

    /// What is read from here on is content.
    pub(crate) fn begin(&mut self) {
        self.content = Some(ContentHasher::new());
    }

    /// The same is shown to `inspector`.
    pub(crate) fn inspect(&mut self, inspector: Inspector) {
        self.inspector = inspector;
    }

    /// Who has seen the content since [`Stream::inspect`].
    pub(crate) fn inspected(&mut self) -> Inspector {
        std::mem::replace(&mut self.inspector, Inspector::Idle)
    }

    /// The content has a hole here.
    pub(crate) fn zeros(&mut self, bytes: u64) {
        if let Some(content) = &mut self.content {
            content.zeros(bytes);
        }
    }

    /// The hash of the content since [`Stream::begin`].
    pub(crate) fn end(&mut self) -> Option<ContentHash> {
        self.content.take().map(ContentHasher::finish)
    }

    /// Bytes of the whole stream, once it has been read.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// The place in the blob that belongs to where we are in the stream, in bytes; exact at the ends of chunks, in
    /// proportion between them.
    pub(crate) fn stored_at(&self) -> u64 {
        let (from, to) = self.stored;
        let (length, chunk) = (to - from, self.chunk.len() as u64);
        if length == chunk {
            return from + self.at as u64;
        }
        // What one chunk was made from stays far below 2^47 bytes, where this would saturate.
        let share = length.saturating_mul(self.at as u64);
        from + share.checked_div(chunk).unwrap_or(0)
    }

    /// The blob, for what is left of it, the stream's hash if it was made here, and a buffer that has done its work.
    pub(crate) fn finish(mut self) -> (Blob<'a>, Option<Sha256>, Vec<u8>) {
        self.hand_over();
        (self.blob, self.seen.hash, self.chunk)
    }

    /// Gives the chunk away and leaves one that can be filled.
    fn hand_over(&mut self) {
        let Some(worker) = self.seen.worker.as_ref().filter(|_| !self.chunk.is_empty()) else { return };
        // A worker only ends before its channel does if it panicked, which joining it will tell.
        let _ = worker.chunks.send(std::mem::take(&mut self.chunk));
        self.chunk = worker.used.try_recv().unwrap_or_default();
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        self.hand_over();
        self.at = 0;
        if let Some(failure) = self.failure.take() {
            self.chunk.clear();
            return Err(failure);
        }
        self.chunk.resize(CHUNK, 0);
        let filled = self.fill();
        self.chunk.truncate(filled);
        self.total = self.total.saturating_add(filled as u64);
        if self.total > self.limit {
            return Err(io::Error::other(TooLong(self.limit)));
        }
        self.stored = (self.stored.1, self.blob.position().max(self.stored.1));
        if let Some(hash) = &mut self.seen.hash {
            hash.update(&self.chunk);
        }
        match self.failure.take_if(|_| filled == 0) {
            Some(failure) => Err(failure),
            None => Ok(()),
        }
    }

    /// Reads until the chunk is full, the blob at its end, or something fails.
    fn fill(&mut self) -> usize {
        let mut filled = 0;
        while let Some(room) = self.chunk.get_mut(filled..).filter(|room| !room.is_empty()) {
            match self.blob.read(room) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failure = Some(error);
                    break;
                }
            }
        }
        filled
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Stream<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.chunk.len() {
            self.next_chunk()?;
        }
        Ok(self.chunk.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        let end = self.at.saturating_add(count).min(self.chunk.len());
        if let Some(content) = &mut self.content {
            let bytes = self.chunk.get(self.at..end).unwrap_or_default();
            content.update(bytes);
            self.inspector.feed(bytes);
        }
        self.at = end;
    }
}
