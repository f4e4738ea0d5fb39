//! One pass over one layer blob: decompress, hash, read tar headers. Nothing is unpacked.

use std::io::{self, Read};
use std::thread::{self, ScopedJoinHandle};

use flate2::write::GzEncoder;
use jettison_model::Digest;
use sha2::{Digest as _, Sha256};

use crate::blob::{Blob, Compression, SourceError};
use crate::stream::{Chunks, Seen, Stream, TooLong, Worker};
use crate::tar::{MemberError, Members};
use crate::walk::Walk;
use crate::{Budget, Error, LayerFault, LayerIndex, Limits, Warning};

/// A layer blob to be read.
pub struct LayerReader<'a> {
    /// For messages: digest or file name.
    pub name: String,
    /// The blob.
    pub blob: Box<dyn Read + 'a>,
}

/// How a layer is read.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// Of which paths the payload is kept.
    pub wanted: &'a dyn Fn(&str) -> bool,
    /// How much it may take.
    pub limits: &'a Limits,
    /// What the image's layers have taken of that together.
    pub budget: &'a Budget,
    /// Whether blob and tar stream are hashed. Contents of files always are.
    pub digests: bool,
    /// Whether hashing gets a thread of its own: done sooner, but not with less work.
    pub threaded: bool,
}

/// Reads one layer; `wanted` says of which paths the payload is kept.
pub fn index_layer(reader: LayerReader<'_>, wanted: &dyn Fn(&str) -> bool) -> Result<LayerIndex, Error> {
    index_layer_within(reader, wanted, &Limits::default())
}

/// As [`index_layer`], with bounds of one's own.
pub fn index_layer_within(
    reader: LayerReader<'_>,
    wanted: &dyn Fn(&str) -> bool,
    limits: &Limits,
) -> Result<LayerIndex, Error> {
    let budget = Budget::default();
    index_layer_as(reader, Reading { wanted, limits, budget: &budget, digests: true, threaded: true })
}

/// As [`index_layer`], as `reading` says.
pub fn index_layer_as(reader: LayerReader<'_>, reading: Reading<'_>) -> Result<LayerIndex, Error> {
    let name = reader.name;
    read(reader.blob, reading).map_err(|stop| match stop {
        MemberError::Fault(reason) => Error::Layer { place: None, layer: name, reason },
        MemberError::Io(error) => Error::Io(error),
    })
}

fn read(source: Box<dyn Read + '_>, reading: Reading<'_>) -> Result<LayerIndex, MemberError> {
    let opened = Blob::open(source, reading.digests).map_err(|error| stream_error(error, "at its start"));
    let (blob, compression) = opened?;
    let gzip = compression == Compression::None && reading.limits.gzip_bytes > 0;
    thread::scope(|scope| {
        let mut seen = Seen::default();
        let mut help = Help::None;
        if gzip {
            let (worker, chunks) = Worker::new();
            let limit = reading.limits.gzip_bytes;
            help = Help::Gzip(scope.spawn(move || gzip_length(chunks, limit)));
            seen.worker = Some(worker);
        } else if reading.digests && reading.threaded {
            let (worker, chunks) = Worker::new();
            help = Help::Hash(scope.spawn(move || hash(chunks)));
            seen.worker = Some(worker);
        }
        if reading.digests && !matches!(help, Help::Hash(_)) {
            seen.hash = Some(Sha256::new());
        }
        let chunk = reading.budget.chunks.take();
        index(Stream::new(blob, seen, reading.limits.unpacked_bytes, chunk), compression, help, reading)
    })
}

/// A thread that works on the chunks.
enum Help<'scope> {
    None,
    Hash(ScopedJoinHandle<'scope, Sha256>),
    Gzip(ScopedJoinHandle<'scope, u64>),
}

fn index(
    stream: Stream<'_>,
    compression: Compression,
    help: Help<'_>,
    reading: Reading<'_>,
) -> Result<LayerIndex, MemberError> {
    let mut members = Members::new(stream);
    let mut walk = Walk::new(reading);
    let walked = walk.run(&mut members);
    let (place, trailing_data) = (members.place(), members.trailing_data);
    let stream = members.into_stream();
    let unpacked_bytes = stream.total();
    let (blob, mut hash, chunk) = stream.finish();
    reading.budget.chunks.give_back(chunk);
    walked.map_err(|stop| located(stop, &place))?;
    let facts = blob.finish().map_err(|error| stream_error(error, "at its end"))?;
    let mut compressed_bytes = facts.stored_bytes;
    match help {
        Help::None => {}
        Help::Hash(thread) => hash = Some(thread.join().map_err(|_| worker_died())?),
        Help::Gzip(thread) => compressed_bytes = thread.join().map_err(|_| worker_died())?,
    }
    let diff_id = hash.map(|hash| Digest::sha256(&hash.finalize()));
    let mut index = std::mem::take(&mut walk.index);
    if trailing_data || facts.trailing_data {
        index.warnings.insert(Warning::TrailingData, None);
    }
    index.digest = facts.digest.or_else(|| diff_id.clone());
    index.diff_id = diff_id;
    index.compression = compression;
    index.stored_bytes = facts.stored_bytes;
    index.compressed_bytes = compressed_bytes;
    index.unpacked_bytes = unpacked_bytes;
    Ok(index)
}

fn hash(chunks: Chunks) -> Sha256 {
    let mut hash = Sha256::new();
    chunks.each(|chunk| hash.update(chunk));
    hash
}

/// The length of the stream as `gzip -6` (ours) stores it. Only the first `limit` bytes are compressed; the rest is reckoned
/// to do as well as they.
fn gzip_length(chunks: Chunks, limit: u64) -> u64 {
    use io::Write;
    let mut encoder = GzEncoder::new(Counter(0), flate2::Compression::new(6));
    let (mut tried, mut total) = (0u64, 0u64);
    chunks.each(|chunk| {
        total = total.saturating_add(chunk.len() as u64);
        if tried < limit {
            tried = total;
            // The counter never fails.
            let _ = encoder.write_all(chunk);
        }
    });
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

/// Names the place in errors of the stream below.
fn located(stop: MemberError, place: &str) -> MemberError {
    match stop {
        MemberError::Io(error) => stream_error(error, place),
        fault => fault,
    }
}

/// Tells a stream that ends early or is broken from a source that failed.
fn stream_error(error: io::Error, place: &str) -> MemberError {
    let place = place.to_owned();
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return MemberError::Fault(LayerFault::Truncated { place });
    }
    if let Some(TooLong(limit)) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
        return MemberError::Fault(LayerFault::TooLarge { what: "unpacked bytes", limit: *limit });
    }
    if SourceError::caused(&error) {
        return MemberError::Io(error);
    }
    MemberError::Fault(LayerFault::CorruptStream { place, reason: error.to_string() })
}

fn worker_died() -> MemberError {
    MemberError::Io(io::Error::other("a hashing thread died"))
}
