//! The tar stream on its way from the decompressor to the tar reader: in chunks, which a second thread hashes (the whole
//! stream and the payload of each file) while the first goes on decompressing. A few chunks are under way at most.

use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};

use flate2::write::GzEncoder;
use jettison_model::Digest;
use sha2::{Digest as _, Sha256};

const CHUNK: usize = 256 * 1024;
/// Chunks waiting for a worker; 4 MiB each.
pub(crate) const QUEUE: usize = 16;

/// A chunk and what is in it.
#[derive(Clone)]
pub(crate) struct Batch {
    bytes: Arc<Vec<u8>>,
    marks: Arc<Vec<Mark>>,
}

enum Mark {
    Begin,
    Bytes(usize, usize),
    /// A hole of a sparse file.
    Zeros(u64),
    End(usize),
}

/// The stream, with marks where payloads begin and end.
pub(crate) struct Hashed<R> {
    inner: R,
    chunk: Arc<Vec<u8>>,
    at: usize,
    marks: Vec<Mark>,
    in_payload: bool,
    workers: Vec<SyncSender<Batch>>,
    total: u64,
    limit: u64,
}

/// The stream is longer than its limit.
#[derive(Debug, thiserror::Error)]
#[error("the stream is longer than {0} bytes")]
pub(crate) struct TooLong(pub(crate) u64);

impl<R: Read> Hashed<R> {
    /// Fails with [`TooLong`] after `limit` bytes.
    pub(crate) fn new(inner: R, workers: Vec<SyncSender<Batch>>, limit: u64) -> Self {
        Self { inner, chunk: Arc::default(), at: 0, marks: Vec::new(), in_payload: false, workers, total: 0, limit }
    }

    /// What is read from here on is content.
    pub(crate) fn begin(&mut self) {
        self.marks.push(Mark::Begin);
        self.in_payload = true;
    }

    /// The content has a hole here.
    pub(crate) fn zeros(&mut self, bytes: u64) {
        self.marks.push(Mark::Zeros(bytes));
    }

    /// The content was that of `entry`.
    pub(crate) fn end(&mut self, entry: usize) {
        self.marks.push(Mark::End(entry));
        self.in_payload = false;
    }

    /// Bytes read.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// Hands the rest to the workers, who then end.
    pub(crate) fn finish(mut self) -> R {
        self.hand_over();
        self.inner
    }

    fn hand_over(&mut self) {
        if self.chunk.is_empty() && self.marks.is_empty() {
            return;
        }
        let batch = Batch { bytes: std::mem::take(&mut self.chunk), marks: Arc::new(std::mem::take(&mut self.marks)) };
        for worker in &self.workers {
            // A worker only ends before its channel does if it panicked, which joining it will tell.
            let _ = worker.send(batch.clone());
        }
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        self.hand_over();
        self.at = 0;
        let mut chunk = vec![0; CHUNK];
        let mut filled = 0;
        while let Some(room) = chunk.get_mut(filled..).filter(|room| !room.is_empty()) {
            match self.inner.read(room) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        chunk.truncate(filled);
        self.total = self.total.saturating_add(filled as u64);
        if self.total > self.limit {
            return Err(io::Error::other(TooLong(self.limit)));
        }
        self.chunk = Arc::new(chunk);
        Ok(())
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Hashed<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.chunk.len() {
            self.next_chunk()?;
        }
        Ok(self.chunk.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        let end = self.at.saturating_add(count).min(self.chunk.len());
        if self.in_payload && end > self.at {
            match self.marks.last_mut() {
                Some(Mark::Bytes(_, last)) if *last == self.at => *last = end,
                _ => self.marks.push(Mark::Bytes(self.at, end)),
            }
        }
        self.at = end;
    }
}

/// Digests of a stream: its own and those of the payloads in it.
pub(crate) struct Hashes {
    pub(crate) stream: Digest,
    pub(crate) contents: Vec<(usize, [u8; 32])>,
}

/// Hashes until the sender is gone.
pub(crate) fn hash(batches: Receiver<Batch>) -> Hashes {
    let (mut stream, mut content, mut contents) = (Sha256::new(), Sha256::new(), Vec::new());
    for batch in batches {
        stream.update(batch.bytes.as_slice());
        for mark in batch.marks.iter() {
            match mark {
                Mark::Begin => content = Sha256::new(),
                Mark::Bytes(start, end) => content.update(batch.bytes.get(*start..*end).unwrap_or_default()),
                Mark::Zeros(count) => hash_zeros(&mut content, *count),
                Mark::End(entry) => contents.push((*entry, content.finalize_reset().into())),
            }
        }
    }
    Hashes { stream: Digest::sha256(&stream.finalize()), contents }
}

fn hash_zeros(content: &mut Sha256, mut count: u64) {
    const ZEROS: [u8; 4096] = [0; 4096];
    while count > 0 {
        let step = count.min(ZEROS.len() as u64);
        content.update(ZEROS.get(..step as usize).unwrap_or_default());
        count -= step;
    }
}

/// The length of the stream as `gzip -6` (ours) stores it. Only the first `limit` bytes are compressed; the rest is reckoned
/// to do as well as they.
pub(crate) fn gzip_length(batches: Receiver<Batch>, limit: u64) -> u64 {
    use io::Write;
    let mut encoder = GzEncoder::new(Counter(0), flate2::Compression::new(6));
    let (mut tried, mut total) = (0u64, 0u64);
    for batch in batches {
        total = total.saturating_add(batch.bytes.len() as u64);
        if tried < limit {
            tried = total;
            // The counter never fails.
            let _ = encoder.write_all(&batch.bytes);
        }
    }
    let length = encoder.finish().map_or(0, |counter| counter.0);
    if tried == total { length } else { (u128::from(length) * u128::from(total) / u128::from(tried.max(1))) as u64 }
}

struct Counter(u64);

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len() as u64);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
